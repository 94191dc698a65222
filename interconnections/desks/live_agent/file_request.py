"""The agent's request for a file, from the moment they press the button until it is served or withdrawn.

Kept sealed: its token lets anybody put a file into the chat (salesforce-live-agent.md section 9).
"""

import json

from interconnections.desks.news import FileTransfer
from interconnections.errors import Undecipherable
from interconnections.secret import Secret, seal, unseal


def stored(asked: FileTransfer) -> str:
    return seal(Secret(json.dumps([asked.upload_url, asked.token.reveal()])))


def read(kept: str) -> FileTransfer | None:
    """None for none, or for one that no key opens any more."""
    try:
        url, token = json.loads(unseal(kept).reveal()) if kept else ("", "")
    except Undecipherable:
        return None
    return FileTransfer("Requested", upload_url=url, token=Secret(token)) if url else None
