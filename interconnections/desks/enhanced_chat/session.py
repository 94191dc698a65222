"""One user's access to Enhanced Chat: the token, renewed before it ends and after a 401 (section 3)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import structlog

from interconnections.desks import jwt
from interconnections.desks.desk import Host, Keeper, Org
from interconnections.desks.enhanced_chat.client import EnhancedChat
from interconnections.desks.enhanced_chat.exchange import Access, Deployment
from interconnections.desks.enhanced_chat.tokens import Token, Verification, identity, subject_of
from interconnections.errors import DeskUnwell, SessionLost, TokenExpired, VerificationFailed
from interconnections.secret import Secret

T = TypeVar("T")
ANONYMOUS, VERIFIED = "none", "jwt"  # an org's user_verification
EARLY = 120.0  # seconds before its end at which a token is renewed
TOKENS, EVERY = 8, 0.3125  # at once, and seconds between two: no minute of an org has more than 200 (section 7)

log = structlog.get_logger("bridge.enhanced_chat")


async def token_for(
    client: EnhancedChat, host: Host, org: Org, deployment: Deployment, provider: str, user_id: str
) -> Token:
    """A token for this user, when it is our turn.  Raises VerificationFailed where our signature is not known."""
    await host.turn(f"tokens:{deployment.org_id}", TOKENS, EVERY)
    if org.user_verification != VERIFIED:
        return await client.anonymous_token(deployment)
    own = Verification(
        org.verification_issuer, org.verification_audience, org.verification_key_id, org.verification_key
    )
    try:
        return await client.verified_token(deployment, identity(own, subject_of(provider, user_id), time.time()))
    except VerificationFailed:
        host.count("verification failed")
        raise


class Session:
    """`fields`, `secrets`: of the interconnection, as stored."""

    def __init__(
        self,
        client: EnhancedChat,
        host: Host,
        keeper: Keeper | None,
        fields: Mapping[str, str],
        secrets: Mapping[str, Secret],
    ) -> None:
        self.client, self.host, self.keeper = client, host, keeper
        self.id = fields["sessionId"]
        self.verified = fields.get("userVerification") == VERIFIED
        self._user = (fields.get("provider", ""), fields.get("userId", ""))
        deployment = Deployment(
            fields.get("chatUrl", ""), fields.get("organizationId", ""), fields.get("esDeveloperName", "")
        )
        self.access = Access(deployment, secrets.get("sessionKey", Secret("")))
        self._expires = jwt.expiry(self.access.token)
        self._one_at_a_time = asyncio.Lock()

    async def call(self, exchange: Callable[[Access], Awaitable[T]]) -> T:
        """`exchange`, and once more under another token where this one is no longer taken (section 7, 401)."""
        used = self.access.token
        try:
            return await exchange(self.access)
        except TokenExpired:
            await self.renew(used)
        try:
            return await exchange(self.access)
        except TokenExpired:
            raise DeskUnwell("a new access token is not taken either") from None

    async def renew_early(self) -> None:
        """While the old one is still good; without it no call would fail, so that a failure can wait."""
        if not self.verified or self._expires is None or self._expires - time.time() > EARLY:
            return
        try:
            await self.renew(self.access.token)
        except DeskUnwell as trouble:
            if self._expires < time.time():
                raise
            log.warning("token not renewed yet", session=self.id, why=str(trouble))

    async def renew(self, used: Secret) -> None:
        """Unless somebody did it since `used`.  Raises SessionLost where the user cannot be known again."""
        async with self._one_at_a_time:
            if self.access.token != used:
                return
            org = await self.keeper.org() if self.keeper else None
            if not self.verified or org is None:
                raise SessionLost("the access token ended, and nothing else shows who the user is")
            try:
                token = await token_for(self.client, self.host, org, self.access.deployment, *self._user)
            except VerificationFailed as refusal:  # in mid-chat: whoever turned a key may turn it back
                raise DeskUnwell(str(refusal), wait=15.0) from None
            self.access = replace(self.access, token=token.value)
            self._expires = token.expires
            if self.keeper:
                await self.keeper.put({}, {"sessionKey": token.value})
            self.host.count("tokens renewed")
