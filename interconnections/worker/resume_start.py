"""Opening a chat in another's place: a start that its starter did not finish, a server that the org left."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import structlog

from interconnections.bridge import transitions
from interconnections.bridge.connect import request_chat
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.services import Bridge
from interconnections.desks import news
from interconnections.desks.live_agent.client import Access, Deployment
from interconnections.desks.live_agent.hosts import moved_to
from interconnections.directory import Bot
from interconnections.errors import DeskError, DeskUnwell, HandedOver
from interconnections.items import Change
from interconnections.lifecycle import Reason
from interconnections.store import handovers
from interconnections.store.polls import Stored

log = structlog.get_logger("bridge.opening")


def has_begun(events: Sequence[news.Event]) -> bool:
    """Salesforce speaks of a chat: it took a ChasitorInit, whoever saw the answer."""
    return any(
        isinstance(event.news, (news.Queued, news.AgentJoined, news.Ended, news.NoAgent))
        or (isinstance(event.news, news.SessionData) and bool(event.news.by_user or event.news.by_agent))
        for event in events
    )


class Opening:
    """`change` stores a Change; `stored` follows a write; `keep` repeats one until Redis takes it."""

    def __init__(
        self,
        bridge: Bridge,
        conversation: Conversation,
        *,
        change: Callable[[Change], Awaitable[None]],
        stored: Callable[[Stored], None],
        keep: Callable[[Callable[[], Awaitable[Stored]]], Awaitable[Stored]],
    ) -> None:
        self.bridge, self.conversation, self.change, self.stored, self.keep = (
            bridge,
            conversation,
            change,
            stored,
            keep,
        )

    async def finish(self, bot: Bot | None) -> None:
        """ChasitorInit, which nobody saw answered: the same request, the same number.

        Raises HandedOver when Salesforce has moved the session meanwhile: the new server tells whether it was taken;
        DeskUnwell while it does not answer: an agent may be in the chat already, so nobody gives it up for that.
        """
        conversation = self.conversation
        if bot is None or bot.org is None:
            await self.change(transitions.failed(bot, Reason.START_FAILED, "the bot or its org is gone"))
            return
        org = bot.org
        deployment = Deployment(conversation.access.url, org.organization_id, org.deployment_id, org.api_version)
        try:
            await request_chat(self.bridge, conversation.access, deployment, conversation.request, tries=1)
        except (HandedOver, DeskUnwell):
            raise
        except DeskError as error:
            await self.change(transitions.failed(bot, Reason.START_FAILED, str(error)))
            with suppress(DeskError):  # it may have been taken, and ring at a desk until it expires
                await self.bridge.live_agent.drop(conversation.access)
            return
        await self.change(Change(fields={"started": "1", "sequence": "1"}))  # a new server counts from the start
        log.info("start finished", session=conversation.session_id)

    async def switch(self, bot: Bot | None) -> None:
        """A new session at the server that serves this org now; ours keeps its name (rulings 22).

        Raises the DeskErrors of opening a session.
        """
        conversation = self.conversation
        org = bot.org if bot else None
        url = moved_to(conversation.switch_to, org.chat_url if org else "")
        if not url or org is None:
            log.warning("not followed to another server", session=conversation.session_id)
            await self.change(Change(fields={"switchTo": ""}))
            return
        deployment = Deployment(url, org.organization_id, org.deployment_id, org.api_version)
        session = await self.bridge.live_agent.open_session(deployment)
        epoch = conversation.epoch
        stored = await self.keep(
            lambda: handovers.switched(
                self.bridge.redis,
                conversation.hold,
                epoch,
                wire_id=session.id,
                url=url,
                key=session.key,
                affinity=session.affinity,
                poll_timeout=session.poll_timeout,
            )
        )
        conversation.access = Access(
            url, conversation.access.api_version, session.key, session.affinity, session.poll_timeout
        )
        conversation.request = replace(conversation.request, session_id=session.id)
        self.stored(stored)
        log.info("switched to another server", session=conversation.session_id)
        await self.finish(bot)
