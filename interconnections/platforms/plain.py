"""What a platform does not have, where it says nothing of it: a base for those that only carry texts."""

from collections.abc import Collection, Mapping

from interconnections.errors import FileRefused, PlatformRefused
from interconnections.items import File
from interconnections.platforms.pace import Pace
from interconnections.platforms.platform import PlatformFile, Recipient, Row, Settings, Standing, Upload


class Plain:
    """No limits of its own, no typing, no read marks, no files, no window, no other app beside us."""

    columns: tuple[str, ...] = ()
    pace = Pace()
    kinds: Mapping[str, str] = {}
    shows_typing = False
    tells_receipts = False
    shows_quotes = False
    wants_recipient = False
    takes_files = False
    unfetched: Collection[str] = ()
    never_refuses = False
    tells_standing = False
    gives_secret = False
    hides_files = False
    live_for = 0
    shows_within = 0.0
    failures: Mapping[str, str] = {}

    @staticmethod
    def mistakes(row: Row) -> Mapping[str, str]:
        return {}

    @staticmethod
    def controls(settings: Settings) -> tuple[str, str]:
        return "", ""

    @staticmethod
    def reopens(settings: Settings) -> bool:
        return False

    async def upload(self, settings: Settings, file: File, upload: Upload) -> File:
        raise PlatformRefused("this platform takes no files")

    async def reopen(self, settings: Settings, to: Recipient, id: str) -> str:
        raise PlatformRefused("this platform has no templates")

    async def typing(self, settings: Settings, to: Recipient, on: bool) -> None:
        """It has no indicator."""

    async def seen(self, settings: Settings, to: Recipient) -> None:
        """It has no such mark."""

    async def control(self, settings: Settings, to: Recipient, word: str) -> None:
        """Nobody shares its users with us."""

    async def standing(self, settings: Settings) -> Standing:
        return Standing()

    async def file(self, settings: Settings, file_id: str) -> PlatformFile:
        raise FileRefused("this platform's files have addresses of their own")
