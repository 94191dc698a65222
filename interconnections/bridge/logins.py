"""One token per org for all web processes and workers: asked for by one of them, kept in Redis, taken by all.

A refused login is kept as well, for a minute: those who come meanwhile hear the same sentence, and Salesforce is
not asked again (section 1.4: a user can be locked by knocking on).
"""

import time
import uuid
from contextlib import AbstractAsyncContextManager
from dataclasses import fields
from typing import NoReturn

import structlog
from django.utils.crypto import salted_hmac

from interconnections.desks.records.login import Credentials, Token, log_in
from interconnections.errors import LoginRefused, RecordsUnwell
from interconnections.secret import Secret
from interconnections.store import locks, tokens
from interconnections.store.connection import AsyncRedis
from interconnections.wire import Wire

LEASE = 40_000  # ms; longer than one login may take
SPOILT = (
    "Salesforce does not take the token that it just gave: the integration user needs “API Enabled”, and no policy "
    "of the app or the user's profile may bind sessions to another address"
)

log = structlog.get_logger("bridge.logins")


class SharedLogin:
    """Sessions of one org (desks/records/client.py)."""

    def __init__(self, redis: AsyncRedis, wire: Wire, org: str, credentials: Credentials) -> None:
        self.redis, self.wire, self.org, self.credentials = redis, wire, org, credentials
        self._fingerprint = fingerprint(credentials)

    async def token(self, refused: Token | None = None) -> Token:
        """The org's token; when it is `refused`, a newer one.  Raises LoginRefused, RecordsUnwell, StoreAway."""
        if kept := await self._kept(refused):
            return kept
        try:
            async with self._alone():
                return await self._kept(refused) or await self._log_in()  # somebody may have been first
        except TimeoutError:
            raise RecordsUnwell("another process is still logging in at Salesforce", undone=True) from None

    async def elsewhere(self, token: Token) -> Token | None:
        """Who is not first waits for the one who is.  The login is asked once a minute: perhaps nobody has moved."""
        try:
            async with self._alone():
                if kept := await self._kept(token):
                    return kept
                return await self._log_in() if await tokens.doubt(self.redis, self.org) else None
        except (TimeoutError, RecordsUnwell):
            return None

    async def spoilt(self, token: Token) -> None:
        if await self._kept(token) is None:  # else another has logged in meanwhile: the next call is served
            await self._refuse(SPOILT)

    def _alone(self) -> AbstractAsyncContextManager[None]:
        return locks.held(self.redis, [f"login:{self.org}"], uuid.uuid4().hex, LEASE)

    async def _kept(self, refused: Token | None) -> Token | None:
        kept = await tokens.read(self.redis, self.org, self._fingerprint)
        if kept is None:
            return None
        if kept.refused:
            raise LoginRefused(kept.refused)
        token = Token(kept.token, kept.instance_url)
        return None if token == refused else token

    async def _log_in(self) -> Token:
        try:
            token = await log_in(self.wire, self.credentials, time.time())
        except LoginRefused as refusal:
            await self._refuse(str(refusal))
        await tokens.keep(self.redis, self.org, self._fingerprint, token.value, token.instance_url)
        log.info("logged in at Salesforce", org=self.org)
        return token

    async def _refuse(self, sentence: str) -> NoReturn:
        log.error("login refused", org=self.org, why=sentence)
        await tokens.refuse(self.redis, self.org, self._fingerprint, sentence)
        raise LoginRefused(sentence)


def fingerprint(credentials: Credentials) -> str:
    """Tells credentials apart without telling them: keyed by SECRET_KEY."""
    values = [getattr(credentials, field.name) for field in fields(credentials)]
    parts = [value.reveal() if isinstance(value, Secret) else str(value) for value in values]
    return str(salted_hmac("bridge.logins", "\0".join(parts), algorithm="sha256").hexdigest())
