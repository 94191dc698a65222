"""The agents' side: a folder and a line in DESKS for each kind of desk; `records` keeps contacts, cases and files."""

from interconnections.desks.desk import Desk
from interconnections.desks.enhanced_chat.desk import EnhancedChatDesk
from interconnections.desks.live_agent.desk import LiveAgentDesk

FIRST = "live_agent"  # the desk of what was opened before there were several

# By an org's `chat_api`.
DESKS: dict[str, type[Desk]] = {
    "live_agent": LiveAgentDesk,
    "enhanced_chat": EnhancedChatDesk,
}
