"""The talk before the chat, as the agent reads it: golden texts (yalo-integrations.md section 4.5)."""

import pytest

from interconnections.bridge import past
from interconnections.store.context import Said
from tests.pure.bots import bot

AT = 1771999990000  # 2026-02-25 06:13:10 UTC


def test_the_whole_block():
    said = [
        Said(AT, "user", "Quiero un asesor"),
        Said(AT + 1_000, "bot", "Te paso con un asesor"),
        Said(AT + 5_999, "user", "", "https://media.example.net/wa/8999", "image/jpeg", "la caja"),
        Said(AT + 60_000, "user", "", "https://media.example.net/wa/9001?sig=a%2F1", "audio/ogg"),
        Said(AT + 61_000, "user", "dos\nlíneas 👩‍🔬"),
    ]
    assert past.block(bot(), said) == (
        "Contexto:\n"
        "Cliente [25-02-2026 00:13:10]:Quiero un asesor\n"
        "\n"
        "Bot [25-02-2026 00:13:11]:Te paso con un asesor\n"
        "\n"
        "Cliente [25-02-2026 00:13:15]:la caja https://media.example.net/wa/8999\n"
        "\n"
        "Cliente [25-02-2026 00:14:10]:https://media.example.net/wa/9001?sig=a%2F1\n"
        "\n"
        "Cliente [25-02-2026 00:14:11]:dos\nlíneas 👩‍🔬"
    )


@pytest.mark.parametrize("said", [[], [Said(AT, "user")], [Said(AT, "bot", mime_type="image/jpeg")]])
def test_nothing_said_is_nothing_told(said):
    assert past.block(bot(), said) == ""


def test_an_empty_line_leaves_no_trace():
    said = [Said(AT, "user"), Said(AT, "user", "hola"), Said(AT, "bot")]
    assert past.block(bot(), said) == "Contexto:\nCliente [25-02-2026 00:13:10]:hola"


def test_labels_and_title_are_the_bots_own():
    ana = bot(words={"context": "Before", "clientLabel": "User", "botLabel": "Robot"}, timezone="UTC")
    said = [Said(AT, "user", "hi"), Said(AT, "bot", "hello")]
    assert past.block(ana, said) == "Before:\nUser [25-02-2026 06:13:10]:hi\n\nRobot [25-02-2026 06:13:10]:hello"


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("America/Mexico_City", "25-02-2026 00:13:10"),
        ("Asia/Kolkata", "25-02-2026 11:43:10"),
        ("Pacific/Auckland", "25-02-2026 19:13:10"),
        ("UTC", "25-02-2026 06:13:10"),
    ],
)
def test_times_are_in_the_bots_zone(zone, moment):
    assert f"[{moment}]" in past.block(bot(timezone=zone), [Said(AT, "user", "x")])


def test_the_other_side_of_a_change_of_clocks():
    zone = bot(timezone="Europe/Madrid")
    before, after = 1774745999000, 1774746000000  # 2026-03-29, 00:59:59 and 01:00:00 UTC
    assert "[29-03-2026 01:59:59]" in past.block(zone, [Said(before, "user", "x")])
    assert "[29-03-2026 03:00:00]" in past.block(zone, [Said(after, "user", "x")])


@pytest.mark.parametrize(
    "zone", ["", "Mexico", "America", "../../etc/passwd", "/etc/localtime", "a\0b", "\ud83d", "z" * 5000, " UTC"]
)
def test_a_wrong_zone_is_utc(zone):
    assert "[25-02-2026 06:13:10]" in past.block(bot(timezone=zone), [Said(AT, "user", "x")])


@pytest.mark.parametrize("at", [0, 1, 99_999_999_999_999])
def test_no_moment_that_a_webhook_can_name_breaks_the_block(at):
    for zone in ("America/Mexico_City", "Pacific/Kiritimati"):
        assert past.block(bot(timezone=zone), [Said(at, "user", "x")]).endswith(":x")
