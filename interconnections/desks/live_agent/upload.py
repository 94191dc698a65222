"""The file that an agent asked for (salesforce-live-agent.md section 9): no Live Agent headers here."""

from typing import IO
from urllib.parse import urlencode

from interconnections.desks.hosts import is_theirs
from interconnections.desks.news import FileTransfer
from interconnections.errors import DeskRefused, DeskUnwell
from interconnections.multipart import Form, Part
from interconnections.wire import Unreachable, Wire

TIMEOUT = 60.0  # seconds; they look at the file before they answer


async def upload(
    wire: Wire,
    asked: FileTransfer,
    *,
    org_url: str,
    organization_id: str,
    session_id: str,
    name: str,
    mime: str,
    content: IO[bytes],
) -> None:
    """`session_id`: the wire's, not the whole key; `org_url`: where the session is served.

    Raises DeskRefused: the token is spent or withdrawn, or they do not want this file.  Raises DeskUnwell: nobody
    knows whether it came; the token works once, so FileTransfer Success on the poll may still tell that it did.
    """
    if not is_theirs(asked.upload_url, org_url):
        raise DeskRefused("the agent's file request leads out of Salesforce")
    query = urlencode(
        {
            "orgId": organization_id,
            "chatKey": session_id,
            "fileToken": asked.token.reveal(),
            "encoding": "UTF-8",
        }
    )
    url = f"{asked.upload_url}{'&' if '?' in asked.upload_url else '?'}{query}"
    form = Form([Part("file", mime, content, name)])
    try:
        reply = await wire.send("POST", url, headers={"Content-Type": form.content_type}, body=form, timeout=TIMEOUT)
    except Unreachable as trouble:
        raise DeskUnwell(f"no answer to the upload: {trouble}") from None
    if reply.status >= 500 or reply.status == 429:
        raise DeskUnwell(f"the upload was answered {reply.status}")
    if reply.status != 200:
        raise DeskRefused(f"the upload was answered {reply.status}")
