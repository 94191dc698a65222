"""A bot, its limits and its words.

Every field has a default, so that a fixture need only name what it means.  `clean()` says what to do about a
value that would not work; loaddata skips it, and connect refuses such a bot with the same sentences.
"""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from interconnections import texts
from interconnections.models.fields import ListField, SecretField, Unreadable
from interconnections.models.natural import ByNaturalKey
from interconnections.models.orgs import SalesforceOrg
from interconnections.models.readable import readable
from interconnections.models.validation import check, origin, raise_if, timezones, web_address
from interconnections.platforms import PLATFORMS, STATE_APIS
from interconnections.secret import NO_KEY_OPENS_IT


def new_secret():
    return secrets.token_urlsafe(32)


def secret_mistake(platform, webhook_auth):
    """Of a secret that would be made up: why that one would not fit; "" where it does."""
    known = PLATFORMS.get(platform)
    if known is None or not known.gives_secret or webhook_auth != Bot.WebhookAuth.SIGNATURE:
        return ""
    return _("%s signs with a secret of its own: give the App secret, from App settings → Basic.") % known.label


def default_prefixes():
    return ["521", "52"]


def platform_choices():
    """Those whose code is there; asked anew each time, so that one more needs no migration."""
    return [(name, platform.label) for name, platform in PLATFORMS.items()]


def state_api_choices():
    return [("", _("the bot is not told")), *((name, api.label) for name, api in STATE_APIS.items())]


def asked_by_choice() -> dict[str, dict[str, tuple[str, ...]]]:
    """By a column and what is chosen there: the columns that mean something to this choice, and not to every one."""
    return {
        "platform": {name: platform.columns for name, platform in PLATFORMS.items()},
        "state_api": {name: api.needs for name, api in STATE_APIS.items()},
    }


