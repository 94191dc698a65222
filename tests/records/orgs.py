"""An org's credentials, and sessions without a Redis."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from interconnections.desks.records.login import Credentials, Token
from interconnections.errors import LoginRefused
from interconnections.secret import Secret
from interconnections.wire import Reply

HOST = "https://acme.my.salesforce.com"


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def pem() -> str:
    return key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def credentials(flow: str = "client_credentials", **changes: str) -> Credentials:
    known = {
        "login_url": HOST, "client_id": "3MVG9.key", "client_secret": "s3cret+&", "username": "bridge@acme.example",
        "password": "pass word", "security_token": "TOK", "private_key": "",
    } | changes  # fmt: skip
    secret = {
        name: Secret(known.pop(name)) for name in ("client_secret", "password", "security_token", "private_key")
    }
    return Credentials(flow=flow, **known, **secret)


@dataclass
class Tokens:
    """Hands out token after token and remembers what was asked of it."""

    given: Iterator[int] = field(default_factory=lambda: iter(range(1, 100)))
    now: Token | None = None
    moves: bool = False  # does a login tell another address?
    spoilt_ones: list[Token] = field(default_factory=list)

    async def token(self, refused: Token | None = None) -> Token:
        if self.now is None or self.now == refused:
            self.now = Token(Secret(f"token{next(self.given)}"), HOST)
        return self.now

    async def elsewhere(self, token: Token) -> Token | None:
        return await self.token(refused=token) if self.moves else None

    async def spoilt(self, token: Token) -> None:
        self.spoilt_ones.append(token)
        raise LoginRefused("a token that Salesforce just gave is not taken")


def reply(status: int, body: bytes = b"", usage: str = "") -> Reply:
    return Reply(status, body, headers={"Sforce-Limit-Info": usage} if usage else {})
