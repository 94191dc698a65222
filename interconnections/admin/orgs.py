"""The form of a Salesforce org."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from interconnections.admin.checking import check
from interconnections.admin.json_fields import AdminWithJson
from interconnections.admin.mistaken import AdminOfMistakes
from interconnections.admin.scope import OnlyGivenBots
from interconnections.admin.secrets import AdminWithSecrets
from interconnections.admin.steps import AsksInSteps, flat
from interconnections.desks import DESKS
from interconnections.doctor.one_row import examine_org
from interconnections.models import SalesforceOrg
from interconnections.models.orgs import LOGIN_NEEDS, TAKEN_WITH


@admin.register(SalesforceOrg)
class SalesforceOrgAdmin(AsksInSteps, OnlyGivenBots, AdminWithSecrets, AdminWithJson, AdminOfMistakes):
    slug_at = ("bots__slug", "routes__bot__slug")
    list_display = ("name", "chat_api", "organization_id", "deployment", "auth_flow")
    list_filter = ("chat_api", "auth_flow")
    search_fields = ("name", "organization_id")
    ordering = ("name",)
    actions = ("ask_salesforce",)
    change_form_template = "admin/interconnections/in_steps.html"
    step_titles = (_("What it is"), _("Where the agents are"), _("Login"), _("Contacts and cases"))
    asked = {
        "chat_api": {name: flat(desk.columns) for name, desk in DESKS.items()},
        "auth_flow": {
            login: ("login_url", "client_id", *needs, *TAKEN_WITH.get(login, ()))
            for login, needs in LOGIN_NEEDS.items()
        },
    }
    examine = staticmethod(examine_org)
    fieldsets = (
        (None, {"classes": ("step-1",), "fields": ("name", "chat_api", "auth_flow")}),
        (
            _("Chat"),
            {
                "classes": ("step-2",),
                "description": _("Where the agents are reached, and how fast they may get messages."),
                "fields": ("chat_url", "organization_id", "sends_per_second"),
            },
        ),
        *(
            (desk.label, {"classes": ("step-2",), "description": desk.about, "fields": desk.columns})
            for desk in DESKS.values()
            if desk.columns
        ),
        (
            _("Login"),
            {
                "classes": ("step-3",),
                "description": _("For contacts and cases. With “none” the chat is opened directly."),
                "fields": (
                    "login_url",
                    "client_id",
                    "client_secret",
                    "username",
                    "password",
                    "security_token",
                    "private_key",
                ),
            },
        ),
        (
            _("Contacts and cases"),
            {
                "classes": ("collapse", "step-4"),
                "description": _(
                    'JSON objects: which key of extraData goes into which field, like {"order_id": "Order__c"}.'
                ),
                "fields": (
                    "data_api_version",
                    ("record_type_id", "account_record_type_id", "account_birthdate"),
                    "custom_fields_case",
                    "custom_fields_contact",
                    "custom_fields_account",
                    "search_fields_contact",
                    "blocked_field",
                    ("case_status", "case_priority"),
                    ("case_key_field", "contact_key_field"),
                ),
            },
        ),
    )

    @admin.display(description=_("deployment"))
    def deployment(self, row):
        return getattr(row, row.desk.deployment) if row.desk and row.desk.deployment else ""

    @admin.action(description=_("Check: ask Salesforce whether this works"), permissions=["change"])
    def ask_salesforce(self, request, chosen):
        check(self, request, chosen, examine_org)
