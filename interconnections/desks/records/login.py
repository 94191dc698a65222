"""Logging in at Salesforce (salesforce-data-api.md section 1): three flows, one token endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from interconnections.desks import jwt
from interconnections.desks.hosts import moved_to
from interconnections.desks.loosely import parsed
from interconnections.desks.records.login_address import audience
from interconnections.errors import LoginRefused, RecordsUnwell
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable, Wire

TIMEOUT = 20.0  # seconds of silence
ASSERTED_FOR = 170  # seconds; Salesforce takes three minutes at most


@dataclass(frozen=True, slots=True)
class Credentials:
    """`flow`: password | jwt_bearer | client_credentials; `login_url`: scheme and host."""

    flow: str
    login_url: str
    client_id: str
    client_secret: Secret
    username: str
    password: Secret
    security_token: Secret
    private_key: Secret


@dataclass(frozen=True, slots=True)
class Token:
    """Section 1.3.  `instance_url`: scheme and host of every data call made with it."""

    value: Secret
    instance_url: str


def _password(own: Credentials, now: float) -> dict[str, str]:
    return {
        "grant_type": "password",
        "client_id": own.client_id,
        "client_secret": own.client_secret.reveal(),
        "username": own.username,
        "password": own.password.reveal() + own.security_token.reveal(),
    }


def _client_credentials(own: Credentials, now: float) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": own.client_id,
        "client_secret": own.client_secret.reveal(),
    }


def _jwt_bearer(own: Credentials, now: float) -> dict[str, str]:
    return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion(own, now)}


FLOWS: dict[str, Callable[[Credentials, float], dict[str, str]]] = {
    "password": _password,
    "client_credentials": _client_credentials,
    "jwt_bearer": _jwt_bearer,
}


def assertion(own: Credentials, now: float) -> str:
    """Section 1.2: the signed JWT; `now`: seconds since 1970.  Raises LoginRefused without a key to sign with."""
    claims = {
        "iss": own.client_id,
        "sub": own.username,
        "aud": audience(own.login_url),
        "exp": int(now) + ASSERTED_FOR,
    }
    try:
        return jwt.signed(claims, own.private_key)
    except jwt.UnreadableKey as error:
        raise LoginRefused(f"the private key cannot be read: {error}") from None


async def log_in(wire: Wire, own: Credentials, now: float) -> Token:
    """One exchange.  Raises LoginRefused (mend it), RecordsUnwell (repeat it)."""
    form = FLOWS[own.flow](own, now)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        reply = await wire.send(
            "POST",
            f"{own.login_url}/services/oauth2/token",
            headers=headers,
            body=urlencode(form).encode(),
            timeout=TIMEOUT,
        )
    except Unreachable as trouble:
        raise RecordsUnwell(f"no answer to the login: {trouble}", undone=True) from None
    return read_token(reply, own.login_url)


def read_token(reply: Reply, login_url: str) -> Token:
    """Sections 1.3 and 1.4."""
    body = parsed(reply.content)
    told = body if isinstance(body, dict) else {}
    error, description = told.get("error"), told.get("error_description")
    if isinstance(error, str) and error and reply.status < 500 and error not in PASSING:
        raise LoginRefused(sentence(error, description if isinstance(description, str) else ""))
    if reply.status in (404, 405, 410) or 300 <= reply.status < 400:
        raise LoginRefused(f"the login address answers {reply.status}: no token is given there")
    if reply.status != 200:
        raise RecordsUnwell(f"the login was answered {reply.status}", undone=True)
    value, named = told.get("access_token"), told.get("instance_url")
    if not isinstance(value, str) or not value or not isinstance(named, str):
        raise RecordsUnwell("the login was answered without a token: is the login address right?", undone=True)
    instance_url = moved_to(named, login_url)
    if not instance_url:
        raise LoginRefused("the login names an instance outside Salesforce's domains; our token does not go there")
    return Token(Secret(value), instance_url)


# Errors that speak of the moment and not of us: `unknown_error: retry your request`.
PASSING = frozenset({"unknown_error", "server_error", "temporarily_unavailable"})
# Section 1.4: (error, words of its description) -> what to mend.  The first row that fits is told.
REFUSALS: tuple[tuple[str, str, str], ...] = (
    ("invalid_grant", "authentication failure",
     "user name, password or security token is wrong, the user is locked, this address is not trusted, or the flow "
     "is blocked in OAuth and OpenID Connect Settings"),
    ("invalid_grant", "hasn't approved",
     "the connected app is not approved for this user: in the app's policies choose “Admin approved users are "
     "pre-authorized” and give the user's permission set to it"),
    ("invalid_grant", "audience",
     "the audience is invalid: the login address must be the production or the sandbox one, as the org is"),
    ("invalid_grant", "assertion",
     "the signed request is not taken: the app's certificate must belong to the private key, the user name must be "
     "the integration user's, and this machine's clock must be right"),
    ("invalid_grant", "not supported on this domain",
     "client credentials are taken at the org's My Domain only: https://….my.salesforce.com as login address"),
    ("invalid_grant", "no client credentials user",
     "the app has no user to run as: choose one under Client Credentials Flow in its policies"),
    ("invalid_grant", "expired access",
     "the signed request had expired: this machine's clock must be right"),
    ("invalid_grant", "", "the login is not taken: look at the user's login history in Setup"),
    ("invalid_client_id", "",
     "the consumer key is wrong; a new app's key is not known for some minutes after it was made"),
    ("invalid_client", "", "the consumer secret is wrong"),
    ("unsupported_grant_type", "", "this flow is not enabled for the app or the org"),
    ("invalid_app_access", "", "the integration user is not approved for the app: give the app its permission set"),
    ("unauthorized_client", "", "the app is not allowed to use this flow"),
    ("inactive_user", "", "the integration user is not active"),
    ("inactive_org", "", "the org is not active"),
    ("rate_limit_exceeded", "", "too many logins of this user in the last hour; they are taken again later"),
    ("login_rate_exceeded", "", "too many logins of this user in the last hour; they are taken again later"),
)  # fmt: skip


def sentence(error: str, description: str) -> str:
    """What to mend, with Salesforce's own two words for it."""
    said = f"{error}: {description}" if description else error
    for known, words, told in REFUSALS:
        if error == known and words in description.casefold():
            return f"{told} ({said[:200]})"
    return f"the login is refused ({said[:200]})"
