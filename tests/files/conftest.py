"""A small internet on this machine: hosts by name, over TLS, some public and some not."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from interconnections.files.addresses import Address
from interconnections.files.fetch import Fetcher, Limits
from interconnections.files.resolve import Spot
from tests.records.conftest import acme  # noqa: F401
from tests.simulator.conftest import sim  # noqa: F401

OUTSIDE, INSIDE = IPv4Address("127.0.0.1"), IPv4Address("127.0.0.2")  # the second plays our own network
PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 16_000
HOSTS = ("cdn", "inside", "both", "rebinding")


@dataclass
class Internet:
    """What names resolve to, which is answered one after the other, and who was asked for what."""

    trusted: ssl.SSLContext
    ports: dict[Address, int] = field(default_factory=dict)
    names: dict[str, list[list[Address]]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)  # (host, path)
    plain: int = 0  # port of INSIDE that speaks http

    async def resolve(self, host: str, port: int) -> list[Spot]:
        self.resolved.append(host)
        answers = self.names.get(host, [])
        found = answers.pop(0) if len(answers) > 1 else answers[0] if answers else []
        return [(address, self.ports[address]) for address in found]

    def fetcher(self, **limits: float) -> Fetcher:
        return Fetcher(self.resolve, lambda address: address == OUTSIDE, self.trusted, Limits(**limits))


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a small internet")])
    today = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(f"{name}.test") for name in HOSTS]), critical=False)
        .sign(key, hashes.SHA256())
    )
    own, private = folder / "certificate.pem", folder / "key.pem"
    own.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return own, private


async def photo(request: web.Request) -> web.StreamResponse:
    return web.Response(body=PNG, content_type="image/png")


async def film(request: web.Request) -> web.StreamResponse:
    return web.Response(body=FILM, content_type="video/mp4")


async def moved(request: web.Request) -> web.StreamResponse:
    return web.Response(status=int(request.query.get("status", "302")), headers={"Location": request.query["to"]})


async def says(request: web.Request) -> web.StreamResponse:
    return web.Response(status=int(request.match_info["status"]), headers={"Retry-After": "7"}, body=PNG)


async def hundred_megabytes(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": str(100 * 1024 * 1024)})
    await answer.prepare(request)
    await answer.write(PNG)
    return answer


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(PNG)
        await asyncio.sleep(0)  # else it never hears that nobody listens any more


async def drip(request: web.Request) -> web.StreamResponse:
    """A byte now and then, for ever: no silence is long."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(PNG[:1])
        await asyncio.sleep(0.02)


async def silence(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    await answer.write(PNG)
    await asyncio.sleep(3600)
    return answer


async def cut(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": str(len(PNG) * 2)})
    await answer.prepare(request)
    await answer.write(PNG)
    assert request.transport
    request.transport.close()
    return answer


async def compressed(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"\x1f\x8b" + bytes(100), headers={"Content-Encoding": "gzip"})


async def page(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html><script>alert(1)</script></html>", content_type="image/png")


async def nothing(request: web.Request) -> web.StreamResponse:
    return web.Response(content_type="image/png")


async def headers(request: web.Request) -> web.StreamResponse:
    return web.Response(text=repr(sorted(request.headers)) + request.headers["Accept-Encoding"])


async def behind_headers(request: web.Request) -> web.StreamResponse:
    """With a head as CDNs make it."""
    policy = {"Content-Security-Policy": "x" * int(request.query["size"])}
    return web.Response(body=PNG, content_type="image/png", headers=policy)


async def stored(request: web.Request) -> web.StreamResponse:
    """As a storage keeps what nobody gave a type."""
    encoding = {"Content-Encoding": "aws-chunked"}
    return web.Response(body=b"sku,cantidad\r\nA,2\r\n", content_type="binary/octet-stream", headers=encoding)


HANDLERS = (
    photo, film, moved, hundred_megabytes, endless, drip, silence, cut, compressed, page, nothing, headers,
    behind_headers, stored,
)  # fmt: skip


@pytest.fixture
async def internet(tmp_path: Path) -> AsyncIterator[Internet]:
    """https://<a name>/<a handler>, and http://127.0.0.2:<plain>/<a handler>."""
    own, private = certificate(tmp_path)
    found = Internet(ssl.create_default_context(cafile=str(own)))

    @web.middleware
    async def remembering(request, handler):
        found.asked.append((request.host.partition(":")[0], request.raw_path))
        return await handler(request)

    app = web.Application(middlewares=[remembering])
    for handler in HANDLERS:
        app.router.add_get(f"/{handler.__name__}", handler)
    app.router.add_get("/says/{status}", says)
    app.router.add_get("/stored/{name}", stored)
    app.router.add_get("/{rest:.*}", photo)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(own, private)
    for address in (OUTSIDE, INSIDE):
        site = web.TCPSite(runner, str(address), 0, ssl_context=tls)
        await site.start()
        found.ports[address] = site._server.sockets[0].getsockname()[1]
    plain = web.TCPSite(runner, str(INSIDE), 0)
    await plain.start()
    found.plain = plain._server.sockets[0].getsockname()[1]
    found.names = {"cdn.test": [[OUTSIDE]], "inside.test": [[INSIDE]]}
    yield found
    await runner.cleanup()
