"""The product's settings, one more platform and one more desk: as a build would have it that knows the two."""

from bridgeproject.settings import *  # noqa: F403
from interconnections.desks import DESKS
from interconnections.platforms import PLATFORMS
from tests.contract.toy import Toy
from tests.contract.toy_desk import ToyDesk

PLATFORMS["toy"] = Toy
DESKS["toy_desk"] = ToyDesk
