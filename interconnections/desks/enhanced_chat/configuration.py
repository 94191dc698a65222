"""What an org that speaks Enhanced Chat needs, and what of it could not work.

Source: salesforce-enhanced-chat.md, sections 1 and 3.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interconnections.api_names import is_api_name
from interconnections.desks.desk import Org, Sentences
from interconnections.desks.jwt import UnreadableKey, signed
from interconnections.loopback import is_loopback
from interconnections.secret import NO_KEY_OPENS_IT

SCRT = ".salesforce-scrt.com"
VERIFICATION = ("verification_issuer", "verification_audience", "verification_key_id", "verification_key")
# Written without the underscore that Salesforce's own parameters begin with.
STANDARD = ("firstName", "lastName", "email", "subject")


def mistakes(org: Org) -> Sentences:
    """A sentence by column."""
    wrong: Sentences = {}
    if sentence := address_mistake(org.chat_url):
        wrong["chat_url"] = sentence
    if not org.es_developer_name:
        wrong["es_developer_name"] = _("Enhanced Chat needs it: DeveloperName in the Code Snippet of the deployment.")
    elif not is_api_name(org.es_developer_name):
        wrong["es_developer_name"] = _("%s is not the API name of a deployment, like Bridge_Client.") % repr(
            org.es_developer_name
        )
    if org.user_verification == "jwt":
        wrong |= verification_mistakes(org)
    if sentence := attributes_mistake(org.routing_attributes):
        wrong["routing_attributes"] = sentence
    return wrong


def address_mistake(chat_url: str) -> Promise | None:
    try:
        parts = urlsplit(chat_url.strip())
        host = parts.hostname or ""
    except ValueError:
        return _("This must be a whole address: https://host/path")
    if is_loopback(host):
        return None
    if parts.scheme.casefold() != "https":
        return _("Tokens and what people say go there: it must be https (plain http is for this very machine only).")
    if not host.endswith(SCRT):
        return _("Enhanced Chat is at https://….my.salesforce-scrt.com: Url in the Code Snippet of the deployment.")
    return None


def verification_mistakes(org: Org) -> Sentences:
    wrong: Sentences = {name: _("User verification needs it.") for name in VERIFICATION if not getattr(org, name)}
    if org.verification_key.unreadable:
        wrong["verification_key"] = NO_KEY_OPENS_IT
    if "verification_key" not in wrong:
        try:
            signed({}, org.verification_key)
        except UnreadableKey:
            wrong["verification_key"] = _("This is not an RSA private key in PEM without a pass phrase.")
    return wrong


def attributes_mistake(attributes: Mapping[str, object]) -> Promise | str | None:
    taken: dict[object, str] = {}
    for key, name in attributes.items():
        if not key.strip():
            return _("A routing attribute without a name on its left side.")
        if not is_parameter(name):
            return _("%(name)s, for %(key)s, is not the name of a parameter, like _firstName or Case_Id.") % {
                "name": repr(name),
                "key": repr(key),
            }
        if name in taken:
            return _("The parameter %(name)s cannot hold both %(one)s and %(other)s.") % {
                "name": name,
                "one": taken[name],
                "other": key,
            }
        taken[name] = key
    return None


def doubts(org: Org) -> Sentences:
    """`firstName` may be a parameter that somebody made; where nobody did, it is dropped without a word."""
    odd = [name for name in org.routing_attributes.values() if name in STANDARD]
    if not odd:
        return {}
    return {
        "routing_attributes": _(
            "Salesforce's own parameter is called _%(name)s; %(name)s is dropped without a word, unless the channel "
            "has "
            "a parameter of this name."
        )
        % {"name": odd[0]}
    }


def is_parameter(name: object) -> bool:
    return isinstance(name, str) and is_api_name(name.removeprefix("_")) and "." not in name
