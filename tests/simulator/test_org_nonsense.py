"""Whatever is sent, the org answers in its own words, and what it refuses leaves nothing behind."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.faults import Faults
from simulator.protocol_options import Rules
from simulator.salesforce import composite, prechat
from simulator.salesforce.call import Call, Reply
from simulator.salesforce.dispatch import OPERATIONS
from simulator.salesforce.org import Org
from simulator.salesforce.refusal import Refused
from simulator.salesforce.schema import STANDARD

from .org import V

CASE, CONTACT = "500000000000001AAA", "003000000000001AAA"
TEXTS = st.sampled_from(["", CASE, CONTACT, "x", "ana@example.org", "2026-01-31", "AAAA", "@{a.id}"]) | st.text(
    max_size=5
)
VALUES = st.none() | st.booleans() | st.floats() | st.integers() | TEXTS
JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
FIELDS = sorted(
    {field.name for fields in STANDARD.values() for field in fields} | {"Id", "Bridge_Key__c", "attributes"}
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES | JSON, max_size=6) | JSON
KINDS = st.sampled_from([*STANDARD, "case", "Kontakt"])
PATHS = st.builds(
    "/services/data/v59.0/sobjects/{}{}".format, KINDS, st.sampled_from(["", f"/{CASE}", "/x", "/Id/1"])
)


def furnished(person_accounts: bool) -> Org:
    org = Org(Rules(person_accounts=person_accounts))
    for kind, row in (("Contact", {"LastName": "Pérez"}), ("Case", {"Subject": "x"})):
        org_call(org, "create", {"object": kind}, row)
    return org


def org_call(org, name, args, body, query=None):
    operation = next(one for one in OPERATIONS if one.name == name)
    call = Call(org, org.first_user_id, "v59.0", args, query or {}, {}, body)
    with org.tables.all_or_none():
        return operation.act(call) if operation.act else composite.perform(call, Faults())


def state(org):
    return {kind: [dict(row) for row in org.tables.all(kind)] for kind in STANDARD}


@settings(deadline=None)
@given(
    st.sampled_from(["create", "read", "update", "delete", "read_by_key", "upsert"]),
    st.fixed_dictionaries({"object": KINDS, "id": TEXTS, "field": st.sampled_from(FIELDS), "value": TEXTS}),
    BODIES,
    st.sampled_from([{}, {"fields": "Id,Name"}, {"fields": "x"}, {"fields": "Owner.Name,,"}]),
    st.booleans(),
)
def test_any_call_is_answered_or_refused_whole(name, args, body, query, person_accounts):
    org = furnished(person_accounts)
    before = state(org)
    try:
        reply = org_call(org, name, args, body, query)
    except Refused as refused:
        assert 400 <= refused.status < 500
        assert state(org) == before
        return
    assert isinstance(reply, Reply)
    json.dumps(reply.body)


def part(method, url, body):
    return st.fixed_dictionaries({"method": st.just(method), "url": url, "referenceId": REFS, "body": body})


REFS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
GOOD = [
    part("POST", st.just(f"{V}/sobjects/Contact"), st.fixed_dictionaries({"LastName": st.just("x")})),
    part("PATCH", st.just(f"{V}/sobjects/Case/{CASE}"), st.fixed_dictionaries({"Subject": st.just("y")})),
    part("DELETE", st.just(f"{V}/sobjects/Contact/{CONTACT}"), st.none()),
]
NONSENSE = [part(method, PATHS, BODIES) for method in ("POST", "PATCH", "GET", "DELETE")]
PARTS = st.lists(st.one_of(*GOOD, *NONSENSE), max_size=5, unique_by=lambda one: one["referenceId"])


@settings(deadline=None)
@given(PARTS | JSON, st.booleans())
def test_any_composite_is_answered_and_all_or_none_is_kept(parts, all_or_none):
    org = furnished(person_accounts=True)
    before = state(org)
    try:
        reply = org_call(org, "composite", {}, {"compositeRequest": parts, "allOrNone": all_or_none})
    except Refused as refused:
        assert refused.status == 400
        return
    statuses = [one["httpStatusCode"] for one in reply.body["compositeResponse"]]
    if all_or_none and max(statuses) >= 300:
        assert min(statuses) >= 300
        assert state(org) == before


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({"label": TEXTS, "value": TEXTS}), max_size=3), st.data())
def test_any_prechat_leaves_the_chat_alive(details, data):
    field = {"fieldName": st.sampled_from(FIELDS), "label": TEXTS}
    field |= {name: st.booleans() for name in ("doFind", "isExactMatch", "doCreate")}
    one = {"entityName": KINDS, "entityFieldsMaps": st.lists(st.fixed_dictionaries(field), max_size=3)}
    one |= {"linkToEntityName": KINDS | st.none(), "linkToEntityField": st.sampled_from([*FIELDS, None])}
    entities = data.draw(st.lists(st.fixed_dictionaries(one), max_size=3))
    records = prechat.attach(furnished(person_accounts=False), details, entities)
    assert len(records) >= len(entities)
