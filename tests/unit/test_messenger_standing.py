"""Whether a page's messages come to us, by what Meta tells of its subscriptions."""

from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.platforms.messenger.checks import is_subscribed
from tests.unit.bots import bot

OURS = {"id": "7", "subscribed_fields": ["messages", "messaging_postbacks"]}


@pytest.mark.parametrize(
    ("app", "answer", "known"),
    [
        ("7", {"data": [{"id": "8"}, OURS]}, True),
        ("7", {"data": [OURS | {"subscribed_fields": ["messaging_postbacks"]}]}, False),
        ("7", {"data": [{"id": "8", "subscribed_fields": ["messages"]}]}, False),
        ("7", {"data": []}, False),
        ("7", {}, None),
        ("", {"data": [OURS]}, None),
    ],
    ids=["ours", "ours without messages", "another's", "nobody's", "not told", "our app is not named"],
)
async def test_a_page_is_subscribed_where_our_app_hears_its_messages(
    app: str, answer: dict[str, Any], known: bool | None
) -> None:
    async def subscriptions(settings: object) -> dict[str, Any]:
        return answer

    client: Any = SimpleNamespace(subscriptions=subscriptions)
    settings: Any = bot(platform="messenger", app_id=app).settings
    assert await is_subscribed(client, settings) is known
