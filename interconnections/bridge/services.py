"""What every verb needs at hand: the store, the two shores, the configuration."""

import asyncio
from dataclasses import dataclass, field
from typing import Self
from weakref import WeakKeyDictionary

from interconnections.bridge.desk_host import DeskHost
from interconnections.brief_wire import BriefWire
from interconnections.desks import DESKS
from interconnections.desks.desk import Desk
from interconnections.directory import Directory
from interconnections.files.fetch import Fetcher
from interconnections.platforms import PLATFORMS, STATE_APIS
from interconnections.platforms.platform import Platform, StateApi
from interconnections.store.connection import AsyncRedis, shared
from interconnections.tally import Tally
from interconnections.traces.marks import count_losses, traced_wire
from interconnections.transport import new_wire
from interconnections.wire import Counted, Wire


@dataclass(frozen=True)
class Bridge:
    redis: AsyncRedis
    records_wire: Wire
    directory: Directory
    desks: dict[str, Desk]  # by an org's chat_api, and an interconnection's `desk`
    platforms: dict[str, Platform]  # by a bot's `platform`
    lookers: dict[str, Platform]  # likewise, of those that tell how a bot stands; nothing waits for what they ask
    state_apis: dict[str, StateApi]  # by a bot's `state_api`
    files: Fetcher
    forward_wire: Wire  # to bots' own webhooks
    tally: Tally
    # Work that a caller who hangs up must not take along; held here so that it is not collected.
    errands: set[asyncio.Task[object]] = field(default_factory=set)

    @classmethod
    def over(cls, redis: AsyncRedis, wire: Wire) -> Self:
        tally = Tally()
        count_losses(tally.count)
        host = DeskHost(redis, tally)

        def counted(shore: str) -> Wire:
            return traced_wire(Counted(wire, shore, tally.count), shore)

        return cls(
            redis,
            counted("salesforce"),
            Directory(),
            {name: desk(counted(name.replace("_", " ")), host) for name, desk in DESKS.items()},
            {name: platform(counted(name.replace("_", " "))) for name, platform in PLATFORMS.items()},
            {name: platform(BriefWire(wire)) for name, platform in PLATFORMS.items() if platform.tells_standing},
            {name: api(counted(name.replace("_", " "))) for name, api in STATE_APIS.items()},
            Fetcher(),
            counted("forward"),
            tally,
        )


_bridges: WeakKeyDictionary[asyncio.AbstractEventLoop, Bridge] = WeakKeyDictionary()


def here() -> Bridge:
    """The bridge of the running event loop: one a web process."""
    loop = asyncio.get_running_loop()
    found = _bridges.get(loop)
    if found is None:
        found = _bridges[loop] = Bridge.over(shared(), new_wire())
    return found
