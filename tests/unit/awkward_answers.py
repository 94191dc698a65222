"""Answers as servers write them, sound and unsound, byte for byte; and a server that says them."""

import asyncio
import gzip
import random
import zlib
from urllib.parse import parse_qs, urlsplit

BODY = b'{"messages":[{"type":"ChatMessage"}]}' * 2
PACKED = gzip.compress(BODY, mtime=0)
RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(BODY) + RAW.flush()


def answer(*lines: bytes, body: bytes = b"", status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join([status, *lines, b"", body])


def sized(body: bytes, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return answer(*lines, b"Content-Length: %d" % len(body), body=body, status=status)


def chunks(*bodies: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(body), body) for body in bodies) + end


CHUNKED = b"Transfer-Encoding: chunked"
SOUND = {
    "a length": sized(BODY, b"Content-Type: application/json", b"Retry-After: 7"),
    "no body": sized(b""),
    "chunks": answer(CHUNKED, body=chunks(BODY, b"x", BODY)),
    "chunks with extensions": answer(CHUNKED, body=b"3;a=b\r\nabc\r\n2 \r\nde\r\n0\r\n\r\n"),
    "chunks with trailers": answer(CHUNKED, body=chunks(BODY, end=b"0\r\nX-Sum: 1\r\n\r\n")),
    "two codings": answer(b"Transfer-Encoding: gzip", CHUNKED, body=chunks(BODY)),
    "until it is closed": answer(b"Connection: close", body=BODY),
    "until it is closed, unsaid": answer(body=BODY),
    "of HTTP/1.0": answer(body=BODY, status=b"HTTP/1.0 200 OK"),
    "of HTTP/1.0, kept": sized(BODY, b"Connection: keep-alive", status=b"HTTP/1.0 200 OK"),
    "204": answer(status=b"HTTP/1.1 204 No Content"),
    "304 with a length": answer(b"Content-Length: 10", status=b"HTTP/1.1 304 Not Modified"),
    "after 100": answer(status=b"HTTP/1.1 100 Continue") + sized(BODY),
    "after 103": answer(b"Link: </a>", status=b"HTTP/1.1 103 Early Hints") + sized(BODY),
    "no reason": sized(BODY, status=b"HTTP/1.1 503"),
    "a strange status": sized(BODY, status=b"HTTP/1.1 799 Strange"),
    "bare line ends": sized(BODY).replace(b"\r\n", b"\n"),
    "names in lower case": sized(BODY, b"retry-after: 3", b"connection: close"),
    "Retry-After twice": sized(BODY, b"Retry-After: 3", b"Retry-After: 9"),
    "an empty value": sized(BODY, b"X-Empty:", b"X-Blank:   "),
    "blanks around a value": sized(BODY, b"Retry-After: \t 4 \t"),
    "Latin letters": sized(BODY, b"X-Name: Jos\xe9"),
    "a folded line": sized(BODY, b"X-Long: a\r\n  b"),
    "gzip": sized(PACKED, b"Content-Encoding: gzip"),
    "gzip in chunks": answer(CHUNKED, b"Content-Encoding: gzip", body=chunks(PACKED[:9], PACKED[9:])),
    "deflate": sized(zlib.compress(BODY), b"Content-Encoding: deflate"),
    "deflate without a frame": sized(DEFLATED, b"Content-Encoding: deflate"),
    "a packing of nobody": sized(BODY, b"Content-Encoding: aws-chunked"),
    "nothing, packed": sized(b"", b"Content-Encoding: gzip"),
    "another answer behind": sized(BODY) + sized(b"stray"),
}
UNSOUND = {
    "a length twice": sized(BODY, b"Content-Length: %d" % len(BODY)),
    "garbage behind": sized(BODY) + b"\0\0\0",
    "not HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "a status of letters": sized(BODY, status=b"HTTP/1.1 OK 200"),
    "another protocol": sized(BODY, status=b"ICY 200 OK"),
    "two lengths": sized(BODY, b"Content-Length: 3"),
    "a length of letters": answer(b"Content-Length: ten", body=BODY),
    "a length below zero": answer(b"Content-Length: -1", body=BODY),
    "a chunk of letters": answer(CHUNKED, body=b"xyz\r\nabc\r\n0\r\n\r\n"),
    "a chunk longer than said": answer(CHUNKED, body=b"2\r\nabcdef\r\n0\r\n\r\n"),
    "a line without a colon": sized(BODY, b"Hello"),
    "gzip that is none": sized(BODY, b"Content-Encoding: gzip"),
}


CUT = (
    "a length",
    "two codings",
    "chunks with trailers",
    "until it is closed",
    "204",
    "after 103",
    "bare line ends",
    "gzip in chunks",
)


def mutilated(count: int, seed: int) -> list[bytes]:
    """Each of them one of the above with one to three bytes changed, left out or put in."""
    chance = random.Random(seed)
    return [_mutilated(bytearray(chance.choice([*SOUND.values(), *UNSOUND.values()])), chance) for _ in range(count)]


def _mutilated(said: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        place, byte = chance.randrange(len(said)), chance.choice(b"\r\n :;\0a0f,-\xff\t")
        match chance.randrange(3):
            case 0:
                said[place] = byte
            case 1:
                del said[place]
            case _:
                said.insert(place, byte)
    return bytes(said)


class Saying:
    """Says the answer of that number, `&cut=` so many bytes of it, and hangs up."""

    def __init__(self, said: list[bytes]) -> None:
        self.said = said

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            query = parse_qs(urlsplit(head.split(b" ")[1].decode()).query)
            said = self.said[int(query["n"][0])]
            writer.write(said[: int(query.get("cut", [len(said)])[0])])
            await writer.drain()
        finally:
            writer.close()
