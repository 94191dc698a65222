"""What operators configure: Salesforce orgs, bots, and which button a flow leads to.

Every field has a default, so that a fixture need only name what it means.  `clean()` says what to do about a
value that would not work; loaddata skips it, and connect refuses such a bot with the same sentences.
"""

import re
import secrets
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from interconnections import texts
from interconnections.api_names import is_api_name
from interconnections.models.fields import ListField, SecretField

DATA_VERSION = re.compile(r"v?(\d{2,3})(\.0)?")
web_address = URLValidator(schemes=["http", "https"], message=_("This must be a whole address: https://host/path"))


def new_secret():
    return secrets.token_urlsafe(32)


def default_prefixes():
    return ["521", "52"]


def salesforce_id(prefix, what):
    """A validator for the ids that Setup shows: 15 characters, or 18 of which the last three are a checksum."""

    def check(value):
        if len(value) not in (15, 18) or not value.isalnum() or not value.startswith(prefix):
            raise ValidationError(
                _("%(value)s is not a %(what)s: it has 15 (or 18) letters and digits and begins with %(prefix)s.")
                % {"value": repr(value), "what": what, "prefix": prefix}
            )

    return check


# What each login needs, beside the client id and an address.
LOGIN_NEEDS = {
    "password": ("client_secret", "username", "password"),
    "jwt_bearer": ("username", "private_key"),
    "client_credentials": ("client_secret",),
}
ANY_DOMAIN = ("login.salesforce.com", "test.salesforce.com")
FIELD_MAPS = ("custom_fields_case", "custom_fields_contact", "custom_fields_account", "search_fields_contact")
FIELD_NAMES = ("blocked_field", "case_key_field", "contact_key_field")


class ByNaturalKey(models.Manager):
    def get_by_natural_key(self, *values):
        return self.get(**dict(zip(self.model.natural, values, strict=True)))


