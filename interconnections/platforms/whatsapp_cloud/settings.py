"""What the WhatsApp Cloud API needs of a bot's row."""

from dataclasses import dataclass
from urllib.parse import quote

from interconnections.platforms.graph import GRAPH, Access
from interconnections.platforms.platform import Row
from interconnections.platforms.whatsapp_cloud.client import Number
from interconnections.secret import Secret


def path_of(slug: str) -> str:
    return f"/v1/bots/{quote(slug, safe='')}/webhook"


@dataclass(frozen=True, slots=True)
class CloudSettings:
    slug: str
    number: Number
    webhook_auth: str
    webhook_secret: Secret
    verify_token: Secret
    template: str
    language: str
    app: str = ""  # ours at Meta, where the row names it

    @property
    def app_secret(self) -> Secret:
        """Empty where no signature is looked at: then nobody has said that it is one."""
        return self.webhook_secret if self.webhook_auth == "signature" else Secret("")


def settings_of(row: Row) -> CloudSettings:
    access = Access(row.api_url.rstrip("/") or GRAPH, row.graph_version.strip("/ "), row.api_token)
    return CloudSettings(
        slug=row.slug,
        number=Number(access, row.bot_id.strip()),
        webhook_auth=row.webhook_auth,
        webhook_secret=row.webhook_secret,
        verify_token=row.verify_token,
        template=row.reopen_template,
        language=row.reopen_language,
        app=row.app_id,
    )
