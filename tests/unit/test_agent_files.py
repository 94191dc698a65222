"""An agent's file where the platform does not get it by its address: uploaded, or a link; and nothing twice."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.bridge.agent_files import again_by_upload, send_file
from interconnections.errors import FileRefused, PlatformRefused, PlatformUnwell, WindowClosed
from interconnections.files.fetch import Fetched
from interconnections.files.file_type import FileType
from interconnections.items import UPLOAD, File, Item, Kind, Origin
from interconnections.platforms.platform import Recipient
from interconnections.tally import Tally
from tests.unit.bots import bot

FILE = Item(Kind.FILE, Origin.AGENT, "plano.png\nhttps://a.example/1", file=File("https://a.example/1", "image"))
TO = Recipient("u")


class Platform:
    """Answers by its script: an id, or what is raised; `asked` says for what."""

    unfetched = frozenset({"131053"})

    def __init__(self, *script: str | Exception) -> None:
        self.script, self.asked = list(script), list[str]()

    def text_limit(self, provider: str) -> int:
        return 4096

    async def send(self, settings: Any, to: Recipient, item: Item, id: str, quotes: str) -> str:
        self.asked.append(item.text if item.kind is Kind.TEXT else item.file.id or "link" if item.file else "")
        return self._next()

    async def upload(self, settings: Any, file: File, upload: Any) -> File:
        self.asked.append("upload")
        return File(file.url, file.kind, upload.mime, id=self._next())

    def _next(self) -> str:
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Exchange:
    """Notes among what is asked when a send begins late; `shown`: the platform's id of one that it showed before."""

    def __init__(self, platform: Platform, shown: str) -> None:
        self.platform, self.shown = platform, shown

    async def begins_late(self) -> str:
        self.platform.asked.append("late")
        return self.shown


async def sent(platform: Platform, item: Item = FILE, *, gone: bool = False, shown: str = "") -> str:
    async def fetch(url: str, **more: Any) -> Fetched:
        if gone:
            raise FileRefused("its host answered 404")
        return Fetched(BytesIO(b"x"), 1, FileType("image/png", "png"))

    bridge: Any = SimpleNamespace(
        platforms={"whatsapp_cloud": platform}, files=SimpleNamespace(fetch=fetch), tally=Tally()
    )
    exchange: Any = Exchange(platform, shown)
    return await send_file(bridge, bot(platform="whatsapp_cloud"), TO, item, "s/1", "", exchange)


UNFETCHED = PlatformRefused("no", "131053")


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        (["w1"], ["link"]),
        ([UNFETCHED, "m1", "w1"], ["link", "upload", "late", "m1"]),
        ([UNFETCHED, UNFETCHED, "w1"], ["link", "upload", "late", FILE.text]),
        ([UNFETCHED, "m1", UNFETCHED, "w1"], ["link", "upload", "late", "m1", "late", FILE.text]),
    ],
)
async def test_each_way_is_tried_after_the_one_before_was_refused(script: list[Any], asked: list[str]) -> None:
    platform = Platform(*script)
    assert await sent(platform) == "w1"
    assert platform.asked == asked


async def test_what_was_shown_during_its_upload_is_not_sent() -> None:
    platform = Platform(UNFETCHED, "m1")
    assert await sent(platform, shown="w0") == "w0"
    assert platform.asked == ["link", "upload", "late"]


async def test_what_is_not_there_any_more_is_a_link() -> None:
    platform = Platform(UNFETCHED, "w1")
    await sent(platform, gone=True)
    assert platform.asked == ["link", "late", FILE.text]


@pytest.mark.parametrize("refusal", [WindowClosed("no", "131047"), PlatformRefused("no", "131026")])
async def test_what_no_other_way_would_mend_is_tried_in_no_other(refusal: Exception) -> None:
    for script in ([refusal], [UNFETCHED, "m1", refusal]):
        with pytest.raises(type(refusal)):
            await sent(Platform(*script))


async def test_of_an_upload_whose_answer_is_lost_nobody_was_shown_anything() -> None:
    with pytest.raises(PlatformUnwell) as caught:
        await sent(Platform(UNFETCHED, PlatformUnwell("no answer", silent=True)))
    assert not caught.value.silent


async def test_what_failed_later_is_uploaded_at_once_and_only_once() -> None:
    cloud = bot(platform="whatsapp_cloud")
    [again] = again_by_upload(FILE, "131053", cloud)
    assert again.file
    assert again.file.id == UPLOAD
    platform = Platform("m1", "w1")
    await sent(platform, again)
    assert platform.asked == ["upload", "late", "m1"]
    assert again_by_upload(again, "131053", cloud) == ()
    assert again_by_upload(FILE, "131026", cloud) == ()
    assert again_by_upload(Item(Kind.TEXT, Origin.AGENT, "hola"), "131053", cloud) == ()
