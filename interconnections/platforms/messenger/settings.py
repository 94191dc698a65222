"""What the Messenger Platform needs of a bot's row."""

from dataclasses import dataclass
from urllib.parse import quote

from interconnections.platforms.graph import GRAPH, Access
from interconnections.platforms.messenger.events import Ours
from interconnections.platforms.platform import Row
from interconnections.secret import Secret


def path_of(slug: str) -> str:
    return f"/v1/bots/{quote(slug)}/webhook"


@dataclass(frozen=True, slots=True)
class MessengerSettings:
    """`control`: none | release | pass; `bot_app`: to whom `pass` passes the talk."""

    slug: str
    ours: Ours
    access: Access
    signed: bool
    webhook_secret: Secret
    verify_token: Secret
    human_agent: bool
    control: str
    bot_app: str


def settings_of(row: Row) -> MessengerSettings:
    """Webhooks are signed with the app's secret, whatever else the row says; `none` is chosen by hand."""
    return MessengerSettings(
        slug=row.slug,
        ours=Ours(row.bot_id.strip(), row.app_id.strip()),
        access=Access(row.api_url.rstrip("/") or GRAPH, row.graph_version.strip("/ "), row.api_token),
        signed=row.webhook_auth != "none",
        webhook_secret=row.webhook_secret,
        verify_token=row.verify_token,
        human_agent=row.human_agent,
        control=row.thread_control,
        bot_app=row.bot_app_id.strip(),
    )
