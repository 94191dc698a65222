"""What an agent wrote, in plain words."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interconnections.desks.live_agent.markup import in_words

PAY = "https://pay.example.org/c?order=7&currency=MXN&region=norte&section=2&copy=1&quote=4"

WORDS = [
    (f"Pague: {PAY}", f"Pague: {PAY}"),
    ("https://x.example/?a=1&amp;currency=MXN&amp;copy=1", "https://x.example/?a=1&currency=MXN&copy=1"),
    ("?a&lt=1&gt=2&not=3&para=4&times=5&micro=6", "?a&lt=1&gt=2&not=3&para=4&times=5&micro=6"),
    ("?a&regions;b&notit;c", "?a&regions;b&notit;c"),  # no such entities, though some begin like old ones
    ("&#39; &#x2019; &#X41; &ntilde; &NTILDE; &quot;", "' \u2019 A ñ &NTILDE; \""),
    ("&lt;b&gt; &amp;lt;", "<b> &lt;"),  # once, not twice
    ("&#39 &#x41 &amp &lt", "&#39 &#x41 &amp &lt"),
    ("Ben & Jerry; R&D;", "Ben & Jerry; R&D;"),
    ("a<br>b<BR/>c<br />d", "a\nb\nc\nd"),
    (f'<a href="{PAY}">Pague aquí</a>', f"Pague aquí ({PAY})"),
    (
        '<a href="https://x.example/?a=1&amp;copy=2">https://x.example/?a=1&copy=2</a>',
        "https://x.example/?a=1&copy=2",
    ),
    ('<a data-href="https://evil.example" href="https://x.example">x</a>', "x (https://x.example)"),
    ('<a href="mailto:ana@x.example">ana@x.example</a>', "ana@x.example"),
    ('<a href="javascript:alert(1)">x</a>', "x"),
    ("5 < 6 <b>", "5 < 6 <b>"),
    ('<a href="https://x.example"><b>Pague</b> aquí</a>', "Pague aquí (https://x.example)"),
    ('<a href="https://x.example"><img src="i.png"></a>', "https://x.example"),
    ('<a href="https://x.example">uno<br>dos</a>', "uno\ndos (https://x.example)"),
    (
        '<a href="https://x.example"><b>x <a href="https://y.example">y</a>',
        '<a href="https://x.example"><b>x y (https://y.example)',
    ),
    ('<a href="https://x.example">5 < 6</a>', '<a href="https://x.example">5 < 6</a>'),
    ("&#55357;&#56832; &#xD83D;&#xDE00;", "😀 😀"),
    ("&#55357; &#56832;&#55357; &#55357;&amp;", "\ufffd \ufffd\ufffd \ufffd&"),
]


@pytest.mark.parametrize(("written", "words"), WORDS)
def test_only_whole_entities_breaks_and_links_are_resolved(written: str, words: str) -> None:
    assert in_words(written) == words


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<;")))
def test_a_text_without_a_semicolon_or_a_tag_stays_as_it_is(written: str) -> None:
    assert in_words(written) == written


@given(st.text(alphabet=st.characters(categories=["Cs"]) | st.sampled_from("ab&#;<😀")))
@example("\ud83d\ude00")
@example("a\ud83d b")
def test_no_half_of_an_emoji_is_left_and_nothing_else_is_touched(written: str) -> None:
    words = in_words(written)
    assert words == written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize(
    "piece", ["<a x>", "<a x><b>", "<b>", "<", "<a ", "<a x><", "</a", "<b", "&#55357;", "<a x>y<b>z</b>"]
)
def test_however_hostile_a_text_is_it_is_read_once(piece: str) -> None:
    begun = time.process_time()
    in_words("<a x>" + piece * 100_000)
    assert time.process_time() - begun < 2
