"""What forms say about a value that would not work; `clean()` of the configuration is made of these."""

from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from interconnections.api_names import is_api_name
from interconnections.loopback import is_loopback
from interconnections.salesforce_ids import id_mistake

web_address = URLValidator(schemes=["http", "https"], message=_("This must be a whole address: https://host/path"))


@cache
def timezones() -> set[str]:
    """By name.  They are found by walking through the system's files, for 25 ms, and every clean of a bot asks."""
    return available_timezones()


def salesforce_id(prefix, what):
    """A validator for the ids that Setup shows."""

    def check(value):
        if sentence := id_mistake(value, prefix, what):
            raise ValidationError(sentence)

    return check


def map_mistakes(name, value):
    if not isinstance(value, dict):
        return {name: _('This must be a JSON object, like {"order_id": "Order__c"}.')}
    odd = [str(field) for field in value.values() if not is_api_name(field)]
    return {name: _("%s is not the API name of a field, like Order__c.") % repr(odd[0])} if odd else {}


def origin(address: str) -> object:
    """Where a request to this address goes: scheme, host and port, as they are written."""
    address = address.strip()
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return address
    return parts.scheme.casefold(), parts.netloc.casefold()


def in_the_clear(address):
    """Does what is sent there, secrets among it, cross a network that others can listen to?"""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme.casefold() == "http" and not is_loopback(host)


def clear_text_warnings(row: Model) -> dict[str, object]:
    """A sentence by field, for each address of this row that secrets go to without TLS."""
    return {
        name: _("This address is not https: secrets and what people say travel in the clear.")
        for name in row.secrets_go_to
        if isinstance(getattr(row, name), str) and in_the_clear(getattr(row, name))
    }


def check(wrong, name, validator, value):
    try:
        validator(value)
    except ValidationError as fault:
        wrong[name] = fault.messages


def raise_if(wrong):
    if wrong:
        raise ValidationError(wrong)
