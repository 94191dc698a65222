"""The forms of a bot and of its routes."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from interconnections.admin.checking import check
from interconnections.admin.json_fields import AdminWithJson
from interconnections.admin.mistaken import AdminOfMistakes
from interconnections.admin.pausing import PausesBots
from interconnections.admin.scope import ChoosesGivenBots, OnlyGivenBots
from interconnections.admin.secrets import AdminWithSecrets, FormWithSecrets
from interconnections.admin.steps import AsksInSteps
from interconnections.doctor.one_row import examine_bot
from interconnections.models import Bot, Route
from interconnections.models.bots import asked_by_choice, secret_mistake
from interconnections.models.routes import share_mistakes

ROUTE = ("flow", "org", "share", "button_id", "es_developer_name", "owner_id", "subject")


class RoutesTogether(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if deletes := form.fields.get("DELETE"):
            deletes.widget.attrs["aria-label"] = deletes.label

    def clean(self):
        super().clean()
        kept = [form.instance for form in self.forms if form.has_changed() or form.instance.pk is not None]
        gone = [form.instance for form in self.deleted_forms]
        if not any(self.errors) and (wrong := share_mistakes(route for route in kept if route not in gone)):
            raise ValidationError(wrong)


class RouteForm(forms.ModelForm):
    """One by itself: the others are as they are stored."""

    def clean(self):
        cleaned = super().clean()
        if {"bot", "flow", "org", "share"} <= cleaned.keys() and cleaned["org"]:
            own = Route(org=cleaned["org"], flow=cleaned["flow"], share=cleaned["share"])
            others = cleaned["bot"].routes.filter(flow=own.flow).exclude(pk=self.instance.pk)
            if wrong := share_mistakes([own, *others]):
                self.add_error("share", wrong)
        return cleaned


class RoutesOfABot(ChoosesGivenBots, admin.TabularInline):
    model = Route
    formset = RoutesTogether
    fields = ROUTE
    classes = ("step-3",)
    autocomplete_fields = ("org",)
    extra = 0
    verbose_name_plural = _(
        "Routes: where each flow leads (one with an empty flow takes all others; with an org of its own, its share "
        "of them)"
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Columns have headings, their boxes no label: each is named, for who hears the page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            widget = getattr(field.widget, "widget", field.widget)  # of a choice with links beside it the choice
            widget.attrs["aria-label"] = field.label
        return field


class BotForm(FormWithSecrets):
    """A new bot gets a secret made where none is typed; not where only the platform can say what it is."""

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is None and "webhook_secret" not in cleaned:
            wanted = secret_mistake(cleaned.get("platform", ""), cleaned.get("webhook_auth", ""))
            if wanted:
                self.add_error("webhook_secret", wanted)
        return cleaned


@admin.register(Bot)
class BotAdmin(AsksInSteps, PausesBots, OnlyGivenBots, AdminWithSecrets, AdminWithJson, AdminOfMistakes):
    form = BotForm
    list_display = ("slug", "provider", "platform", "org", "webhook_auth", "state_api", "pause")
    list_filter = ("provider", "platform", "org")
    ordering = ("slug",)
    list_select_related = ("org",)
    search_fields = ("slug", "bot_id", "phone")
    autocomplete_fields = ("org",)
    inlines = (RoutesOfABot,)
    actions = ("ask_platform",)
    step_titles = (_("What it is"), _("How it is reached"), _("Routes"), _("Limits and words"))
    asked = asked_by_choice()
    examine = staticmethod(examine_bot)
    fieldsets = (
        (None, {"classes": ("step-1",), "fields": ("slug", ("provider", "platform"), "state_api", "org")}),
        (
            _("Messages to users"),
            {
                "classes": ("step-2",),
                "description": _("The platform that carries what agents say."),
                "fields": ("bot_id", "api_url", "api_token", ("channel", "phone")),
            },
        ),
        (
            _("Meta"),
            {
                "classes": ("step-2",),
                "description": _("For bots that speak to Meta without a platform in between."),
                "fields": (
                    ("graph_version", "app_id"),
                    ("reopen_template", "reopen_language"),
                    "human_agent",
                    ("thread_control", "bot_app_id"),
                ),
            },
        ),
        (
            _("Webhooks"),
            {
                "classes": ("step-2",),
                "description": _(
                    "How the platform proves that a message is its own. A new bot with a blank secret gets one "
                    "made, which registering the webhook over the API hands over; Meta's is the App secret."
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
            _("Front mode"),
            {
                "classes": ("step-2",),
                "description": _("One webhook for bridge and bot: what belongs to no chat goes on to the bot."),
                "fields": ("forward_url", "forward_secret"),
            },
        ),
        (
            _("The bot takes its user back"),
            {
                "classes": ("step-2",),
                "description": _("Told when a conversation is over, with the state to go on from."),
                "fields": (
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
                "classes": ("step-4",),
                "description": _("Nobody waits for ever: after these the bot has its user back."),
                "fields": ("ask_availability", ("waiting_limit", "drop_limit"), ("user_limit", "agent_limit")),
            },
        ),
        (
            _("Limits of delivery"),
            {
                "classes": ("step-4",),
                "description": _("When a message is given up, and how fast messages may go."),
                "fields": (
                    ("delivery_limit", "goodbye_limit"),
                    ("sends_per_second", "pair_burst", "pair_seconds"),
                ),
            },
        ),
        (
            _("What is kept"),
            {
                "classes": ("step-4",),
                "description": _("How long the bridge remembers; then it is gone for good."),
                "fields": (("retention_days", "context_hours"),),
            },
        ),
        (
            _("Words and habits"),
            {
                "classes": ("step-4",),
                "fields": (
                    ("language", "timezone"),
                    "texts",
                    "flow_field",
                    ("case_origin", "phone_prefixes"),
                    "media_hosts",
                ),
            },
        ),
    )

    @admin.action(description=_("Check: ask the platform and the bot whether this works"), permissions=["change"])
    def ask_platform(self, request, chosen):
        check(self, request, chosen, examine_bot)

    @admin.display(description=_("paused"))
    def pause(self, bot):
        return bot.pause_text or _("paused") if bot.paused else ""


@admin.register(Route)
class RouteAdmin(OnlyGivenBots, AdminOfMistakes):
    slug_at = ("bot__slug",)
    form = RouteForm
    list_display = ("bot", "flow_or_other", "org", "share", "button_id", "es_developer_name", "owner_id", "subject")
    list_filter = ("bot",)
    list_select_related = ("bot", "bot__org", "org")
    search_fields = ("bot__slug", "flow", "button_id")
    autocomplete_fields = ("bot", "org")
    fields = ("bot", *ROUTE)

    @admin.display(description=_("flow"), ordering="flow")
    def flow_or_other(self, route):
        return route.flow or _("every other flow")