class SalesforceOrg(models.Model):
    """A Salesforce organisation and how its chat is reached."""

    natural = ("name",)

    class ChatApi(models.TextChoices):
        LIVE_AGENT = "live_agent", "Live Agent (Chat REST API)"
        ENHANCED_CHAT = "enhanced_chat", "Enhanced Chat"

    class AuthFlow(models.TextChoices):
        NONE = "none", _("none: no contact, no case, only the chat")
        PASSWORD = "password", _("username and password")
        JWT_BEARER = "jwt_bearer", "JWT bearer"
        CLIENT_CREDENTIALS = "client_credentials", _("client credentials")

    name = models.CharField(max_length=100, unique=True)
    chat_api = models.CharField(_("chat API"), max_length=20, choices=ChatApi, default=ChatApi.LIVE_AGENT)
    chat_url = models.CharField(
        _("chat address"),
        max_length=300,
        default="",
        help_text=_("Setup → Chat Settings → Chat API Endpoint, with or without /chat/rest/"),
    )
    organization_id = models.CharField(
        _("organization id"), max_length=18, default="", help_text=_("15 characters, begins with 00D")
    )
    deployment_id = models.CharField(
        _("deployment id"), max_length=18, default="", help_text=_("15 characters, begins with 572")
    )
    api_version = models.PositiveSmallIntegerField(
        _("Live Agent version"), default=58, help_text=_("X-LIVEAGENT-API-VERSION; at least 47")
    )
    auth_flow = models.CharField(_("login"), max_length=20, choices=AuthFlow, default=AuthFlow.NONE)
    login_url = models.CharField(
        _("login address"),
        max_length=300,
        default="",
        blank=True,
        help_text=_("the org's My Domain, https://….my.salesforce.com; empty: https://login.salesforce.com"),
    )
    client_id = models.CharField(_("client id (consumer key)"), max_length=300, default="", blank=True)
    client_secret = SecretField(_("client secret (consumer secret)"), default="", blank=True)
    username = models.CharField(max_length=200, default="", blank=True)
    password = SecretField(default="", blank=True)
    security_token = SecretField(default="", blank=True)
    private_key = SecretField(_("private key"), default="", blank=True, help_text=_("PEM, with its line ends"))
    data_api_version = models.CharField(_("data API version"), max_length=10, default="62.0", blank=True)
    record_type_id = models.CharField(
        _("record type of cases"),
        max_length=18,
        default="",
        blank=True,
        help_text=_("begins with 012; empty: the default"),
    )
    account_record_type_id = models.CharField(
        _("record type of person accounts"),
        max_length=18,
        default="",
        blank=True,
        help_text=_("begins with 012; with one, new people become person accounts instead of contacts"),
    )
    account_birthdate = models.CharField(
        _("birth date of new person accounts"),
        max_length=10,
        default="",
        blank=True,
        help_text=_("YYYY-MM-DD, where the org requires one; the old service wrote 1921-01-01"),
    )
    custom_fields_case = models.JSONField(_("fields of the case"), default=dict, blank=True)
    custom_fields_contact = models.JSONField(_("fields of the contact"), default=dict, blank=True)
    custom_fields_account = models.JSONField(_("fields of the account"), default=dict, blank=True)
    search_fields_contact = models.JSONField(_("how a contact is found"), default=dict, blank=True)
    blocked_field = models.CharField(
        _("field that blocks a contact"), max_length=100, default="", blank=True, help_text=_("a checkbox of Contact")
    )
    case_key_field = models.CharField(
        _("external id of cases"),
        max_length=100,
        default="",
        blank=True,
        help_text=_(
            "a unique external id of Case, like Bridge_Key__c: with it no lost answer can make a second case"
        ),
    )
    contact_key_field = models.CharField(
        _("external id of contacts"), max_length=100, default="", blank=True, help_text=_("the same of Contact")
    )
    case_status = models.CharField(
        _("status of new cases"), max_length=100, default="Nuevo", blank=True, help_text=_("empty: the org's default")
    )
    case_priority = models.CharField(
        _("priority of new cases"),
        max_length=100,
        default="Medium",
        blank=True,
        help_text=_("empty: the org's default"),
    )
    sends_per_second = models.FloatField(
        _("messages a second"), default=0, help_text=_("to Salesforce, all bots of the org together; 0: no limit")
    )

    objects = ByNaturalKey()

    class Meta:
        verbose_name = _("Salesforce org")

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.name,)

    def clean(self):
        wrong: dict[str, object] = {}
        if self.chat_api != self.ChatApi.LIVE_AGENT:
            wrong["chat_api"] = _("Enhanced Chat is not built yet; choose Live Agent.")
        wrong |= self.login_mistakes()
        check(wrong, "chat_url", web_address, self.chat_url)
        check(wrong, "organization_id", salesforce_id("00D", _("organization id")), self.organization_id)
        check(wrong, "deployment_id", salesforce_id("572", _("deployment id")), self.deployment_id)
        if not 0 <= self.sends_per_second < 1e6:
            wrong["sends_per_second"] = _("This cannot be negative; a number from 0 on.")
        if self.api_version < 47:
            wrong["api_version"] = _("At least 47: below, waiting times and the hand-over do not exist.")
        for name in FIELD_MAPS:
            wrong |= map_mistakes(name, getattr(self, name))
        for name in FIELD_NAMES:
            if (value := getattr(self, name)) and not is_api_name(value):
                wrong[name] = _("%s is not the API name of a field, like Blocked__c.") % repr(value)
        for name in ("record_type_id", "account_record_type_id"):
            if value := getattr(self, name):
                check(wrong, name, salesforce_id("012", _("record type id")), value)
        if self.account_birthdate and not parse_date(self.account_birthdate):
            wrong["account_birthdate"] = _("This must be a date: YYYY-MM-DD.")
        raise_if(wrong)

    def login_mistakes(self) -> dict[str, object]:
        """What the chosen login misses: a sentence by field; connect refuses with the same ones."""
        wrong: dict[str, object] = {}
        if self.auth_flow == self.AuthFlow.NONE:
            return wrong
        if self.auth_flow not in LOGIN_NEEDS:
            return {"auth_flow": _("There is no login %s.") % repr(self.auth_flow)}
        wrong |= {
            name: _("This login needs it.")
            for name in ("client_id", *LOGIN_NEEDS[self.auth_flow])
            if not getattr(self, name)
        }
        if self.login_url:
            check(wrong, "login_url", web_address, self.login_url)
        if self.auth_flow == self.AuthFlow.CLIENT_CREDENTIALS and (
            not self.login_url or urlsplit(self.login_url).hostname in ANY_DOMAIN
        ):
            wrong["login_url"] = _(
                "Client credentials are taken at the org's own address: https://….my.salesforce.com"
            )
        if not DATA_VERSION.fullmatch(self.data_api_version):
            wrong["data_api_version"] = _("A version of the data API, like 62.0.")
        return wrong


