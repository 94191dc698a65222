"""The Messenger Platform as a platform: a page's users, reached through Meta's Graph API itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from interconnections import clock
from interconnections.errors import PlatformRefused, PlatformStopped, WindowClosed
from interconnections.items import File, Item, Origin
from interconnections.platforms import callback, meta_row, webhook_proofs
from interconnections.platforms.messages import Told
from interconnections.platforms.messenger import checks, media
from interconnections.platforms.messenger.client import MessengerPlatform
from interconnections.platforms.messenger.outcomes import FAILURES
from interconnections.platforms.messenger.reader import page_ids, read_page
from interconnections.platforms.messenger.settings import MessengerSettings, path_of, settings_of
from interconnections.platforms.messenger.window import CLOSED, human_tag, is_open, long_ago, tag_for
from interconnections.platforms.pace import Pace
from interconnections.platforms.page_kinds import KINDS
from interconnections.platforms.plain import Plain
from interconnections.platforms.platform import BotIds, Check, Recipient, Row, Standing, Upload
from interconnections.platforms.values import Json
from interconnections.webhook_request import WebhookRequest
from interconnections.wire import Wire, host_of

EDGES = {"take": "take_thread_control", "release": "release_thread_control", "pass": "pass_thread_control"}
UNGRANTED = "10"  # with a tag: the app has not its feature
AWAY = "/1545041"  # somebody who is not there, or a window that is closed: Meta's pages disagree (section 7)


class Messenger(Plain):
    label = "Messenger Platform (Meta)"
    providers: tuple[str, ...] = ("messenger",)
    needs: tuple[str, ...] = ("bot_id", "app_id", "api_token")
    columns: tuple[str, ...] = ("graph_version", "app_id", "human_agent", "thread_control", "bot_app_id")
    repeats_for = 7 * 86_400
    # Section 8: 300 calls a second, of which typing and read marks take their share; for one user no number is told.
    pace = Pace(a_second=250)
    kinds: Mapping[str, str] = KINDS
    shows_typing = True
    tells_receipts = True
    shows_quotes = True
    wants_recipient = True
    takes_files = True
    unfetched: Collection[str] = media.UNFETCHED
    never_refuses = True
    tells_standing = True
    gives_secret = True
    live_for = 3_600
    shows_within = 15.0  # an echo comes within a second or two
    failures: Mapping[str, str] = FAILURES

    def __init__(self, wire: Wire) -> None:
        self.client = MessengerPlatform(wire)

    @staticmethod
    def text_limit(provider: str) -> int:
        return media.LIMIT

    @staticmethod
    def settings(row: Row) -> MessengerSettings:
        return settings_of(row)

    @staticmethod
    def mistakes(row: Row) -> Mapping[str, str]:
        wrong = meta_row.mistakes(row)
        if row.bot_id and not row.bot_id.isdecimal():
            wrong["bot_id"] = _("This is the page's id, digits alone; the page's About shows it.")
        for name in ("app_id", "bot_app_id"):
            if (id := getattr(row, name)) and not id.isdecimal():
                wrong[name] = _("An app's id is digits alone; the app's settings show it.")
        if row.thread_control == "pass" and not row.bot_app_id:
            wrong["bot_app_id"] = _("To whom is the talk passed? Give the id of the bot's app.")
        return wrong

    @staticmethod
    def controls(settings: MessengerSettings) -> tuple[str, str]:
        return ("take", settings.control) if settings.control in EDGES else ("", "")

    @staticmethod
    def authenticate(request: WebhookRequest, settings: MessengerSettings) -> None:
        webhook_proofs.check(request, "signature" if settings.signed else "none", settings.webhook_secret)

    @staticmethod
    def handshake(query: Mapping[str, str], settings: MessengerSettings) -> str:
        return webhook_proofs.handshake(query, settings.verify_token)

    @staticmethod
    def bot_ids(body: object) -> BotIds:
        return BotIds("", page_ids(body))

    @staticmethod
    def read(body: object, settings: MessengerSettings) -> Sequence[Told]:
        return read_page(body, settings.ours)

    @staticmethod
    def webhook_path(settings: MessengerSettings) -> str:
        return path_of(settings.slug)

    async def send(self, settings: MessengerSettings, to: Recipient, item: Item, id: str, quotes: str = "") -> str:
        """A file goes as what it is, else as a file."""
        first, *others = media.messages(item)
        try:
            return await self._quoting(settings, to, item, first, id, quotes)
        except PlatformRefused as refused:
            if refused.code not in media.OTHERWISE or not others:
                raise
        return await self._quoting(settings, to, item, others[0], id, quotes)

    async def upload(self, settings: MessengerSettings, file: File, upload: Upload) -> File:
        """What it does not take for what its type says it takes as a file, and it is sent as one."""
        kind = media.attachment_type(upload.mime)
        try:
            return replace(file, id=await self.client.upload(settings, kind, upload), mime=upload.mime)
        except PlatformRefused as refused:
            if refused.code != media.NO_SUCH_TYPE or kind == "file":
                raise
        return replace(file, id=await self.client.upload(settings, "file", upload), mime="")

    async def typing(self, settings: MessengerSettings, to: Recipient, on: bool) -> None:
        """Who types has read: the mark is a request of its own here."""
        if on:
            await self._act(settings, to, "mark_seen")
        await self._act(settings, to, "typing_on" if on else "typing_off")

    async def seen(self, settings: MessengerSettings, to: Recipient) -> None:
        await self._act(settings, to, "mark_seen")

    async def control(self, settings: MessengerSettings, to: Recipient, word: str) -> None:
        await self.client.control(settings, to.user, EDGES[word], settings.bot_app if word == "pass" else "")

    async def register(self, settings: MessengerSettings, url: str) -> None:
        """The page's events go to our app, and the app's to `url`; not where somebody chose another address for them.

        An app has one for all its pages.
        """
        await self.client.subscribe(settings)
        if not (settings.verify_token and settings.webhook_secret):
            return  # then it is set in Meta's dashboard
        there = checks.callback_of(await self.client.callbacks(settings))
        if there and there != url:
            raise PlatformRefused(
                f"the page is subscribed, but its app sends webhooks to {host_of(there)}, not to this bot: "
                "change the callback URL in the app's dashboard"
            )
        if there:
            return
        try:
            await self.client.call_back(settings, url)
        except PlatformRefused as refusal:
            raise PlatformRefused(callback.refused(refusal, url), refusal.code) from None

    async def remove(self, settings: MessengerSettings, url: str) -> None:
        await self.client.unsubscribe(settings)

    async def standing(self, settings: MessengerSettings) -> Standing:
        return Standing(subscribed=await checks.is_subscribed(self.client, settings))

    async def check(self, settings: MessengerSettings) -> list[Check]:
        return await checks.check(self.client, settings)

    async def _act(self, settings: MessengerSettings, to: Recipient, action: str) -> None:
        """Nothing where the window is closed: it would be refused."""
        if is_open(to, by_human=settings.human_agent, now=_now()):
            await self.client.act(settings, to.user, action)

    async def _quoting(
        self, settings: MessengerSettings, to: Recipient, item: Item, message: Json, id: str, quotes: str
    ) -> str:
        """What it answers may be gone there; the words count more than what they answer."""
        try:
            return await self._in_window(settings, to, item, message, id, quotes)
        except PlatformRefused as refused:
            if not quotes or refused.code != "100":
                raise
        return await self._in_window(settings, to, item, message, id, "")

    async def _in_window(
        self, settings: MessengerSettings, to: Recipient, item: Item, message: Json, id: str, quotes: str
    ) -> str:
        """Raises WindowClosed before anything is asked, where we know it; Meta's own clock has the last word."""
        now, by_human = _now(), settings.human_agent and item.origin is Origin.AGENT
        tag = tag_for(to, by_human=by_human, now=now)
        if not tag:
            try:
                return await self.client.say(settings, to.user, message, id=id, quotes=quotes)
            except WindowClosed:
                tag = human_tag(to, by_human=by_human, now=now)
            except PlatformRefused as refused:
                if refused.code.endswith(AWAY) and long_ago(to, now=now):
                    raise WindowClosed(str(refused), refused.code) from None
                raise
        try:
            return await self.client.say(settings, to.user, message, id=id, tag=tag, quotes=quotes)
        except PlatformStopped as stopped:
            if stopped.code != UNGRANTED:
                raise
        # The row says that the feature is granted, and Meta does not: that closes one user's window, not the bot.
        raise WindowClosed("Human Agent is not granted to the app", CLOSED)


def _now() -> int:
    return int(clock.now())
