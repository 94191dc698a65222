"""What an agent wrote, as plain words: entities, line breaks and links resolved.  Pure.

Texts may come with HTML entities, and with anchors where a console makes links (section 8, unconfirmed).  Other tags
stay as they are: an agent may well write of <b>.
"""

import html
import re
from html.entities import html5

from interconnections.desks.loosely import Json, objects, text

# None can run over the next `<a`, nor tries a way twice: however hostile the text, it is read once.
TAG = re.compile(r"<(?!/?a[\s>])[^<>]*+>", re.IGNORECASE)
ANCHOR = re.compile(rf"<a\s([^<>]*+)>([^<]*+(?:{TAG.pattern}[^<]*+)*+)</a\s*>", re.IGNORECASE)
ADDRESS = re.compile(r"""(?<![\w-])href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
SURROGATES = range(0xD800, 0xE000)
SHOWN = ("https:", "http:", "mailto:", "tel:")
HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")


def in_words(written: str) -> str:
    if "<" in written:
        written = ANCHOR.sub(_link, BREAK.sub("\n", written))
    return _decoded(written)


def _decoded(written: str) -> str:
    """Entities as they are meant to be written, with their semicolon; `&lt;` is never what was meant.

    Browsers also read the old ones without it (`&copy=1`, `&regions;`): in an address these are parameters.
    """
    return HALVES.sub(_whole, ENTITY.sub(_character, written))


def _character(found: re.Match[str]) -> str:
    """A half of an emoji as that half: old consoles write each as an entity of its own."""
    if named := found[1]:
        return html5.get(f"{named};", found[0])
    digits = found[0][2:-1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(number) if number in SURROGATES else html.unescape(found[0])


def _whole(found: re.Match[str]) -> str:
    """The emoji of two halves; one without its other is nothing."""
    return found[0].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _link(found: re.Match[str]) -> str:
    """`label (address)`, or the one of the two that says it all."""
    label = TAG.sub("", found[2]).strip()
    address = _address(found[1])
    if not address.lower().startswith(SHOWN):
        return label
    scheme, plain = address.split(":", 1)
    shown, plain = _decoded(label), _decoded(plain)
    if shown.rstrip("/") == plain.strip("/"):
        return address if scheme.lower().startswith("http") else label
    return address if shown in ("", f"{scheme}:{plain}") else f"{label} ({address})"


def _address(attributes: str) -> str:
    found = ADDRESS.search(attributes)
    return next((part for part in found.groups() if part), "").strip() if found else ""


def rich_in_words(body: Json) -> str:
    """A menu or buttons of a legacy bot (section 8, RichMessage): what it says, and a line for each choice."""
    choices = [words for name in ("items", "buttons") for row in objects(body.get(name)) if (words := _label(row))]
    return "\n".join(part for part in (_label(body), *(f"• {choice}" for choice in choices)) if part)


def _label(row: Json) -> str:
    return next((in_words(words) for name in ("text", "title", "label") if (words := text(row, name)).strip()), "")
