"""The users' side: a folder and a line in PLATFORMS for each way to users, in STATE_APIS for each way to tell a bot.

platform.py says what each has to do; messages.py has the words that all share.
"""

from interconnections.platforms.botrunner import Botrunner
from interconnections.platforms.messenger.platform import Messenger
from interconnections.platforms.platform import Platform, StateApi
from interconnections.platforms.studio_ng import StudioNG
from interconnections.platforms.webhook import StateWebhook
from interconnections.platforms.whatsapp_cloud.platform import WhatsAppCloud
from interconnections.platforms.yalo.platform import Yalo

# By a bot's `platform`; the first is a new bot's.
PLATFORMS: dict[str, type[Platform]] = {
    "yalo": Yalo,
    "messenger": Messenger,
    "whatsapp_cloud": WhatsAppCloud,
}
# By a bot's `state_api`.
STATE_APIS: dict[str, type[StateApi]] = {
    "botrunner": Botrunner,
    "studio_ng": StudioNG,
    "webhook": StateWebhook,
}
