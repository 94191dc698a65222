"""The facts that stay at the head of a conversation's page: how it stands, who has it, where it is at Salesforce."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from interconnections.admin import glances
from interconnections.models import SalesforceOrg

SHARED_LOGINS = ("", "login.salesforce.com", "test.salesforce.com")  # of no org in particular: no record is there


def facts(row, glance, person):
    """[(name, words, address or "")], those that there are."""
    waited, now = glances.waiting(row, glance)
    word = glances.last_word(glance)
    told = [
        (_("waiting") if now else _("waited"), waited),
        (_("last word"), f"{word.who}, {word.age}" if word else ""),
        (_("user"), " ".join(filter(None, (person.name, person.user_id)))),
        (_("bot"), " ".join(filter(None, (row.bot_slug, row.get_provider_display())))),
        (_("agent"), row.agent_name),
        (_("worker"), row.owner),
    ]
    return [(name, words, "") for name, words in told if words]


def records(row, more):
    """The same of its records at Salesforce, as links where the org's own address is known."""
    org = SalesforceOrg.objects.filter(name=more["org"]).first() if more.get("org") else None
    found = ((_("case"), row.case_id), (_("contact"), more.get("contactId", "")))
    return [(name, id, address_of(org, id)) for name, id in found if id]


def address_of(org, id):
    """ "" where nobody can tell: Salesforce shows a record at the org's own address, whatever kind it is of."""
    parts = urlsplit(org.login_url if org else "")
    if parts.scheme != "https" or parts.hostname in SHARED_LOGINS or not id.isalnum():
        return ""
    return f"https://{parts.netloc}/{id}"
