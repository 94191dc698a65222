"""Enhanced Chat as a desk: where conversations are opened, and what of them is kept."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
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
from interconnections.desks.enhanced_chat.chat import EnhancedChatChat
from interconnections.desks.enhanced_chat.checks import checks
from interconnections.desks.enhanced_chat.client import EnhancedChat
from interconnections.desks.enhanced_chat.configuration import doubts, is_parameter, mistakes
from interconnections.desks.enhanced_chat.event_text import told
from interconnections.desks.enhanced_chat.events import read_kept
from interconnections.desks.enhanced_chat.exchange import Deployment
from interconnections.desks.enhanced_chat.ids import conversation_id
from interconnections.desks.enhanced_chat.session import token_for
from interconnections.desks.news import News, Rule
from interconnections.errors import DeskError
from interconnections.one_by_one import OneByOne
from interconnections.secret import Secret
from interconnections.wire import Wire

# A worker of the release before takes every conversation for Live Agent's; what it cannot read it gives back.
NONE_OF_LIVE_AGENT = "none"
FORGOTTEN = 86_400_000  # ms: a conversation waits for us as long as its token can be renewed

AT_ONCE, BETWEEN = 50, 0.01  # streams that a process opens at once, and seconds between two after that


class EnhancedChatDesk:
    label: ClassVar[str] = "Enhanced Chat (Messaging for In-App and Web)"
    stages: ClassVar[Mapping[str, str]] = {}
    text_limit: ClassVar[int] = 4000
    waits: ClassVar[bool] = False
    files_when_asked: ClassVar[bool] = False
    pace: ClassVar[Pace | None] = Pace(10, 5.0)  # a message every 5 s after 10: 22 within any minute (section 7)
    deployment: ClassVar[str] = "es_developer_name"
    by_button: ClassVar[bool] = False
    must_be_whole: ClassVar[bool] = True
    about: ClassVar[Promise] = _(
        "Only where the chat API is Enhanced Chat: the Custom Client deployment, how users are "
        "verified, and what the agents' desk is told of them. docs/enhanced-chat.md leads through Setup."
    )
    columns: ClassVar[Columns] = (
        "es_developer_name",
        "user_verification",
        ("verification_issuer", "verification_audience"),
        "verification_key_id",
        "verification_key",
        "routing_attributes",
    )

    def __init__(self, wire: Wire, host: Host) -> None:
        self.client, self.host, self._opening = EnhancedChat(wire), host, OneByOne(AT_ONCE, BETWEEN)

    @staticmethod
    def mistakes(org: Org) -> Sentences:
        return mistakes(org)

    @staticmethod
    def doubts(org: Org) -> Sentences:
        return doubts(org)

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
        """Call 17: out of its business hours nobody is there."""
        try:
            hours = await self.client.business_hours(deployment_of(org, route))
        except DeskError:
            return Availability()
        return Availability(hours.open_at(int(time.time() * 1000)))

    async def open(self, org: Org, route: Route, visitor: Visitor, url: str) -> Opened:
        """A token and an id of ours: at Salesforce nothing is made but a user."""
        deployment = deployment_of(org, route)
        token = await token_for(self.client, self.host, org, deployment, visitor.provider, visitor.user_id)
        fields = {
            "ack": token.last_event_id,
            "epoch": "0",
            "sequence": "0",
            "window": str(FORGOTTEN),
            "apiVersion": NONE_OF_LIVE_AGENT,
            "chatUrl": deployment.url,
            "organizationId": deployment.org_id,
            "esDeveloperName": deployment.name,
            "userVerification": org.user_verification,
            "routingAttributes": json.dumps(attributes(org.routing_attributes, visitor), ensure_ascii=False),
            "language": visitor.language,
        }
        return Opened(conversation_id(), fields, {"sessionKey": token.value})

    def chat(
        self, fields: Mapping[str, str], secrets: Mapping[str, Secret], org: Org | None, keeper: Keeper | None
    ) -> EnhancedChatChat:
        return EnhancedChatChat(self.client, self.host, self._opening, fields, secrets, keeper)


def deployment_of(org: Org, route: Route) -> Deployment:
    return Deployment(org.chat_url, org.organization_id, route.es_developer_name or org.es_developer_name)


def attributes(wanted: Mapping[str, str], visitor: Visitor) -> dict[str, str]:
    """`wanted`: what we know, or a key of extraData -> the channel's parameter.  Without what is empty."""
    known = {
        "name": visitor.name,
        "email": visitor.email,
        "phone": visitor.phone,
        "userId": visitor.user_id,
        "caseId": visitor.case_id,
        "contactId": visitor.contact_id,
        "provider": visitor.provider,
    }
    found = {parameter: known.get(source, visitor.extra.get(source)) for source, parameter in wanted.items()}
    return {
        parameter: str(value).strip()
        for parameter, value in found.items()
        if is_parameter(parameter)
        and isinstance(value, str | int | float)
        and not isinstance(value, bool)
        and str(value).strip()
    }
