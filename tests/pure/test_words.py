"""The catalogues: every word that the code marks is in them, and what is compiled is what is written.

A machine without gettext runs from the compiled files; that is why they are kept, and why this test holds them.
"""

import ast
import gettext
import re
from pathlib import Path

import pytest

from interconnections import texts, tongues
from interconnections.bridge import kinds

PRODUCT = Path(texts.__file__).parent
CATALOGUES = sorted((PRODUCT / "locale").glob("*/LC_MESSAGES/django.po"))
PLACE = re.compile(r"%s|%\(\w+\)s")
IN_TEMPLATES = re.compile(
    r"""{% translate "([^"]+)" %}|:_\("([^"]+)"\)|{% blocktranslate[^%]*%}(.+?){% endblocktranslate %}"""
)
ASKING = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}
each_catalogue = pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parts[-3])


def written(po: Path) -> dict[str, str]:
    """(context, EOT, words) -> translation, of the plain form that our catalogues keep: one line a string."""
    found: dict[str, str] = {}
    context = words = ""
    for line in po.read_text().splitlines():
        name, _, quoted = line.partition(" ")
        match name:
            case "msgctxt":
                context = ast.literal_eval(quoted) + "\x04"
            case "msgid":
                words = ast.literal_eval(quoted)
            case "msgstr" if words:
                found[context + words] = ast.literal_eval(quoted)
                context = words = ""
    return found


def compiled(po: Path) -> dict[str, str]:
    with po.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {words: translation for words, translation in catalogue.items() if words}


def marked() -> set[str]:
    """What code and templates ask the catalogues for."""
    found = set()
    for path in (PRODUCT / "templates").rglob("*.html"):
        for one, other, block in IN_TEMPLATES.findall(path.read_text()):
            found.add(one or other or re.sub(r"{{ (\w+) }}", r"%(\1)s", block))
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKING:
                found.add("\x04".join(ast.literal_eval(argument) for argument in node.args))
    return found


def test_every_language_but_the_codes_own_has_a_catalogue():
    assert {po.parts[-3] for po in CATALOGUES} == set(tongues.SPOKEN) - {"en"}


@each_catalogue
def test_what_is_compiled_is_what_is_written(po):
    assert compiled(po) == written(po), "run: python manage.py compilemessages --ignore .venv"


@each_catalogue
def test_a_catalogue_has_the_words_of_the_code_and_no_others(po):
    assert set(written(po)) == marked()


@each_catalogue
def test_a_translation_keeps_the_places_of_names(po):
    for words, translation in written(po).items():
        assert translation.strip()
        assert sorted(PLACE.findall(translation)) == sorted(PLACE.findall(words))


@pytest.mark.parametrize(
    ("language", "waiting", "image"),
    [
        ("es-MX", "Esperando un agente", "imagen"),
        ("es", "Esperando un agente", "imagen"),
        ("en-US", "Waiting for an agent", "image"),
        ("EN", "Waiting for an agent", "image"),
        ("pt-BR", "Aguardando um atendente", "imagem"),
        ("ja", "Esperando un agente", "imagen"),
        ("", "Esperando un agente", "imagen"),
    ],
)
def test_a_bots_language_chooses_the_words(language, waiting, image):
    assert texts.defaults(language)["waitAgent"] == waiting
    assert kinds.labels(tongues.spoken(language))["image"] == image


def test_what_is_off_by_default_is_off_in_every_language():
    empty = [{name for name, text in texts.defaults(language).items() if not text} for language in tongues.SPOKEN]
    assert empty[0] == empty[1] == empty[2] == {name for name, words in texts.TEMPLATES.items() if not words}
