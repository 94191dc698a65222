"""A bot may bring so much an hour and no more: one bot's webhook must not fill the Redis that all share."""

import re
from typing import Any

import redis

from interconnections.store.keys import key
from tests.http.cases import message
from tests.http.conftest import Doors, both_roads

pytestmark = both_roads

BOUNDED = "bounded-fb"  # 1 MB an hour


def told(doors: Doors, mid: str, text: str) -> Any:
    item = {"sender": {"id": doors.user}, "recipient": {"id": "1"}, "message": {"mid": mid, "text": text}}
    return doors.tells({"authorRole": "user", "botId": "x", "message": {"entry": [{"messaging": [item]}]}}, BOUNDED)


def refused(doors: Doors) -> int:
    figures = doors.ask("GET", "/metrics").text
    found = re.search(r'^bridge_webhooks_over_quota_total\{bot="bounded-fb"\} (\S+)', figures, re.MULTILINE)
    return int(float(found[1])) if found else 0


def test_what_a_bot_brings_beyond_its_quota_is_to_be_sent_again(doors: Doors) -> None:
    with redis.Redis.from_url(doors.street.env["REDIS_URL"]) as store:
        store.delete(key("intake", BOUNDED))  # an hour later
    whole = [f"{doors.user}.{n}" for n in range(6)]
    answers = [told(doors, mid, "x" * 190_000) for mid in whole]
    before = refused(doors)
    assert [answer.status_code for answer in answers] == [200] * 6
    for mid in ("a", "b"):
        answer = told(doors, f"{doors.user}.{mid}", "hola")
        assert answer.status_code == 503
        sentence = answer.json()["ErrorDescription"]
        assert re.fullmatch(r"more than 1 MB within an hour: send it again in \d+ s", sentence)
    assert refused(doors) == before + 2
    answer = doors.connect(BOUNDED)
    assert answer.status_code == 503
    sentence = r"could not create chat in salesforce : more than 1 MB within an hour: send it again in \d+ s"
    assert re.fullmatch(sentence, answer.json()["ErrorDescription"])
    assert refused(doors) == before + 3
    again = told(doors, whole[0], "x" * 190_000)  # what was kept is not asked for again
    assert (again.status_code, again.json()) == (200, message("insert success"))
