"""A stage whose one bot hands over to Enhanced Chat, with User Verification."""

from simulator.configuration import BOT, Row, enhanced_org, route, whatsapp_bot
from simulator.stage import Stage
from simulator.verification import Verification

UNHURRIED = {"sends_per_second": 10_000, "pair_burst": 100_000, "pair_seconds": 0.001}


class EnhancedChatStage(Stage):
    def __init__(self, workers: int = 2) -> None:
        super().__init__(workers, debug=True)
        self.verification = Verification()

    def fixture(self) -> list[Row]:
        url = self.world.url
        return [
            enhanced_org(url, 1, **self.verification.fields()),
            whatsapp_bot(1, BOT, url, self.webhook_secret, **UNHURRIED),
            route(1, 1, ""),
        ]

    def introduce(self) -> None:
        super().introduce()
        self.verification.register(self.world)
