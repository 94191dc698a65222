"""Who asks to be forgotten is nowhere any more, and nobody else is touched."""

import asyncio
import json
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command

from interconnections.models import Interconnection
from interconnections.store import by_hand
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from tests.privacy.conftest import ALIAS, NAME, USER, WORDS, in_redis, over, tell

HERS = (USER, ALIAS, NAME, "Álvarez", WORDS, "ana@example.net")


def forget(*arguments):
    out = StringIO()
    call_command("forget", *arguments, stdout=out)
    return json.loads(out.getvalue())


def everywhere():
    """Every key of Redis and every row of SQL, as text."""
    for name, value in in_redis().items():
        yield name, f"{name} {value}".casefold()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed:
            for row in model._base_manager.values():
                yield model.__name__, str(row).casefold()


def traces(words=HERS):
    return {(place, word) for place, text in everywhere() for word in words if word.casefold() in text}


@pytest.mark.parametrize("typed", [USER, ALIAS, "+52 1 55 1234-5678", "525512345678"])
def test_nothing_is_left_whichever_of_their_ids_is_typed(ana, typed):
    by_hand.block(for_pages(), Interconnection.objects.get(pk=ana[0]).id, blocks=True)
    assert traces()
    receipt = forget(typed)
    assert traces() == set()
    assert receipt["erased"]["conversations"] == 2
    assert receipt["erased"]["entries of context"] == 2
    assert receipt["erased"]["reasons in the history"] == 3


def test_the_receipt_names_nobody_and_the_history_keeps_who_did_what(ana):
    receipt = json.dumps(forget(USER), ensure_ascii=False)
    assert not [word for word in HERS if word in receipt]
    written = {entry.change_message for entry in LogEntry.objects.all()}
    assert written == {"Ended by a supervisor: (erased)", "Noted: (erased)"}


def test_others_stay_as_they_are(ana):
    other = asyncio.run(tell(user="5215587654321", name="Benito Cano", texts=("otra cosa",)))
    over(other)
    forget(USER)
    row = Interconnection.objects.get(pk=other)
    assert (row.name, [message.text for message in row.messages][-1]) == ("Benito Cano", "otra cosa")
    assert Interconnection.objects.search("benito")[0].keys() == {other}


def test_an_open_conversation_is_refused_and_nothing_is_erased(ana):
    session = asyncio.run(tell(user=USER, name=NAME))
    before = in_redis()
    with pytest.raises(CommandError, match=session):
        forget(USER)
    assert in_redis() == before
    over(session)
    assert forget(USER)["erased"]["conversations"] == 3


def test_one_bot_only(ana):
    assert forget(USER, "--bot", "banco")["erased"]["conversations"] == 0
    assert Interconnection.objects.filter(pk__in=ana).count() == 2
    assert forget(USER, "--bot", "tienda")["erased"]["conversations"] == 2


def test_again_finds_nothing(ana):
    forget(USER)
    assert set(forget(USER)["erased"].values()) == {0}


def test_totals_of_what_waits_stay_right(ana):
    forget(USER)
    depth = {lane.decode(): int(number) for lane, number in for_pages().hgetall(key("depth")).items()}
    assert set(depth.values()) == {0}


def test_redis_away_is_one_sentence(db, settings, tmp_path):
    url = f"unix://{tmp_path}/nobody.sock?db=0"
    settings.REDIS_URL, settings.CACHES = url, {"default": settings.CACHES["default"] | {"LOCATION": url}}
    with pytest.raises(CommandError):
        forget(USER)
