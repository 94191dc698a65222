"""The forms of a bot and of its routes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from interconnections.admin.json_fields import AdminWithJson
from interconnections.admin.mistaken import AdminOfMistakes
from interconnections.admin.secrets import AdminWithSecrets
from interconnections.models import Bot, Route


class RoutesOfABot(admin.TabularInline):
    model = Route
    extra = 0
    verbose_name_plural = _("Routes: which button each flow leads to (one with an empty flow takes all others)")


@admin.register(Bot)
class BotAdmin(AdminWithSecrets, AdminWithJson, AdminOfMistakes):
    list_display = ("slug", "provider", "platform", "org", "webhook_auth", "state_api")
    list_filter = ("provider", "platform", "org")
    ordering = ("slug",)
    list_select_related = ("org",)
    search_fields = ("slug", "bot_id", "phone")
    autocomplete_fields = ("org",)
    inlines = (RoutesOfABot,)
    fieldsets = (
        (None, {"fields": ("slug", ("provider", "bot_id"), "org")}),
        (
            _("Messages to users"),
            {
                "description": _("The platform that carries what agents say."),
                "fields": ("platform", "api_url", "api_token", ("channel", "phone")),
            },
        ),
        (
            _("Webhooks"),
            {
                "description": _(
                    "How the platform proves that a message is its own. A new bot with a blank secret gets one "
                    "made; registering the webhook over the API hands it over."
                ),
                "fields": (
                    "webhook_auth",
                    "webhook_secret",
                    "verify_token",
                    "ignored_types",
                    "restart_keywords",
                    "intake_limit",
                ),
            },
        ),
        (
            _("The bot takes its user back"),
            {
                "description": _("Told when a conversation is over, with the state to go on from."),
                "fields": (
                    "state_api",
                    "state_url",
                    "state_token",
                    ("success_state", "timeout_state", "blocked_state"),
                    "state_delay",
                ),
            },
        ),
        (
            _("How long users wait"),
            {
                "description": _("Nobody waits for ever: after these the bot has its user back."),
                "fields": ("ask_availability", ("waiting_limit", "drop_limit"), ("user_limit", "agent_limit")),
            },
        ),
        (
            _("Limits of delivery"),
            {
                "description": _("When a message is given up, and how fast messages may go."),
                "fields": (
                    ("delivery_limit", "goodbye_limit"),
                    ("sends_per_second", "pair_burst", "pair_seconds"),
                ),
            },
        ),
        (
            _("Words and habits"),
            {
                "fields": (
                    ("language", "timezone"),
                    "texts",
                    "flow_field",
                    ("case_origin", "phone_prefixes"),
                    "media_hosts",
                )
            },
        ),
    )


@admin.register(Route)
class RouteAdmin(AdminOfMistakes):
    list_display = ("bot", "flow_or_other", "button_id", "owner_id", "subject")
    list_filter = ("bot",)
    list_select_related = ("bot",)
    search_fields = ("bot__slug", "flow", "button_id")
    autocomplete_fields = ("bot",)
    fields = ("bot", "flow", "button_id", "owner_id", "subject")

    @admin.display(description=_("flow"), ordering="flow")
    def flow_or_other(self, route):
        return route.flow or _("every other flow")
