"""Everything the simulator knows, in one place that the doors share."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

from aiohttp import web

from .desk.floor import Floor
from .enhanced_chat.server import EnhancedChat
from .faults import Faults
from .graph.server import Graph
from .live_agent.sessions import LiveAgent
from .protocol_options import Rules
from .salesforce import prechat
from .salesforce.org import Org
from .traffic import Traffic
from .yalo.platform import Platform


class World:
    """Salesforce's floor and org, Yalo's platform and Meta's, the switches and the faults."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.faults = Faults()
        self.traffic = Traffic()
        self.org = Org(self.rules)
        self.floor = Floor()
        self.live_agent = LiveAgent(self.rules, self.floor, partial(prechat.attach, self.org))
        self.enhanced_chat = EnhancedChat(self.rules, self.floor, partial(prechat.named, self.org))
        self.platform = Platform(self.rules)
        self.graph = Graph(self.rules, self.platform.user)

    def reset(self) -> None:
        """Forget chats, users, records, tokens, faults and switches.

        Yalo and Meta keep the addresses that they were given, Meta and the org what an admin set up.
        """
        fresh = Rules()
        for one in fields(Rules):
            setattr(self.rules, one.name, getattr(fresh, one.name))
        self.faults.clear()
        self.traffic.clear()
        self.live_agent.clear()
        self.enhanced_chat.clear()
        self.floor.clear()
        self.org.clear()
        self.graph.clear()
        self.platform.clear()


WORLD: web.AppKey[World] = web.AppKey("world", World)
