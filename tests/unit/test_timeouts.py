"""Which limit ends a chat that stands still, and when: the bot's limits over where the chat stands."""

import pytest

from interconnections.bridge.transitions import idle_warning
from interconnections.desks.news import Idle
from interconnections.lifecycle import Reason
from interconnections.store.leases import Hold
from interconnections.worker.timeouts import NEVER_QUEUED, Limit, listens, nearest, warns
from tests.desks import in_hand
from tests.unit.bots import bot

LIMITS = {"waiting_limit": 600, "drop_limit": 60, "user_limit": 300, "agent_limit": 120}
QUEUED = {"status": "OnHold", "openedAt": "1000000", "queuePosition": "1"}
TALKING = {"status": "Active", "openedAt": "1000000", "acceptedAt": "2000000"}


def conversation(**fields: str):
    known = {"sessionId": "s", "userId": "u", "botSlug": "b", "provider": "whatsapp", "name": "Ana"}
    return in_hand(Hold("u-s", "w", "1"), known | fields, {})


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        (QUEUED, Limit(1_600_000, Reason.NO_AGENT)),
        ({**QUEUED, "queuePosition": "0"}, Limit(1_600_000, Reason.NO_AGENT)),
        ({**TALKING, "waitingAgain": "1", "waitingSince": "5000000"}, Limit(5_060_000, Reason.NO_AGENT)),
        (TALKING, Limit(2_300_000, Reason.USER_SILENT)),
        ({**TALKING, "userSaidAt": "2500000"}, Limit(2_800_000, Reason.USER_SILENT)),
        (
            {**TALKING, "userSaidAt": "2500000", "unansweredSince": "2400000"},
            Limit(2_520_000, Reason.AGENT_SILENT),
        ),
        ({**TALKING, "unansweredSince": "1500000"}, Limit(2_120_000, Reason.AGENT_SILENT)),  # from when one was there
        ({**TALKING, "leaving": "1"}, None),
    ],
)
def test_a_chat_stands_still_for_so_long(fields: dict[str, str], limit: Limit | None):
    assert nearest(conversation(**fields), bot(**LIMITS)) == limit


def test_without_limits_two_people_may_be_silent_for_ever():
    assert nearest(conversation(**TALKING), bot()) is None


def test_a_chat_that_salesforce_never_queued_is_not_waited_for():
    fields = {name: value for name, value in QUEUED.items() if name != "queuePosition"}
    assert nearest(conversation(**fields), bot()) == Limit(1_000_000 + NEVER_QUEUED * 1000, Reason.START_FAILED)


def test_a_bot_that_is_gone_ends_nothing():
    assert nearest(conversation(**QUEUED), None) is None


WARNS = bot(words={"idleWarning": "Quedan %s"})
IDLE = {**TALKING, "idleWarning": "120", "idleEnd": "180"}


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        (IDLE, 2_120_000),
        ({**IDLE, "userSaidAt": "2500000"}, 2_620_000),
        ({**IDLE, "warnedAt": "2120001"}, None),
        ({**IDLE, "warnedAt": "2120001", "userSaidAt": "2500000"}, 2_620_000),
        ({**IDLE, "waitingAgain": "1"}, None),
        ({**IDLE, "leaving": "1"}, None),
        ({**IDLE, "status": "OnHold"}, None),
        ({**IDLE, "idleWarning": "0"}, None),
        (TALKING, None),
    ],
)
def test_a_user_is_warned_once_a_silence(fields: dict[str, str], moment: int | None):
    assert warns(conversation(**fields), WARNS) == moment


def test_a_bot_without_words_warns_nobody():
    assert warns(conversation(**IDLE), bot()) is None
    assert not listens(conversation(**IDLE), bot())
    assert listens(conversation(**IDLE), WARNS)


def test_a_warning_says_what_time_is_left():
    change = idle_warning(WARNS, Idle(120, 180))
    assert [item.text for item in change.to_user] == ["Quedan 60 s"]
    after = conversation(**IDLE)
    after.learn({**IDLE, "status": "Active"} | change.fields)
    assert warns(after, WARNS) is None
    assert idle_warning(WARNS, Idle(120)).to_user == ()
