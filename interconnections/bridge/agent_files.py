"""An agent's file on its way to the user: by its address, uploaded where the platform does not get it there, or as a
link in a text.

Nobody sees anything of an upload, so that it may be repeated; the send is known again by our id of it, as any text's.
As an upload may last longer than a platform takes to show what it was sent, that time begins anew at the send.
"""

from dataclasses import replace

import structlog

from interconnections.bridge.exchange import Exchange
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import FileError, PlatformRefused, PlatformUnwell
from interconnections.items import UPLOAD, File, Item, Kind, Origin
from interconnections.lengths import utf_16_units
from interconnections.platforms import PLATFORMS
from interconnections.platforms.platform import Recipient, Upload

log = structlog.get_logger("bridge.agent_files")


async def send_file(
    bridge: Bridge, bot: Bot, to: Recipient, item: Item, id: str, quotes: str, exchange: Exchange
) -> str:
    """Gives the platform's id of it; raises as `Platform.send`."""
    platform = bridge.platforms[bot.platform]

    async def late(what: Item) -> str:
        return await exchange.begins_late() or await platform.send(bot.settings, to, what, id, quotes)

    if item.file and item.file.id != UPLOAD:
        try:
            return await platform.send(bot.settings, to, item, id, quotes)
        except PlatformRefused as refused:
            if refused.code not in platform.unfetched:
                raise
    try:
        uploaded = await _uploaded(bridge, bot, item)
        return await late(replace(item, file=uploaded))
    except FileError as trouble:
        why = str(trouble)
    except PlatformRefused as refused:
        if refused.code and refused.code not in platform.unfetched:
            raise
        why = str(refused)
    log.warning("an agent's file goes as its link", bot=bot.slug, why=why)
    bridge.tally.count("files out:link")
    return await late(_as_link(item, bot, platform.text_limit(bot.provider)))


async def _uploaded(bridge: Bridge, bot: Bot, item: Item) -> File:
    assert item.file
    file = item.file
    fetched = await bridge.files.fetch(file.url, listed=bot.media_hosts, declared=file.mime, name=file.name)
    with fetched as here:
        upload = Upload(file.name or f"file.{here.type.extension}", here.type.mime, here.content, here.size)
        try:
            found = await bridge.platforms[bot.platform].upload(bot.settings, file, upload)
        except PlatformUnwell as trouble:
            trouble.silent = False  # nobody was shown anything
            raise
    bridge.tally.count("files out:upload")
    return found


def _as_link(item: Item, bot: Bot, limit: int) -> Item:
    assert item.file
    words = item.text if item.text.strip() and utf_16_units(item.text) <= limit else item.file.url
    return Item(Kind.TEXT, item.origin, words, name=item.name)


def again_by_upload(item: Item, code: str, bot: Bot) -> tuple[Item, ...]:
    """Of what the platform took and could not bring: a file that it did not get by its address, to be uploaded."""
    file = item.file
    if file is None or item.origin is not Origin.AGENT or file.id == UPLOAD:
        return ()
    return (replace(item, file=replace(file, id=UPLOAD)),) if code in PLATFORMS[bot.platform].unfetched else ()
