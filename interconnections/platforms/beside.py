"""What stands beside a message's own words, or behind them: the product that is asked about, the ad that led here.

Pure and tolerant, for every platform that passes WhatsApp's shapes on (whatsapp-cloud-api.md section 4).
"""

from collections.abc import Iterator

from interconnections.platforms.descriptions import advertisement, lines, product
from interconnections.platforms.messages import Attachment
from interconnections.platforms.values import Json, an_object, text

LONGEST_USER = 200  # characters; connect takes no longer ones either
LONGEST_URL = 8_192  # characters of an address that is fetched; no host takes longer ones
LONGEST_MIME = 200  # characters


def beside(message: Json) -> Iterator[Attachment]:
    asked_about = an_object(an_object(message.get("context")).get("referred_product"))
    if asked_about and (words := product(asked_about)):
        yield Attachment("product", "", words)
    led_by = an_object(message.get("referral"))
    if led_by:
        url, link = bounded(text(led_by, "source_url"))
        yield Attachment("referral", url, lines(advertisement(led_by), link))


def bounded(url: str) -> tuple[str, str]:
    """(the address, what is told in words): one that is too long to be fetched is passed on as it stands."""
    return (url, "") if len(url) <= LONGEST_URL else ("", url)
