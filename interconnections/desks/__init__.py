"""The agents' side: a folder and a line in DESKS for each kind of desk; `records` keeps contacts, cases and files."""

from collections.abc import Callable

from interconnections.desks.desk import Desk
from interconnections.desks.live_agent.desk import LiveAgentDesk
from interconnections.wire import Wire

# By an org's `chat_api`.
DESKS: dict[str, Callable[[Wire], Desk]] = {
    "live_agent": LiveAgentDesk,
}
