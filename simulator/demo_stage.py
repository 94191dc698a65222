"""The demo's stage: several bots on both desks, as docs/bots.md knows them, and the words for its shell."""

import secrets

from simulator.bot_program import BotProgram
from simulator.configuration import (
    BOT,
    ORDER_FIELD,
    Row,
    cloud_bot,
    enhanced_org,
    login,
    messenger_bot,
    org,
    page_bot,
    route,
    tells_of_files,
    whatsapp_bot,
)
from simulator.graph import accounts
from simulator.stage import Stage
from simulator.verification import Verification

STUDIO, PAGE, SIGNED, MESSAGING = "demo-ng", "demo-fb", "signed-fb", "demo-messaging"
CLOUD, META_PAGE = "demo-cloud", "demo-page"
TEMPLATE = {"reopen_template": "reopen", "reopen_language": "es_MX"}
AT_META = {  # slug -> the word for its provider, and its number or page
    CLOUD: ("whatsapp", accounts.NUMBER),
    META_PAGE: ("facebook", accounts.PAGE),
}
NAMED = {  # slug -> the wire's word for its provider, and the id under which its platform knows it
    BOT: ("whatsapp", "525500009999"),
    STUDIO: ("whatsapp", "525500008888"),
    PAGE: ("facebook", "tienda-fb"),
    SIGNED: ("facebook", "signed-fb"),
    MESSAGING: ("whatsapp", "525500007777"),
}
PEOPLE = [  # besides the phone's own
    ("7766554433221100", "Sofía Luna", PAGE),
    ("5215590001122", "Íñigo Paz", STUDIO),
    ("5215590003344", "Lía Ríos", MESSAGING),
    ("5215590005566", "Noé Vega", CLOUD),
    ("6655443322110099", "Eva Sol", META_PAGE),
]


class SeveralBots(Stage):
    """Two bots on WhatsApp, told to take users back by Botrunner and by Studio NG, and two on Messenger.

    Their org speaks Live Agent and has a login: every chat has a contact and a case.  One more bot on WhatsApp has an
    org that speaks Enhanced Chat, with User Verification and without a login: files go into its chats.  Two speak to
    Meta themselves, one on each platform; Salesforce keeps their chats as those of the first four.  That on WhatsApp
    is in front mode, that on Messenger is told of its chats by webhook: `program` listens for both.
    """

    keeps_records = True

    def __init__(self, workers: int = 2, *, redis_url: str = "", environment: dict[str, str] | None = None) -> None:
        super().__init__(workers, redis_url=redis_url, environment=environment)
        self.secrets = {slug: secrets.token_urlsafe(24) for slug in NAMED} | {BOT: self.webhook_secret}
        self.verify_token = secrets.token_urlsafe(12)
        self.verification = Verification()
        self.program = BotProgram(self.directory / "bot-program.log")

    def environment(self) -> dict[str, str]:
        """With the address under which the simulated platform finds us, so that webhooks can be registered."""
        return super().environment() | {"PUBLIC_URL": self.url}

    def fixture(self) -> list[Row]:
        url, secret = self.world.url, self.secrets
        studio = {"state_api": "studio_ng", "state_token": "studio-token"}
        number = {"bot_id": NAMED[STUDIO][1], "phone": f"+{NAMED[STUDIO][1]}"}
        return [
            org(url, **login(url)),
            whatsapp_bot(1, BOT, url, secret[BOT], texts=tells_of_files()),
            whatsapp_bot(2, STUDIO, url, secret[STUDIO], **studio, **number),
            messenger_bot(3, PAGE, url, secret[PAGE], bot_id=NAMED[PAGE][1], phone="100200300"),
            messenger_bot(
                4, SIGNED, url, secret[SIGNED], webhook_auth="signature", verify_token=self.verify_token
            ),
            *(route(pk, pk) for pk in (1, 2, 3, 4)),
            enhanced_org(url, 2, **self.verification.fields()),
            whatsapp_bot(
                5, MESSAGING, url, secret[MESSAGING], org=2, bot_id=NAMED[MESSAGING][1],
                phone=f"+{NAMED[MESSAGING][1]}", **studio,
            ),
            route(5, 5, ""),
            cloud_bot(
                6, url, CLOUD, verify_token=self.verify_token, texts=tells_of_files(), **TEMPLATE,
                forward_url=f"{self.program.url}/webhook",
            ),
            page_bot(
                7, url, META_PAGE, verify_token=self.verify_token, texts=tells_of_files(), state_api="webhook",
                state_url=f"{self.program.url}/chats", state_token=self.program.secret,
            ),
            route(6, 6),
            route(7, 7),
        ]  # fmt: skip

    def introduce(self) -> None:
        self.program.start()
        super().introduce()
        self.verification.register(self.world)
        fields = self.world.ask("GET", "/org")["setup"]["fields"]
        self.world.ask("PUT", "/org", {"fields": fields | {"Case": [*fields.get("Case", []), ORDER_FIELD]}})
        own = {slug: self.webhook_of(provider, slug, self.secrets[slug]) for slug, (provider, _) in NAMED.items()}
        self.world.ask("PUT", "/platform", {"webhook": {"whatsapp": own[BOT], "facebook": own[PAGE], **own}})
        bots = [{"slug": slug, "provider": provider, "bot_id": id} for slug, (provider, id) in NAMED.items()]
        bots = [bot for bot in bots if bot["slug"] != SIGNED]
        for slug, (provider, account) in AT_META.items():
            self.subscribe(slug, account, self.verify_token)
            bots.append({"slug": slug, "provider": provider, "bot_id": account, "account": account})
        self.world.ask("PUT", "/stage", {"bots": bots})
        for number, name, bot in PEOPLE:
            provider, _ = (NAMED | AT_META)[bot]
            self.world.ask("PUT", f"/phones/{number}", {"name": name, "bot": bot, "provider": provider})
            if bot in AT_META:
                self.world.ask("PUT", f"/graph/people/{number}", {"name": name})

    def _down(self) -> None:
        super()._down()
        self.program.stop()

    def words(self) -> dict[str, str]:
        """What docs/bots.md calls $BRIDGE, $SECRET and so on."""
        return {
            "BRIDGE": self.url,
            "SECRET": self.secrets[BOT],
            "PAGE_SECRET": self.secrets[PAGE],
            "SIGNING_SECRET": self.secrets[SIGNED],
            "VERIFY_TOKEN": self.verify_token,
        }
