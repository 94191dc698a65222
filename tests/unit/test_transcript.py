"""The talk before the chat, as the agent reads it: golden texts (yalo-integrations.md section 4.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.bridge import transcript
from interconnections.pieces import LONGEST_TEXT
from interconnections.store.context import Said
from tests.unit.bots import bot


def block(whose, said):
    [message] = transcript.told(whose, said)
    return message


AT = 1771999990000  # 2026-02-25 06:13:10 UTC


def test_the_whole_block():
    said = [
        Said(AT, "user", "Quiero un asesor"),
        Said(AT + 1_000, "bot", "Te paso con un asesor"),
        Said(AT + 5_999, "user", "", "https://media.example.net/wa/8999", "image/jpeg", "la caja"),
        Said(AT + 60_000, "user", "", "https://media.example.net/wa/9001?sig=a%2F1", "audio/ogg"),
        Said(AT + 61_000, "user", "dos\nlíneas 👩‍🔬"),
    ]
    assert block(bot(), said) == (
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
    assert transcript.told(bot(), said) == ()


def test_an_empty_line_leaves_no_trace():
    said = [Said(AT, "user"), Said(AT, "user", "hola"), Said(AT, "bot")]
    assert block(bot(), said) == "Contexto:\nCliente [25-02-2026 00:13:10]:hola"


def test_labels_and_title_are_the_bots_own():
    ana = bot(words={"context": "Before", "clientLabel": "User", "botLabel": "Robot"}, timezone="UTC")
    said = [Said(AT, "user", "hi"), Said(AT, "bot", "hello")]
    assert block(ana, said) == "Before:\nUser [25-02-2026 06:13:10]:hi\n\nRobot [25-02-2026 06:13:10]:hello"


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
    assert f"[{moment}]" in block(bot(timezone=zone), [Said(AT, "user", "x")])


def test_the_other_side_of_a_change_of_clocks():
    zone = bot(timezone="Europe/Madrid")
    before, after = 1774745999000, 1774746000000  # 2026-03-29, 00:59:59 and 01:00:00 UTC
    assert "[29-03-2026 01:59:59]" in block(zone, [Said(before, "user", "x")])
    assert "[29-03-2026 03:00:00]" in block(zone, [Said(after, "user", "x")])


@pytest.mark.parametrize(
    "zone", ["", "Mexico", "America", "../../etc/passwd", "/etc/localtime", "a\0b", "\ud83d", "z" * 5000, " UTC"]
)
def test_a_wrong_zone_is_utc(zone):
    assert "[25-02-2026 06:13:10]" in block(bot(timezone=zone), [Said(AT, "user", "x")])


@pytest.mark.parametrize("at", [0, 1, 99_999_999_999_999])
def test_no_moment_that_a_webhook_can_name_breaks_the_block(at):
    for zone in ("America/Mexico_City", "Pacific/Kiritimati"):
        assert block(bot(timezone=zone), [Said(at, "user", "x")]).endswith(":x")


def test_a_long_past_is_cut_between_entries():
    """Fifty lines of 225 characters: four thousand hold seventeen, and no line is torn."""
    said = [Said(AT + n * 1000, "user", f"{n:03} " + "x" * 190) for n in range(50)]
    messages = transcript.told(bot(), said)
    assert [message.count("Cliente [") for message in messages] == [17, 17, 16]
    assert messages[0].startswith("Contexto:\nCliente [")
    assert all(message.startswith("Cliente [") for message in messages[1:])
    assert all(message.endswith("x") and len(message) <= LONGEST_TEXT for message in messages)


def test_only_an_entry_longer_than_a_message_is_cut():
    said = [Said(AT, "bot", "antes"), Said(AT, "user", "la la " * 900), Said(AT, "bot", "después")]
    before, long, rest = transcript.told(bot(), said)
    assert before == "Contexto:\nBot [25-02-2026 00:13:10]:antes"
    assert long.startswith("Cliente [25-02-2026 00:13:10]:la la") and len(long) <= LONGEST_TEXT
    assert rest.endswith("la la\n\nBot [25-02-2026 00:13:10]:después")
    assert f"{long}{rest}".count("la") == 1800


def test_of_a_past_without_end_the_latest_is_told():
    said = [Said(AT + n * 1000, "user", f"{n:03} " + "x" * 3900) for n in range(200)]
    messages = transcript.told(bot(), said)
    assert len(messages) == transcript.MOST
    assert messages[0].startswith("Contexto:\n…\n\nCliente [")
    assert [message[message.index("]:") + 2 :][:3] for message in messages] == ["195", "196", "197", "198", "199"]


@pytest.mark.parametrize("at", [10**15, 10**20, -(10**18), 10**400])
def test_a_moment_that_no_calendar_holds_does_not_hide_the_words(at):
    """It was stored with 200 and made every reading of that user's past fail for a day."""
    assert block(bot(), [Said(at, "user", "hola", stored_at=AT)]) == "Contexto:\nCliente [25-02-2026 00:13:10]:hola"
    assert block(bot(), [Said(at, "user", "hola", stored_at=at)]) == "Contexto:\nCliente []:hola"


def test_a_long_text_is_told_to_its_end():
    messages = transcript.told(bot(), [Said(AT, "user", "A" + "x" * 6000 + "FIN")])
    assert "".join(messages).endswith("FIN") and "".join(messages).count("x") == 6000 + "Contexto".count("x")


@given(st.lists(st.text(max_size=9000), max_size=30), st.text(max_size=5000))
def test_no_message_is_longer_than_live_agent_takes(texts, title):
    messages = transcript.told(bot(words={"context": title}), [Said(AT, "user", text) for text in texts])
    assert len(messages) <= transcript.MOST
    assert all(0 < len(message) <= LONGEST_TEXT for message in messages)
