"""The two message channels, as Channels consumers: they hear bells and wake lanes, and return at once.

A worker feeds them (worker/channel_listeners.py).  Nothing travels in a bell, so a lost or repeated one is harmless.
"""

from channels.consumer import AsyncConsumer

from interconnections.items import Lane


class LaneConsumer(AsyncConsumer):
    """`scope["rung"]`: the worker's callable (lane, session id); `scope["receipts"]`: the one of (session id)."""

    lane: Lane

    async def dispatch(self, message):  # type: ignore[no-untyped-def]
        # Without the base's look at database connections: a bell has nothing to do with SQL.
        if message.get("type") == "lane.filled":
            await self.lane_filled(message)

    async def lane_filled(self, message: dict[str, str]) -> None:
        self.scope["rung"](self.lane, message.get("session", ""))


class SalesforceMessageConsumer(LaneConsumer):
    """The bell of the lanes that lead to Salesforce, and of what users' phones told, which goes there beside them."""

    lane = Lane.SALESFORCE

    async def dispatch(self, message):  # type: ignore[no-untyped-def]
        if message.get("type") == "receipts.noted":
            self.scope["receipts"](message.get("session", ""))
        else:
            await super().dispatch(message)  # type: ignore[no-untyped-call]


class IntegrationMessageConsumer(LaneConsumer):
    """The bell of the lanes that lead to users and bots."""

    lane = Lane.INTEGRATION