class Bot(models.Model):
    """A bot: whose users come, over which platform, and how the bot is told that it has them back."""

    natural = ("slug",)
    secrets_go_to = {
        "api_url": ("api_token", "webhook_secret"),
        "state_url": ("state_token",),
        "forward_url": ("forward_secret",),
    }

    set_by_hand = ("paused", "pause_text")  # by an act of the console: no document names them, or sets them back

    class Provider(models.TextChoices):
        WHATSAPP = "whatsapp", "WhatsApp"
        MESSENGER = "messenger", "Messenger"

    class WebhookAuth(models.TextChoices):
        BEARER = "bearer", _("shared secret: Authorization: Bearer, or ?token=")
        SIGNATURE = "signature", _("X-Hub-Signature-256 over the body")
        NONE = "none", _("none: anyone can speak as any user")

    class ThreadControl(models.TextChoices):
        NONE = "none", _("left as it is")
        RELEASE = "release", _("taken as a chat begins, released as it ends")
        PASS = "pass", _("taken as a chat begins, passed to the bot's app as it ends")

    slug = models.SlugField(max_length=100, unique=True)
    bot_id = models.CharField(
        _("id at the platform"), max_length=100, default="", blank=True, help_text=_("the platform's id of this bot")
    )
    provider = models.CharField(max_length=20, choices=Provider, default=Provider.WHATSAPP)
    org = models.ForeignKey(
        SalesforceOrg,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bots",
        verbose_name=_("Salesforce org"),
    )
    platform = models.CharField(max_length=20, choices=platform_choices, default=next(iter(PLATFORMS)))
    api_url = models.CharField(
        _("API address"), max_length=300, default="", blank=True, help_text=_("where messages to users are sent")
    )
    api_token = SecretField(_("API token"), default="", blank=True)
    channel = models.CharField(
        max_length=50,
        default="",
        blank=True,
        help_text=_("empty: outgoing_webhook (WhatsApp), passthrough (Messenger)"),
    )
    phone = models.CharField(
        _("phone or page"), max_length=50, default="", blank=True, help_text=_("+number, or the Facebook page's id")
    )
    webhook_auth = models.CharField(
        _("webhooks are authenticated by"), max_length=20, choices=WebhookAuth, default=WebhookAuth.BEARER
    )
    webhook_secret = SecretField(default=new_secret, blank=True)
    verify_token = SecretField(default="", blank=True, help_text=_("Meta's handshake"))
    graph_version = models.CharField(
        _("version of the Graph API"),
        max_length=10,
        default="v25.0",
        db_default="v25.0",
        help_text=_("bots on Meta; v25.0"),
    )
    reopen_template = models.CharField(
        _("template that reopens a talk"),
        max_length=512,
        default="",
        db_default="",
        blank=True,
        help_text=_(
            "an approved template, which agents may send to users who wrote more than 24 hours ago; empty: none"
        ),
    )
    reopen_language = models.CharField(
        _("language of that template"),
        max_length=20,
        default="",
        db_default="",
        blank=True,
        help_text=_("as in es_MX"),
    )
    app_id = models.CharField(_("our app at Meta"), max_length=50, default="", db_default="", blank=True)
    human_agent = models.BooleanField(
        _("Human Agent is granted"),
        default=False,
        db_default=False,
        help_text=_("agents may answer for 7 days instead of 24 hours; Meta reviews an app for it"),
    )
    thread_control = models.CharField(
        _("thread control"), max_length=20, choices=ThreadControl, default=ThreadControl.NONE, db_default="none"
    )
    bot_app_id = models.CharField(
        _("the bot's app at Meta"),
        max_length=50,
        default="",
        db_default="",
        blank=True,
        help_text=_("to which the talk is passed"),
    )
    forward_url = models.CharField(
        _("address of the bot's own webhook"),
        max_length=300,
        default="",
        db_default="",
        blank=True,
        help_text=_("front mode: what the platform tells while no chat is open goes on to it; empty: nothing does"),
    )
    forward_secret = SecretField(_("secret of that webhook"), default="", db_default="", blank=True)
    language = models.CharField(
        _("language of the chat"), max_length=10, default="es-MX", help_text=_("what Salesforce is told")
    )
    timezone = models.CharField(
        _("time zone"), max_length=60, default="America/Mexico_City", help_text=_("of the times in the context")
    )
    texts = models.JSONField(default=dict, blank=True, help_text=_("only what differs from the defaults"))
    state_api = models.CharField(_("state API"), max_length=20, choices=state_api_choices, default="", blank=True)
    state_url = models.CharField(_("state API's address"), max_length=300, default="", blank=True)
    state_token = SecretField(_("state API's token"), default="", blank=True)
    success_state = models.CharField(_("state after a chat"), max_length=100, default="from-sf-success")
    timeout_state = models.CharField(_("state when nobody came"), max_length=100, default="from-sf-timeout")
    blocked_state = models.CharField(_("state of the blocked"), max_length=100, default="from-sf-blocked")
    state_delay = models.FloatField(
        _("pause before the state"), default=4.0, help_text=_("seconds before the timeout and blocked states")
    )
    ask_availability = models.BooleanField(
        default=True, help_text=_("ask Salesforce whether the button is open before anything is created there")
    )
    waiting_limit = models.PositiveIntegerField(
        _("longest wait in the queue"),
        default=0,
        help_text=_("seconds in the queue after which the bot has its user back; 0: as long as Salesforce lets"),
    )
    drop_limit = models.PositiveIntegerField(
        _("longest wait after an agent dropped"),
        default=120,
        help_text=_("seconds without an agent, after one dropped, before the chat ends; 0: no limit"),
    )
    user_limit = models.PositiveIntegerField(
        _("longest silence of the user"),
        default=0,
        help_text=_(
            "seconds without a word from the user, while an agent is there, before the chat ends; 0: no limit"
        ),
    )
    agent_limit = models.PositiveIntegerField(
        _("longest silence of the agent"),
        default=0,
        help_text=_("seconds that the user's last word stays without an answer before the chat ends; 0: no limit"),
    )
    delivery_limit = models.PositiveIntegerField(
        _("longest try of a delivery"),
        default=86_400,
        help_text=_("seconds that a message is tried again before it is given up, and its sender told; 0: for ever"),
    )
    goodbye_limit = models.PositiveIntegerField(
        _("longest try of a goodbye"),
        default=120,
        help_text=_("seconds that an undelivered goodbye may hold up giving the user back to the bot"),
    )
    sends_per_second = models.FloatField(
        _("messages a second"),
        default=0,
        help_text=_("to all users of this bot together; 0: the platform's own limit"),
    )
    pair_burst = models.PositiveIntegerField(
        _("burst to one user"),
        default=0,
        help_text=_("messages that one user may get at once, before the pace below; 0: the platform's own limit"),
    )
    pair_seconds = models.FloatField(
        _("pace to one user"),
        default=0,
        help_text=_("seconds a message, behind the burst; 0: the platform's own limit"),
    )
    intake_limit = models.PositiveIntegerField(
        _("most that its webhooks and connect calls bring"),
        default=100,
        help_text=_("MB an hour, both together; what is more is answered 503, to be sent again; 0: no limit"),
    )
    retention_days = models.PositiveIntegerField(
        _("days that a conversation is kept"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(3650)],
        help_text=_("after its end, of those that begin from now on; 0: as the installation keeps them"),
    )
    context_hours = models.PositiveIntegerField(
        _("hours that a context is kept"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(24 * 90)],
        help_text=_("what users and bot said outside a chat; 0: a day"),
    )
    flow_field = models.CharField(
        _("key of the flow"), max_length=100, default="source_flow_bot", help_text=_("extraData's key for the route")
    )
    case_origin = models.CharField(
        _("origin of cases"), max_length=100, default="", blank=True, help_text=_("empty: whatsapp or facebook")
    )
    phone_prefixes = ListField(_("prefixes of phones"), default=default_prefixes, blank=True)
    restart_keywords = ListField(_("words that end the chat"), default=list, blank=True)
    media_hosts = ListField(_("hosts of files"), default=list, blank=True)
    ignored_types = ListField(
        _("types that are skipped"),
        default=list,
        blank=True,
        help_text=_("empty: status, notification-status, request_welcome"),
    )

    paused = models.BooleanField(
        _("paused"), default=False, db_default=False, help_text=_("nobody is handed over to an agent")
    )
    pause_text = models.TextField(
        _("text of the pause"), default="", db_default="", blank=True, help_text=_("what users read meanwhile")
    )

    objects = ByNaturalKey()

    class Meta:
        permissions = [("pause_bot", "Can pause the new hand-overs of a bot")]

    def __str__(self):
        return self.slug

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        row, wrong = readable(self)
        raise_if(row.mistakes() | wrong)

    def mistakes(self):
        """Of values of the right kind: what would not work, by field."""
        wrong: dict[str, object] = {}
        platform = PLATFORMS[self.platform]
        if self.provider not in platform.providers:
            wrong["provider"] = _("%s has no bots on this provider.") % platform.label
        if self.org_id is None:
            wrong["org"] = _("Choose the Salesforce org whose agents answer this bot's users.")
        for each in (platform, *([STATE_APIS[self.state_api]] if self.state_api else ())):
            for name in each.needs:
                if name in self.secrets_go_to:
                    check(wrong, name, web_address, getattr(self, name))
                elif not getattr(self, name):
                    wrong[name] = _("%s needs this.") % each.label
        if self.state_api:
            for name, sentence in STATE_APIS[self.state_api].mistakes(self).items():
                unopened = isinstance(getattr(self, name), Unreadable)
                wrong.setdefault(name, NO_KEY_OPENS_IT if unopened else sentence)
        if self.webhook_auth != self.WebhookAuth.NONE and not self.webhook_secret:
            unopened = isinstance(self.webhook_secret, Unreadable)
            wrong["webhook_secret"] = (
                NO_KEY_OPENS_IT
                if unopened
                else _("Give a secret, or choose by hand that webhooks are not authenticated.")
            )
        wrong |= platform.mistakes(self)
        if self.forward_url:
            check(wrong, "forward_url", web_address, self.forward_url)
            if settings.PUBLIC_URL and origin(self.forward_url) == origin(settings.PUBLIC_URL):
                wrong["forward_url"] = _("This is the bridge itself: give the address of the bot's own webhook.")
        if self.timezone not in timezones():
            wrong["timezone"] = _("There is no time zone %s; names look like America/Mexico_City.") % repr(
                self.timezone
            )
        if mistakes := texts.mistakes(self.texts):
            wrong["texts"] = mistakes
        return wrong
