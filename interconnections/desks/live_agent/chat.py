"""One chat at Live Agent: polled, told, moved from server to server (salesforce-live-agent.md)."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from interconnections.backoff import backoff
from interconnections.desks import news
from interconnections.desks.desk import Batch, Keeper, Org, Rebase, Ref, Upload
from interconnections.desks.hosts import moved_to
from interconnections.desks.live_agent import file_request
from interconnections.desks.live_agent.client import Access, ChatRequest, Deployment, LiveAgent
from interconnections.desks.live_agent.handover import Handover
from interconnections.desks.live_agent.prechat import attached
from interconnections.desks.live_agent.reader import Session
from interconnections.desks.live_agent.upload import upload
from interconnections.errors import ChatGone, DeskError, DeskRefused, HandedOver, OutOfSequence, PollRefused
from interconnections.secret import Secret

SPARE = 5.0  # seconds beyond clientPollTimeout for which a poll that is not ours may stay open
ASKED = "fileRequest"  # field of the hash

log = structlog.get_logger("bridge.live_agent")


def has_begun(events: Sequence[news.Event]) -> bool:
    """Salesforce speaks of a chat: it took a ChasitorInit, whoever saw the answer."""
    return any(
        isinstance(event.news, (news.Queued, news.AgentJoined, news.Ended, news.NoAgent))
        or (isinstance(event.news, news.SessionData) and bool(event.news.by_user or event.news.by_agent))
        for event in events
    )


def fields_of(offset: int | None, events: Sequence[news.Event], *, started: bool) -> dict[str, str]:
    """What a poll's answer changes in what we keep of the session."""
    fields = {} if offset is None else {"offset": str(offset)}
    if not started and has_begun(events):
        fields["started"] = "1"
    for event in events:
        match event.news:
            case news.FileTransfer(stage="Requested") as asked:
                fields[ASKED] = file_request.stored(asked)
            case news.FileTransfer(stage="Canceled" | "Success" | "Failure"):
                fields[ASKED] = ""
            case news.Moved(url=url):
                fields["switchTo"] = url
    return fields


def switched(session: Session, url: str) -> Rebase:
    """A new session at another server, whose ChasitorInit is still to be sent; it takes number 1."""
    return Rebase(
        fields={
            "wireId": session.id,
            "chatUrl": url,
            "pollTimeout": str(session.poll_timeout),
            "ack": "-1",
            "switchTo": "",
            "handover": "",
            "started": "0",
        },
        secrets={"sessionKey": session.key, "affinityToken": session.affinity},
        sequence=1,
        waits=True,
        counted="switches",
    )


