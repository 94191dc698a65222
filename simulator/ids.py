"""Names and times that the outside worlds mint, in the shapes that the sheets show."""

from __future__ import annotations

import base64
import itertools
import secrets
import time
import uuid

_agents = itertools.count(1)


def now_ms() -> int:
    """Epoch milliseconds, as both worlds write time."""
    return time.time_ns() // 1_000_000


def iso_now() -> str:
    """Now, as the data API writes times: whole seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000+0000", time.gmtime())


def session_id() -> str:
    """The chat session id, also the chatKey of a file upload (§4.1)."""
    return str(uuid.uuid4())


def session_key(session: str) -> str:
    """`{id}!{epoch ms}!{base64 hash}` (§4.1), always with `+`, `/` and `=`: percent-encode it in a path."""
    digest = base64.b64encode(b"\xfb\xef\xff" + secrets.token_bytes(17)).decode()
    return f"{session}!{now_ms()}!{digest}"


def affinity_token() -> str:
    """Eight hex characters, as in the samples (§4.1)."""
    return secrets.token_hex(4)


def agent_user_id() -> str:
    """A Salesforce user id (§8: `005…`)."""
    return f"005{next(_agents):012d}"


def file_token() -> str:
    """The single-use token of one file request (§9)."""
    return f"tok-{secrets.token_hex(8)}"


def message_id(prefix: str) -> str:
    """A platform's message id; random, so that ids of one run never meet those of the last."""
    return prefix + uuid.uuid4().hex
