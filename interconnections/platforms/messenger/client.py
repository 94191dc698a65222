"""One call each of the Messenger Platform's API (messenger-platform.md sections 1, 5 and 6); what they mean to a chat
is platform.py's.

All raise PlatformUnwell (repeat) and PlatformRefused (give up), by the table in outcomes.py.
"""

import json
from collections.abc import Mapping
from urllib.parse import quote

from interconnections.errors import PlatformRefused
from interconnections.multipart import Form, Part
from interconnections.platforms import token_checks
from interconnections.platforms.graph import Access, Graph
from interconnections.platforms.messenger.media import to_keep
from interconnections.platforms.messenger.outcomes import AT_CONTROL, OUTCOMES
from interconnections.platforms.messenger.settings import MessengerSettings
from interconnections.platforms.platform import Upload
from interconnections.platforms.values import Json, text
from interconnections.wire import Wire

FIELDS = (
    "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes", "messaging_handovers",
    "standby", "messaging_referrals", "messaging_policy_enforcement", "message_reactions", "message_edits",
)  # fmt: skip


class MessengerPlatform:
    def __init__(self, wire: Wire) -> None:
        self.graph, self.edges = Graph(wire, OUTCOMES), Graph(wire, AT_CONTROL)

    async def say(
        self, settings: MessengerSettings, user: str, message: Json, *, id: str, tag: str = "", quotes: str = ""
    ) -> str:
        """`message`: a text or an attachment; `id`: ours, which the echo brings back; gives Meta's."""
        body: dict[str, object] = {"recipient": {"id": user}, "messaging_type": "MESSAGE_TAG" if tag else "RESPONSE"}
        if tag:
            body["tag"] = tag
        body["message"] = {**message, "metadata": id}
        if quotes:
            body["reply_to"] = {"mid": quotes}
        return text(await self._post(settings, "messages", body), "message_id")

    async def upload(self, settings: MessengerSettings, kind: str, file: Upload) -> str:
        """Kept for ninety days, and shown to nobody yet; as what it was uploaded it is sent."""
        form = Form(
            [
                Part("message", "application/json", json.dumps(to_keep(kind)).encode()),
                Part("filedata", file.mime, file.content, file.name),
            ]
        )
        edge = _edge(settings, "message_attachments")
        id = text(await self.graph.ask(settings.access, "POST", edge, form=form), "attachment_id")
        if not id:
            raise PlatformRefused("answered an upload without an id")
        return id

    async def act(self, settings: MessengerSettings, user: str, action: str) -> None:
        """typing_on | typing_off | mark_seen: a request of its own, never beside a message."""
        await self._post(settings, "messages", {"recipient": {"id": user}, "sender_action": action})

    async def control(self, settings: MessengerSettings, user: str, edge: str, target: str = "") -> None:
        """`edge`: take_thread_control, …; `target`: the app to which the talk is passed."""
        body: dict[str, object] = {"recipient": {"id": user}}
        if target:
            body["target_app_id"] = int(target) if target.isascii() and target.isdecimal() else target
        _done(await self.edges.ask(settings.access, "POST", _edge(settings, edge), body))

    async def subscribe(self, settings: MessengerSettings) -> None:
        query = {"subscribed_fields": ",".join(FIELDS)}
        _done(await self.graph.ask(settings.access, "POST", _edge(settings, "subscribed_apps"), query=query))

    async def unsubscribe(self, settings: MessengerSettings) -> None:
        _done(await self.graph.ask(settings.access, "DELETE", _edge(settings, "subscribed_apps")))

    async def subscriptions(self, settings: MessengerSettings) -> Json:
        return await self.graph.ask(settings.access, "GET", _edge(settings, "subscribed_apps"))

    async def callbacks(self, settings: MessengerSettings) -> Json:
        """Where the app's webhooks go, and with which fields; asked as the app."""
        return await self.graph.ask(_as_app(settings), "GET", _callbacks(settings))

    async def call_back(self, settings: MessengerSettings, url: str) -> None:
        """To `url`, of which Meta asks the handshake at once."""
        body = {
            "object": "page",
            "callback_url": url,
            "verify_token": settings.verify_token.reveal(),
            "fields": ",".join(FIELDS),
        }
        _done(await self.graph.ask(_as_app(settings), "POST", _callbacks(settings), body))

    async def page(self, settings: MessengerSettings) -> Json:
        """Whose token it is, and how talks are routed there."""
        query: Mapping[str, str] = {"fields": "messaging_feature_status"}
        return await self.graph.ask(settings.access, "GET", "me", query=query)

    async def token(self, settings: MessengerSettings) -> Json:
        """What Meta says of the token, to the app itself where its secret is known: others may not ask."""
        asker = _as_app(settings) if settings.ours.app and settings.webhook_secret else settings.access
        return await token_checks.about(self.graph, asker, settings.access.token)

    async def _post(self, settings: MessengerSettings, edge: str, body: Json) -> Json:
        return await self.graph.ask(settings.access, "POST", _edge(settings, edge), body)


def _edge(settings: MessengerSettings, name: str) -> str:
    return f"{quote(settings.ours.page, safe='')}/{name}"


def _callbacks(settings: MessengerSettings) -> str:
    return f"{quote(settings.ours.app, safe='')}/subscriptions"


def _as_app(settings: MessengerSettings) -> Access:
    return token_checks.as_app(settings.access, settings.ours.app, settings.webhook_secret)


def _done(answer: Json) -> None:
    """`true` comes as a string too (section 1), and so may its opposite."""
    if answer.get("success") in (False, "false"):
        raise PlatformRefused("answered that it was not done")
