"""What a play's user sends that is no text: a photo and a voice note, made here, as a phone would make them."""

import struct
import zlib

WIDTH, HEIGHT = 320, 240
WALL, FLOOR, BOX, TAPE, TORN = b"\xd8\xe2\xea", b"\xb4\xa0\x8c", b"\xc4\x95\x5c", b"\xe6\xcf\x9c", b"\x4a\x33\x1e"
SILENCE = b"\xf8\xff\xfe"  # an Opus packet of 20 ms
RATE = 48_000


def photo() -> bytes:
    """A box with a torn corner, as PNG."""
    rows = b"".join(b"\0" + _row(y) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _row(y: int) -> bytes:
    behind = WALL if y < 150 else FLOOR
    if not 60 <= y < 200:
        return behind * WIDTH
    torn = max(0, 110 - y)
    box = BOX * 65 + TAPE * 30 + BOX * (65 - torn) + TORN * torn
    return behind * 80 + box + behind * 80


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def voice_note(seconds: float = 3) -> bytes:
    """Silence, in Opus in Ogg (RFC 7845), as WhatsApp records.  At most 5 s: they are one page."""
    packets = [SILENCE] * int(seconds * 50)
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    return _page(0, 2, 0, [head]) + _page(1, 0, 0, [tags]) + _page(2, 4, len(packets) * RATE // 50, packets)


def _page(number: int, flags: int, granule: int, packets: list[bytes]) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    before = b"OggS" + struct.pack("<BBqII", 0, flags, granule, 1, number)
    after = bytes([len(sizes)]) + sizes + b"".join(packets)
    return before + struct.pack("<I", _sum(before + bytes(4) + after)) + after


def _sum(content: bytes) -> int:
    """Ogg's own CRC: no reflection, which zlib's has."""
    found = 0
    for byte in content:
        found ^= byte << 24
        for _ in range(8):
            found = (found << 1 ^ (0x04C11DB7 if found & 0x80000000 else 0)) & 0xFFFFFFFF
    return found
