"""Live Agent as a desk: where chats are opened, and what of them is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interconnections.desks.desk import (
    Availability,
    Check,
    Columns,
    Host,
    Keeper,
    Line,
    Opened,
    Org,
    Pace,
    Route,
    Sentences,
    Visitor,
)
from interconnections.desks.hosts import moved_to
from interconnections.desks.live_agent.chat import LiveAgentChat
from interconnections.desks.live_agent.checks import checks
from interconnections.desks.live_agent.client import Deployment, LiveAgent
from interconnections.desks.live_agent.configuration import mistakes
from interconnections.desks.live_agent.event_text import STAGES, told
from interconnections.desks.live_agent.events import read_kept
from interconnections.desks.news import News, Rule
from interconnections.pieces import LONGEST_TEXT
from interconnections.secret import Secret
from interconnections.wire import Wire


class LiveAgentDesk:
    label: ClassVar[str] = "Live Agent (Chat REST API)"
    stages: ClassVar[Mapping[str, str]] = STAGES
    text_limit: ClassVar[int] = LONGEST_TEXT
    waits: ClassVar[bool] = True
    files_when_asked: ClassVar[bool] = True
    pace: ClassVar[Pace | None] = None
    deployment: ClassVar[str] = "deployment_id"
    by_button: ClassVar[bool] = True
    must_be_whole: ClassVar[bool] = False  # it says by itself what it does not know, and did so from the start
    about: ClassVar[Promise] = _("Only where the chat API is Live Agent: which deployment the chats are opened for.")
    columns: ClassVar[Columns] = ("deployment_id", "api_version")

    def __init__(self, wire: Wire, host: Host) -> None:
        self.client = LiveAgent(wire)

    @staticmethod
    def mistakes(org: Org) -> Sentences:
        return mistakes(org)

    @staticmethod
    def doubts(org: Org) -> Sentences:
        return {}

    @staticmethod
    def describe(type: str, kept: str, applies: Callable[[Rule], bool]) -> Line | None:
        return told(type, kept, applies)

    @staticmethod
    def read_kept(type: str, kept: str) -> News | None:
        return read_kept(type, kept)

    @staticmethod
    async def check(org: Org, routes: Sequence[tuple[Route, str]], wire: Wire) -> list[Check]:
        return await checks(org, routes, wire)

    async def available(self, org: Org, route: Route) -> Availability:
        """Section 10; where it names another server, that one is asked."""
        deployment = deployment_of(org)
        told = await self.client.availability(deployment, route.button_id)
        url = moved_to(told.moved, org.chat_url)
        if url:
            told = await self.client.availability(replace(deployment, url=url), route.button_id)
        return Availability(told.open, url)

    async def open(self, org: Org, route: Route, visitor: Visitor, url: str) -> Opened:
        """Section 4.1.  Sequence 1 is ChasitorInit's from the start."""
        deployment = deployment_of(org)
        if url:
            deployment = replace(deployment, url=url)
        session = await self.client.open_session(deployment)
        fields = {
            "ack": "-1",
            "offset": "0",
            "epoch": "0",
            "sequence": "1",
            "chatUrl": deployment.url,
            "apiVersion": str(deployment.api_version),
            "pollTimeout": str(session.poll_timeout),
            "buttonId": route.button_id,
            "language": visitor.language,
        }
        return Opened(session.id, fields, {"sessionKey": session.key, "affinityToken": session.affinity})

    def chat(
        self, fields: Mapping[str, str], secrets: Mapping[str, Secret], org: Org | None, keeper: Keeper | None
    ) -> LiveAgentChat:
        return LiveAgentChat(self.client, fields, secrets, org, keeper)


def deployment_of(org: Org) -> Deployment:
    return Deployment(org.chat_url, org.organization_id, org.deployment_id, org.api_version)
