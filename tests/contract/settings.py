"""The product's settings, and one more platform: as a build of the product would have it that knows this one."""

from bridgeproject.settings import *  # noqa: F403
from interconnections.platforms import PLATFORMS
from tests.contract.toy import Toy

PLATFORMS["toy"] = Toy