class Bot(models.Model):
    """A bot: whose users come, over which platform, and how the bot is told that it has them back."""

    natural = ("slug",)

    class Provider(models.TextChoices):
        WHATSAPP = "whatsapp", "WhatsApp"
        MESSENGER = "messenger", "Messenger"

    class Platform(models.TextChoices):
        YALO = "yalo", "Yalo Integrations"
        WHATSAPP_CLOUD = "whatsapp_cloud", "WhatsApp Cloud API"
        MESSENGER = "messenger", "Messenger Platform"

    class WebhookAuth(models.TextChoices):
        BEARER = "bearer", _("shared secret: Authorization: Bearer, or ?token=")
        SIGNATURE = "signature", _("X-Hub-Signature-256 over the body")
        NONE = "none", _("none: anyone can speak as any user")

    class StateApi(models.TextChoices):
        NONE = "", _("the bot is not told")
        BOTRUNNER = "botrunner", "Botrunner"
        STUDIO_NG = "studio_ng", "Studio NG"

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
    platform = models.CharField(max_length=20, choices=Platform, default=Platform.YALO)
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
    language = models.CharField(
        _("language of the chat"), max_length=10, default="es-MX", help_text=_("what Salesforce is told")
    )
    timezone = models.CharField(
        _("time zone"), max_length=60, default="America/Mexico_City", help_text=_("of the times in the context")
    )
    texts = models.JSONField(default=dict, blank=True, help_text=_("only what differs from the defaults"))
    state_api = models.CharField(_("state API"), max_length=20, choices=StateApi, default=StateApi.NONE, blank=True)
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
        _("types that are skipped"), default=list, blank=True, help_text=_("empty: status, notification-status")
    )

    objects = ByNaturalKey()

    def __str__(self):
        return self.slug

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        wrong: dict[str, object] = {}
        if self.platform != self.Platform.YALO:
            wrong["platform"] = _("This platform is not built yet; choose Yalo Integrations.")
        if self.org_id is None:
            wrong["org"] = _("Choose the Salesforce org whose agents answer this bot's users.")
        check(wrong, "api_url", web_address, self.api_url)
        if self.state_api:
            check(wrong, "state_url", web_address, self.state_url)
        if self.webhook_auth != self.WebhookAuth.NONE and not self.webhook_secret:
            wrong["webhook_secret"] = _("Give a secret, or choose by hand that webhooks are not authenticated.")
        if self.timezone not in available_timezones():
            wrong["timezone"] = _("There is no time zone %s; names look like America/Mexico_City.") % repr(
                self.timezone
            )
        for name in ("state_delay", "sends_per_second", "pair_seconds"):
            if not 0 <= getattr(self, name) < 1e6:
                wrong[name] = "This cannot be negative; a number from 0 on."
        if mistakes := texts.mistakes(self.texts):
            wrong["texts"] = mistakes
        raise_if(wrong)


class Route(models.Model):
    """Which button the users of one flow are led to, and whose their case is."""

    natural = ("bot__slug", "flow")

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="routes")
    flow = models.CharField(max_length=100, default="", blank=True, help_text=_("empty: for every other flow"))
    button_id = models.CharField(
        _("button id"), max_length=18, default="", help_text=_("15 characters, begins with 573")
    )
    owner_id = models.CharField(
        _("owner of the case"),
        max_length=18,
        default="",
        blank=True,
        help_text=_("a user (005…) or a queue (00G…); empty: the integration user"),
    )
    subject = models.CharField(_("subject of the case"), max_length=255, default="", blank=True)

    objects = ByNaturalKey()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bot", "flow"], name="one_route_per_flow")]

    def __str__(self):
        return f"{self.bot}: {self.flow or _('every other flow')}"

    def natural_key(self):
        return (self.bot.slug, self.flow)

    natural_key.dependencies = ["interconnections.bot"]  # type: ignore[attr-defined]

    def clean(self):
        wrong: dict[str, object] = {}
        check(wrong, "button_id", salesforce_id("573", _("button id")), self.button_id)
        if self.owner_id:
            user = self.owner_id.startswith("005")
            check(wrong, "owner_id", salesforce_id("005" if user else "00G", _("user or queue")), self.owner_id)
        raise_if(wrong)


def map_mistakes(name, value):
    if not isinstance(value, dict):
        return {name: _('This must be a JSON object, like {"order_id": "Order__c"}.')}
    odd = [str(field) for field in value.values() if not is_api_name(field)]
    return {name: _("%s is not the API name of a field, like Order__c.") % repr(odd[0])} if odd else {}


def check(wrong, name, validator, value):
    try:
        validator(value)
    except ValidationError as fault:
        wrong[name] = fault.messages


def raise_if(wrong):
    if wrong:
        raise ValidationError(wrong)
