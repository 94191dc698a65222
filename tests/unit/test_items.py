"""An item as it stands in its lane: read by scripts and by workers, of this release and of the one before."""

import json

from hypothesis import given
from hypothesis import strategies as st

from interconnections.items import File, Item, Kind, Origin

TEXT = st.text()


@given(st.sampled_from(Kind), st.sampled_from(Origin), TEXT, TEXT)
def test_it_begins_as_the_scripts_of_every_release_look_at_it(
    kind: Kind, origin: Origin, text: str, name: str
) -> None:
    """As the standard library writes it, which the release before did."""
    stored = Item(kind, origin, text, name=name).encoded()
    assert stored == json.dumps([kind, origin, text, name], ensure_ascii=False)


@given(TEXT, TEXT, TEXT)
def test_a_file_comes_back_as_it_was(text: str, url: str, name: str) -> None:
    item = Item(Kind.FILE, Origin.USER, text, file=File(url, "image", name=name))
    assert Item.decoded(item.encoded()) == item
    assert json.loads(item.encoded())[:3] == ["file", "user", text]
