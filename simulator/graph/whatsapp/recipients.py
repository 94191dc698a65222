"""To whom a send goes: `to` with a number, or `recipient` with a user id (WA §7, §9, §10)."""

from __future__ import annotations

from ...protocol_options import Json, Rules
from ..accounts import Number
from ..params import Params
from ..people import Person, digits, is_user_id
from ..refusal import GraphRefused
from ..server import Graph


def read(graph: Graph, number: Number, body: Params) -> tuple[Person, Json]:
    """(the person, the item of the answer's `contacts`)."""
    to, user_id = body.maybe("to"), body.maybe("recipient")
    place = graph.rules.cloud_user_id_goes_in
    if user_id and place == "to":
        raise GraphRefused(100, 'Unexpected key "recipient" on param "body".')
    if to:
        if is_user_id(to) and place != "recipient":
            return _by_user_id(graph, to)
        return _by_number(graph, number, to)
    if not user_id:
        raise body.missing("to")
    return _by_user_id(graph, user_id)


def _by_number(graph: Graph, number: Number, to: str) -> tuple[Person, Json]:
    found = digits(to)
    if not found.isascii() or not found.isdigit() or not 7 <= len(found) <= 15:
        raise GraphRefused(131009, f"Param to is no phone number: {to!r}")
    if not to.startswith("+"):
        found = _with_country(found, number, graph.rules)
    if found == digits(number.display):
        raise GraphRefused(131021)
    person = graph.people.by_number(found)
    return person, {"input": to, "wa_id": person.number or found}


def _with_country(found: str, number: Number, rules: Rules) -> str:
    """Without + Meta may put the business's country before it."""
    return number.country + found if rules.cloud_number_without_plus == "prefixed" else found


def _by_user_id(graph: Graph, user_id: str) -> tuple[Person, Json]:
    person = graph.people.by_user_id(user_id)
    if not is_user_id(user_id) or person is None:
        raise GraphRefused(131009, "Param recipient is not a user id that this business knows")
    return person, {"input": user_id, "user_id": user_id}