class LiveAgentChat:
    """`org`: for who starts it without a keeper."""

    def __init__(
        self,
        client: LiveAgent,
        fields: Mapping[str, str],
        secrets: Mapping[str, Secret],
        org: Org | None,
        keeper: Keeper | None,
    ) -> None:
        self.client, self._org, self._keeper = client, org, keeper
        self.session_id = fields["sessionId"]
        self.access = Access(
            url=fields.get("chatUrl", ""),
            api_version=int(fields.get("apiVersion") or 58),
            key=secrets.get("sessionKey", Secret("")),
            affinity=secrets.get("affinityToken", Secret("")),
            poll_timeout=int(fields.get("pollTimeout") or 30),
        )
        details, entities = attached(fields.get("contactId", ""), fields.get("caseId", ""))
        self.request = ChatRequest(
            session_id=fields.get("wireId") or fields["sessionId"],
            button_id=fields.get("buttonId", ""),
            visitor_name=fields.get("name", ""),
            language=fields.get("language", ""),
            details=details,
            entities=entities,
        )
        self.learn(fields)
        self.heard_at = time.monotonic()
        self.file_served = ""  # the request that was served last: it can be done once
        self._handover = Handover(self, keeper) if keeper else None
        self._polling: asyncio.Task[object] | None = None
        self._refused = 0  # polls in a row
        self._given: tuple[news.Event, ...] | None = None  # by the last poll; unless stored, the next brings it again
        self._kept: tuple[news.Event, ...] | None = None

    def learn(self, fields: Mapping[str, str]) -> None:
        self.ack = int(fields.get("ack") or -1)
        self.epoch = fields.get("epoch", "0")
        self.offset = int(fields.get("offset") or 0)
        self.started = fields.get("started") == "1"
        self.handover = fields.get("handover", "")  # how far one has come, as `handover` names it; "": there is none
        self.switch_to = fields.get("switchTo", "")  # where Salesforce says that the org is served; "": nothing to do
        self.replays = fields.get("replays") == "1"  # after a hand-over this server was seen to repeat texts
        self.queued = "queuePosition" in fields
        self.file_request = fields.get(ASKED, "")

    @property
    def moving(self) -> bool:
        return bool(self.handover or self.switch_to)

    @property
    def handed_over(self) -> Handover:
        assert self._handover, "only its owner follows a chat"
        return self._handover

    @property
    def keeper(self) -> Keeper:
        assert self._keeper, "only its owner follows a chat"
        return self._keeper

    # Opening

    async def start(self) -> Mapping[str, str]:
        """ChasitorInit (section 4.2): the same request, the same number, however often.

        Raises HandedOver when Salesforce has moved the session meanwhile: the new server tells whether it was taken;
        DeskUnwell while it does not answer: an agent may be in the chat already, so nobody gives it up for that.
        """
        org = await self._keeper.org() if self._keeper else self._org
        if org is None:
            raise DeskRefused("the bot or its org is gone")
        deployment = Deployment(self.access.url, org.organization_id, org.deployment_id, org.api_version)
        try:
            await self.client.request_chat(self.access, deployment, self.request)
        except OutOfSequence as refusal:
            if not refusal.actual:
                raise
            # Number 1 was taken before, by us or a starter who died, and the answer was lost.
        except HandedOver:
            if self._handover:
                await self._handover.begin()
            raise
        self.heard_at = time.monotonic()
        return {"sequence": "1"}  # a new server counts from the start

    async def _switch(self) -> None:
        """A new session at the server that serves this org now; ours keeps its name (rulings 22)."""
        await self.keeper.quiet()
        org = await self.keeper.org()
        url = moved_to(self.switch_to, org.chat_url if org else "")
        if not url or org is None:
            log.warning("not followed to another server", session=self.session_id)
            await self.keeper.put({"switchTo": ""})
            return
        deployment = Deployment(url, org.organization_id, org.deployment_id, org.api_version)
        session = await self.client.open_session(deployment)
        await self.keeper.rebase(self.epoch, switched(session, url))
        self.access = Access(url, self.access.api_version, session.key, session.affinity, session.poll_timeout)
        self.request = replace(self.request, session_id=session.id)
        self.heard_at = time.monotonic()
        log.info("switched to another server", session=self.session_id)

    # From the agent

    async def listen(self, patience: float | None) -> Batch | None:
        """One step: a poll, or whatever a hand-over or a switch of servers wants first."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await self.handed_over.answered(kept)
        try:
            if self.switch_to:
                await self._switch()
                return None
            if not self.handed_over.polling:
                if await self.handed_over.step():
                    self.heard_at = time.monotonic()
                return None
            return await self._polled(patience)
        except HandedOver:
            await self.handed_over.begin()
            return None
        except PollRefused:
            await self._step_back()
            return None

    def kept(self) -> None:
        """The hand-over hears of it before the next poll."""
        self._kept, self._given = self._given, None

    async def _polled(self, patience: float | None) -> Batch | None:
        answer = await self._poll(patience)
        self.heard_at = time.monotonic()
        self._refused = 0
        if answer is None or (answer.sequence == self.ack and self.ack >= 0):
            if answer:  # all up to this number was stored before (section 5: dedupe on session and sequence)
                self.keeper.count("tolerated:answer seen before")
            await self.handed_over.answered(answer.events if answer else ())
            return None
        events = await self.handed_over.compared(answer.events)
        self._given = events
        return Batch(events, str(answer.sequence), fields_of(answer.offset, events, started=self.started))

    async def _poll(self, patience: float | None) -> news.Poll | None:
        """Given up when a POST hears of a hand-over; raises HandedOver then."""
        told = self.handed_over.was_told
        if told():
            raise HandedOver("a POST was told")
        self._polling = task = asyncio.current_task()
        try:
            return await self.client.poll(self.access, self.ack, patience)
        except asyncio.CancelledError:
            if not told() or task is None or task.uncancel():
                raise  # somebody else wants us to stop
            raise HandedOver("a POST was told") from None
        finally:
            self._polling = None

    async def _step_back(self) -> None:
        """The other poll is a frozen owner's; it ends by itself. Who ended the chat for it answers 403 next."""
        self._refused += 1
        self.keeper.count("tolerated:poll refused")
        log.warning("poll refused", session=self.session_id, times=self._refused)
        if time.monotonic() - self.heard_at > self.access.poll_timeout + SPARE:
            raise ChatGone("two polls were open")
        await asyncio.sleep(backoff(self._refused, base=1, cap=3))

    # To the agent

    async def send(self, text: str, ref: Ref) -> Mapping[str, str]:
        epoch = self.epoch
        try:
            await self.client.say(self.access, text, ref.sequence)
        except HandedOver:
            self._hear_of_it(epoch)
            raise
        return {}

    async def end(self, ref: Ref, *, waiting: bool) -> None:
        """Section 7: the polite end; in the queue the session is dropped."""
        epoch = self.epoch
        try:
            if waiting:
                await self.client.drop(self.access)
            else:
                await self.client.end(self.access, ref.sequence)
        except HandedOver:
            self._hear_of_it(epoch)
            raise

    def _hear_of_it(self, epoch: str) -> None:
        """The open poll is of no use any more: it learns of the hand-over now."""
        if self._handover and self._handover.hear(epoch) and self._polling:
            self._polling.cancel()

    @property
    def takes_file(self) -> bool:
        """The agent asked for one, which can be served once (section 9)."""
        return self.file_request != self.file_served and file_request.read(self.file_request) is not None

    def named(self, number: str) -> str:
        return ""

    async def send_file(self, file: Upload, ref: Ref) -> bool:
        asked = file_request.read(self.file_request)
        org = await self.keeper.org()
        if asked is None or org is None:
            return False
        self.file_served = self.file_request
        try:
            await upload(
                self.client.wire,
                asked,
                org_url=self.access.url,
                organization_id=org.organization_id,
                session_id=self.request.session_id,
                name=file.name,
                mime=file.mime,
                content=file.content,
            )
        except DeskError as trouble:
            log.info("the agent's request was not served", session=self.session_id, why=str(trouble))
            return False
        return True

    async def receipts(self, found: Mapping[str, str]) -> None:
        """Its agents are shown none."""

    def served(self) -> Mapping[str, str]:
        """Their request is done with; one that they made meanwhile is not."""
        return {ASKED: ""} if self.file_request and self.file_request == self.file_served else {}

    # Letting go

    async def abandon(self) -> None:
        """It may have been taken, and ring at a desk until it expires."""
        try:
            await self.client.drop(self.access)
        except DeskError as error:
            log.info("session not dropped, it will expire", error=str(error))

    async def close(self) -> None:
        """Nothing is open between two polls."""
