"""What a conversation holds since a moment, whatever its stream repeats (section 4.7): page by page.

A server that does not go by the moment from which it is asked gives its oldest page again and again: it is asked from
the end then, backwards, down to what is known.  Pages may tell an event twice; its name says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from interconnections.desks import news
from interconnections.desks.enhanced_chat.entries import MOST, Page

PAGES_AT_ONCE = 100  # each is held until it is stored

Count = Callable[[str, int], None]
Pages = list[tuple[news.Event, ...]]


class Ask(Protocol):
    """Call 12: the oldest page of this window of milliseconds, or the newest; 0: open."""

    async def __call__(self, since: int = 0, until: int = 0, *, from_end: bool = False) -> Page: ...


@dataclass(frozen=True, slots=True)
class Found:
    """The oldest page first.  `goes_on`: there is more, to be asked for from this moment on; 0: that is all.

    `hole`: what was said before these pages may be missing, as the server cannot be asked for it.
    """

    pages: Pages
    goes_on: int = 0
    hole: bool = False


async def since(moment: int, ask: Ask, count: Count) -> Found:
    """`moment`: milliseconds, of the latest that is known."""
    pages: Pages = []
    at = moment
    for _ in range(PAGES_AT_ONCE):
        start = max(at - 1, 0)
        page = await ask(since=start)
        if page.unread:
            count("tolerated:entries that are none", page.unread)
        pages.append(page.events)
        if page.rows < MOST:
            return Found(pages)
        if page.last < start:
            count("tolerated:entries of another time than asked for", 1)
            return await _from_the_end(moment, ask, count, pages)
        if page.last <= at:  # a full page of one moment: there is no way to ask for what follows but to go on
            count("tolerated:entries of one moment", 1)
        at = max(page.last, at + 1)
    return Found(pages, at)


async def _from_the_end(moment: int, ask: Ask, count: Count, oldest: Pages) -> Found:
    """Down to `moment`, or as far as the server lets us; behind its `oldest`."""
    pages: Pages = []
    until = 0
    for _ in range(PAGES_AT_ONCE):
        page = await ask(from_end=True, until=until)
        pages.insert(0, page.events)
        if page.rows < MOST or 0 < page.first < moment:
            return Found(oldest + pages)
        if not page.first or 0 < until <= page.first + 1:  # it goes by no moment at all
            break
        until = page.first + 1
    count("tolerated:entries that cannot be asked for", 1)
    return Found(oldest + pages, hole=True)
