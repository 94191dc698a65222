"""Who asks what is kept of them is told all of it, and no token."""

import json
from io import StringIO

from django.core.management import call_command

from interconnections.models import Interconnection
from interconnections.store import by_hand
from interconnections.store.connection import for_pages
from tests.privacy.conftest import ALIAS, NAME, USER, WORDS, in_redis


def export(*arguments):
    out = StringIO()
    call_command("export", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_everything_is_told_under_any_of_their_ids(ana):
    told = export("+" + USER)
    assert set(told["ids"]) >= {USER, ALIAS}
    assert {each["sessionId"] for each in told["conversations"]} == set(ana)
    for each in told["conversations"]:
        assert each["name"] == NAME
        assert WORDS in [message["text"] for message in each["messages"]]
        assert [entry["by"] for entry in each["history"]] == ["ada"]
    assert [entry["text"] for entry in told["context"]] == [WORDS, WORDS]
    assert len(told["deadLetters"]) >= 2


def test_who_is_blocked_is_told_so(ana):
    assert export(USER)["blocked"] is False
    [session, *_] = ana
    by_hand.block(for_pages(), Interconnection.objects.get(pk=session).id, blocks=True)
    assert export(USER)["blocked"] is True


def test_no_token_and_nothing_of_the_engine_room_is_told(ana):
    told = json.dumps(export(USER))
    assert "the-session-key" not in told
    assert "affinity" not in told
    assert "Ticket" not in told


def test_it_changes_nothing(ana):
    before = in_redis()
    export(USER)
    assert in_redis() == before


def test_a_stranger_has_nothing(ana):
    told = export("5215500000000")
    assert (told["conversations"], told["context"], told["deadLetters"]) == ([], [], [])
