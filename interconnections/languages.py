"""The languages that the bridge speaks to users and agents; the words stand in locale/, English in the code.

The old service spoke Spanish to everybody, so that is also what a bot of any other language gets.
"""

from collections.abc import Mapping

from django.utils.translation import override

SPOKEN = ("es", "en", "pt")


def spoken(language: str) -> str:
    """`pt` for `pt-BR`; `language` is a bot's, as Salesforce is told it."""
    start = language[:2].lower()
    return start if start in SPOKEN else SPOKEN[0]


def translated(words: Mapping[str, object], language: str) -> dict[str, str]:
    """The catalogues' words for lazy ones, under the same names."""
    with override(spoken(language)):
        return {name: str(each) for name, each in words.items()}
