"""A Salesforce organisation: its chat at one of the desks, its login, and how its contacts and cases are kept.

Every field has a default, so that a fixture need only name what it means.  `clean()` says what to do about a
value that would not work; loaddata skips it, and connect refuses such an org with the same sentences.  What came
after a release has its default in the database too (`db_default`): that release writes rows beside this one.
"""

import re
from urllib.parse import urlsplit

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from interconnections.api_names import is_api_name
from interconnections.desks import DESKS, FIRST
from interconnections.models.fields import SecretField, Unreadable
from interconnections.models.natural import ByNaturalKey
from interconnections.models.readable import readable
from interconnections.models.validation import check, map_mistakes, raise_if, salesforce_id, web_address
from interconnections.secret import NO_KEY_OPENS_IT

DATA_VERSION = re.compile(r"v?(\d{2,3})(\.0)?")
# What each login needs, beside the client id and an address.
LOGIN_NEEDS = {
    "password": ("client_secret", "username", "password"),
    "jwt_bearer": ("username", "private_key"),
    "client_credentials": ("client_secret",),
}
TAKEN_WITH = {"password": ("security_token",)}  # what a login takes along where there is one
ANY_DOMAIN = ("login.salesforce.com", "test.salesforce.com")
SECRETS = ("client_secret", "password", "security_token", "private_key", "verification_key")
FIELD_MAPS = ("custom_fields_case", "custom_fields_contact", "custom_fields_account", "search_fields_contact")
FIELD_NAMES = ("blocked_field", "case_key_field", "contact_key_field")


def chat_apis():
    """Asked anew each time, so that one more desk needs no migration."""
    return [(name, desk.label) for name, desk in DESKS.items()]


def default_routing_attributes():
    return {"name": "_firstName", "email": "_email"}


class SalesforceOrg(models.Model):
    """A Salesforce organisation and how its chat is reached."""

    natural = ("name",)
    secrets_go_to = {"chat_url": SECRETS, "login_url": SECRETS}  # what answers there may ask to be logged in to

    class UserVerification(models.TextChoices):
        NONE = "none", _("none: each chat is of a new anonymous user")
        JWT = "jwt", _("JWT: users are known again")

    class AuthFlow(models.TextChoices):
        NONE = "none", _("none: no contact, no case, only the chat")
        PASSWORD = "password", _("username and password")
        JWT_BEARER = "jwt_bearer", "JWT bearer"
        CLIENT_CREDENTIALS = "client_credentials", _("client credentials")

    name = models.CharField(max_length=100, unique=True)
    chat_api = models.CharField(_("chat API"), max_length=20, choices=chat_apis, default=FIRST)
    chat_url = models.CharField(
        _("chat address"),
        max_length=300,
        default="",
        help_text=_(
            "Live Agent: Setup → Chat Settings → Chat API Endpoint, with or without /chat/rest/; Enhanced Chat: Url "
            "in "
            "the Code Snippet of the deployment, https://….my.salesforce-scrt.com"
        ),
    )
    organization_id = models.CharField(
        _("organization id"), max_length=18, default="", help_text=_("15 characters, begins with 00D")
    )
    deployment_id = models.CharField(
        _("deployment id"), max_length=18, default="", blank=True, help_text=_("15 characters, begins with 572")
    )
    api_version = models.PositiveSmallIntegerField(
        _("Live Agent version"), default=58, help_text=_("X-LIVEAGENT-API-VERSION; at least 47")
    )
    es_developer_name = models.CharField(
        _("API name of the deployment"),
        max_length=100,
        default="",
        db_default="",
        blank=True,
        help_text=_("DeveloperName in the Code Snippet of the Custom Client deployment"),
    )
    user_verification = models.CharField(
        _("user verification"),
        max_length=20,
        choices=UserVerification,
        default=UserVerification.NONE,
        db_default=UserVerification.NONE,
    )
    verification_issuer = models.CharField(
        _("issuer"),
        max_length=300,
        default="",
        db_default="",
        blank=True,
        help_text=_("to the letter as it is in Setup"),
    )
    verification_audience = models.CharField(
        _("audience"),
        max_length=300,
        default="",
        db_default="",
        blank=True,
        help_text=_("what Salesforce expects as aud"),
    )
    verification_key_id = models.CharField(
        _("key id"),
        max_length=200,
        default="",
        db_default="",
        blank=True,
        help_text=_("kid of the JSON Web Key in Setup"),
    )
    verification_key = SecretField(
        _("key of user verification"),
        default="",
        db_default="",
        blank=True,
        help_text=_("RSA in PEM, the private half of that key"),
    )
    routing_attributes = models.JSONField(
        _("routing attributes"),
        default=default_routing_attributes,
        db_default=models.Value(default_routing_attributes(), models.JSONField()),
        blank=True,
        help_text=_(
            "which parameter of the channel gets what: name, email, phone, userId, caseId, contactId, provider or "
            'a key of extraData, like {"caseId": "Case_Id"}'
        ),
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
        row, wrong = readable(self)
        raise_if(row.mistakes() | wrong)

    def mistakes(self):
        """Of values of the right kind: what would not work, by field."""
        wrong: dict[str, object] = {}
        if self.desk is None:
            wrong["chat_api"] = _("This chat API is not built yet; choose another.")
        wrong |= self.login_mistakes()
        check(wrong, "chat_url", web_address, self.chat_url)
        check(wrong, "organization_id", salesforce_id("00D", _("organization id")), self.organization_id)
        wrong |= self.chat_mistakes()
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
        return wrong

    @property
    def desk(self):
        """What its chat API leads to; None for one that is not built."""
        return DESKS.get(self.chat_api)

    def chat_mistakes(self) -> dict[str, object]:
        """What its desk misses or could not use: a sentence by field."""
        return self.desk.mistakes(self) if self.desk else {}

    def doubts(self) -> dict[str, object]:
        """What may be right and mostly is not, by field: it is said, and refuses nothing."""
        return self.desk.doubts(self) if self.desk else {}

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
        taken = (*LOGIN_NEEDS[self.auth_flow], *TAKEN_WITH.get(self.auth_flow, ()))
        wrong |= {name: NO_KEY_OPENS_IT for name in taken if isinstance(getattr(self, name), Unreadable)}
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
