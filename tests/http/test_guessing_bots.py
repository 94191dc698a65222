"""Whoever guesses which bots there are gets the same answers for those and for none."""

import pytest

from tests.http.cases import as_json
from tests.http.conftest import Doors, both_roads
from tests.http.stage import BOT

pytestmark = both_roads

THERE = {"bearer": "demo-fb", "signature": "signed-fb"}
NOT_THERE = [f"nobody-{n}" for n in range(24)]
SHOWN = {
    "nothing": {},
    "a bearer": {"headers": {"Authorization": "Bearer guess"}},
    "a token": {"params": {"token": "guess"}},
    "a signature": {"headers": {"X-Hub-Signature-256": "sha256=guess"}},
    "an empty bearer": {"headers": {"Authorization": "Bearer "}},
    "both": {"params": {"token": "guess"}, "headers": {"X-Hub-Signature-256": "sha256=guess"}},
}
BODY = b'{"authorRole": "user", "botId": "%s", "message": {"object": "page", "entry": []}}'


def answers(doors: Doors, method: str, path: str, body: bytes = b"{}", **shown: object) -> tuple[int, object]:
    answer = doors.ask(method, path, body if method == "POST" else None, **shown)
    return answer.status_code, as_json(answer)


@pytest.mark.parametrize("place", ["/v1/bots/{}/webhook", "/v1/integrations/facebook/webhook?bot={}"])
def test_a_slug_of_none_answers_like_one_of_a_bot(doors: Doors, place: str) -> None:
    """By one of the two ways in which a bot may be authenticated, always the same for one slug."""

    def all_of(slug: str) -> dict[str, tuple[int, object]]:
        return {name: answers(doors, "POST", place.format(slug), **shown) for name, shown in SHOWN.items()}

    known = {way: all_of(slug) for way, slug in THERE.items()}
    assert known["bearer"] != known["signature"]
    unknown = [all_of(slug) for slug in NOT_THERE]
    assert all(each in known.values() for each in unknown)
    assert all(each in unknown for each in known.values())
    assert [all_of(slug) for slug in NOT_THERE] == unknown


def test_a_bot_of_another_provider_is_not_told_to_strangers(doors: Doors) -> None:
    for shown in ({}, {"params": {"token": "guess"}}):
        for slug in (BOT, *NOT_THERE):
            status, _ = answers(doors, "POST", f"/v1/integrations/facebook/webhook?bot={slug}", **shown)
            assert status in (401, 403), slug


def test_a_handshake_tells_no_bot_from_none(doors: Doors) -> None:
    query = "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess"
    told = {
        repr(answers(doors, "GET", f"/v1/bots/{slug}/webhook{query}")) for slug in (BOT, *THERE.values(), "nobody")
    }
    assert len(told) == 1


def test_a_payload_that_names_a_bot_tells_no_stranger_whether_it_is_one(doors: Doors) -> None:
    place, unauthenticated = "/v1/integrations/facebook/webhook", 401
    for slug in (*THERE.values(), *NOT_THERE):
        assert answers(doors, "POST", place, BODY % slug.encode())[0] == unauthenticated, slug
    guess = {"params": {"token": "guess"}, "headers": {"X-Hub-Signature-256": "sha256=guess"}}
    for slug in (*THERE.values(), *NOT_THERE):
        assert answers(doors, "POST", place, BODY % slug.encode(), **guess)[0] == 403, slug


def test_who_shows_a_bots_secret_is_told_that_another_must_be_named(doors: Doors) -> None:
    place = f"/v1/integrations/facebook/webhook?token={doors.words['page']}"
    status, told = answers(doors, "POST", place, BODY % b"nobody")
    assert (status, str(told).count("which bot?")) == (400, 1)


@pytest.mark.parametrize("named", ["\\ud83d", "\\ud83d\\ude00", "\\u0000", "%2F"])
def test_a_name_that_no_bot_can_have_is_refused_like_any_other(doors: Doors, named: str) -> None:
    """Half an emoji is JSON, and no UTF-8."""
    for body in (f'{{"botId": "{named}"}}', f'{{"botId": "{named}", "message": {{}}}}'):
        assert answers(doors, "POST", "/v1/integrations/facebook/webhook", body.encode())[0] in (400, 401, 403)
