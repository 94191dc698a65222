"""The catalogues: every word that the code marks is in them, and what is compiled is what is written.

A machine without gettext runs from the compiled files; that is why they are kept, and why this test holds them.
"""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils.functional import Promise
from django.utils.translation.template import templatize

from interconnections import languages, texts
from interconnections.bridge import rendering
from interconnections.models import Bot, Route, SalesforceOrg

PRODUCT = Path(texts.__file__).parent
CATALOGUES = sorted((PRODUCT / "locale").glob("*/LC_MESSAGES/django.po"))
PLACE = re.compile(r"%s|%\(\w+\)s")
ONE = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}
ONE_OR_SEVERAL = {"ngettext", "ngettext_lazy"}
QUOTED = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATES = re.compile(rf"\b((?:n|p)?gettext|_)\(((?:{QUOTED},? ?)+)")
Words = str | tuple[str, int]  # with its number, a form of a plural
each_catalogue = pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parts[-3])


def written(po: Path) -> dict[Words, str]:
    """(context, EOT, words) -> translation, of the plain form that our catalogues keep: one line a string."""
    found: dict[Words, str] = {}
    context = words = ""
    for line in po.read_text().splitlines():
        name, _, quoted = line.partition(" ")
        match name:
            case "":
                context = words = ""
            case "msgctxt":
                context = ast.literal_eval(quoted) + "\x04"
            case "msgid":
                words = ast.literal_eval(quoted)
            case "msgstr" if words:
                found[context + words] = ast.literal_eval(quoted)
            case "msgstr[0]" | "msgstr[1]":
                found[context + words, int(name[7])] = ast.literal_eval(quoted)
    return found


def compiled(po: Path) -> dict[Words, str]:
    with po.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {words: translation for words, translation in catalogue.items() if words}


def marked() -> set[Words]:
    """What code and templates ask the catalogues for."""
    found: set[Words] = set()
    for path in (PRODUCT / "templates").rglob("*.html"):
        for name, arguments in IN_TEMPLATES.findall(templatize(path.read_text())):
            found |= asked(name, ast.literal_eval(f"[{arguments}]"))
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ONE | ONE_OR_SEVERAL
            ):
                quoted = [argument for argument in node.args if isinstance(argument, ast.Constant)]
                found |= asked(node.func.id, [argument.value for argument in quoted])
    return found


def asked(name: str, words: list[str]) -> set[Words]:
    return {(words[0], 0), (words[0], 1)} if name in ONE_OR_SEVERAL else {"\x04".join(words)}


def test_every_language_but_the_codes_own_has_a_catalogue():
    assert {po.parts[-3] for po in CATALOGUES} == set(languages.SPOKEN) - {"en"}


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
        places = PLACE.findall(words if isinstance(words, str) else words[0])
        assert sorted(PLACE.findall(translation)) == sorted(places)


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
    assert rendering.labels(languages.spoken(language))["image"] == image


def test_what_is_off_by_default_is_off_in_every_language():
    empty = [{name for name, text in texts.defaults(language).items() if not text} for language in languages.SPOKEN]
    assert empty[0] == empty[1] == empty[2] == {name for name, words in texts.TEMPLATES.items() if not words}


def test_every_name_and_help_of_the_forms_is_translated():
    for model in (Bot, Route, SalesforceOrg):
        for field in (one for one in model._meta.fields if not one.auto_created):
            for words in filter(None, (field.verbose_name, field.help_text)):
                assert isinstance(words, Promise), f"{model.__name__}.{field.name}: {words}"
