"""The bridge's own words: templates per bot."""

import pytest

from interconnections.texts import PLACEHOLDERS, TEMPLATES, completed, defaults, filled, mistakes

DEFAULTS = defaults("es-MX")

# yalo-integrations.md section 6, MESSAGES
OLD_SERVICES = {
    "waitAgent": "Esperando un agente",
    "welcomeTemplate": "Hola soy %s y necesito ayuda",
    "context": "Contexto",
    "descriptionCase": "Caso levantado por el Bot",
    "uploadImageError": "Imagen no enviada",
    "uploadImageSuccess": "**El usuario adjunto una imagen al caso**",
    "uploadFileError": "Archivo no enviado",
    "uploadFileSuccess": "**El usuario adjunto un archivo al caso**",
    "uploadAudioError": "",
    "uploadAudioSuccess": "",
    "queuePosition": "",
    "waitTime": "",
    "firstNameContact": "Contacto Bot - ",
    "clientLabel": "Cliente",
    "botLabel": "Bot",
}


def test_the_defaults_are_the_old_services():
    assert OLD_SERVICES.items() <= DEFAULTS.items()


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_defaults_have_no_mistakes(language):
    assert mistakes(defaults(language)) == []
    assert set(PLACEHOLDERS) <= set(TEMPLATES)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"waitAgent": ""},
        {"WAITAGENT": "Un momento…"},
        {"welcomeTemplate": "Hola"},
        {"welcomeTemplate": "Soy %s"},
        {"WelcomeTemplate": "Soy %s"},
        {"context": "100 % %d {name}"},
    ],
)
def test_what_a_bot_may_say(texts):
    assert mistakes(texts) == []


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ([], "The texts must be a JSON object: a template by its key."),
        (None, "The texts must be a JSON object: a template by its key."),
        ("hola", "The texts must be a JSON object: a template by its key."),
        ({"waitAgents": "x"}, "There is no text called “waitAgents”; the keys are waitAgent, "),
        ({"waitAgent": 5}, "The text “waitAgent” must be a string."),
        ({"waitAgent": None}, "The text “waitAgent” must be a string."),
        ({"waitAgent": "%s"}, "The text “waitAgent” may hold no %s."),
        ({"welcomeTemplate": "%s %s"}, "The text “welcomeTemplate” may hold one %s, for the name."),
    ],
)
def test_a_mistake_is_a_sentence(texts, sentence):
    [found] = mistakes(texts)
    assert found.startswith(sentence)


def test_every_mistake_is_told():
    assert len(mistakes({"a": "x", "waitAgent": 5, "context": "%s", "botLabel": "Bot"})) == 3


def test_a_bots_own_texts_lie_over_the_defaults():
    own = completed({"waitagent": "Un momento…", "CONTEXT": "", "unknown": "x"}, "es")
    assert own == DEFAULTS | {"waitAgent": "Un momento…", "context": ""}


def test_what_no_form_has_seen_does_not_break_a_chat():
    """Fixtures are loaded without clean(): what is no template is left out."""
    fixture = {"waitAgent": 5, "context": None, "botLabel": ["Bot"], "clientLabel": "Ana"}
    assert completed(fixture, "es") == DEFAULTS | {"clientLabel": "Ana"}


@pytest.mark.parametrize(
    ("template", "name", "text"),
    [
        ("Hola soy %s y necesito ayuda", "Ana", "Hola soy Ana y necesito ayuda"),
        ("Hola", "Ana", "Hola"),
        ("", "Ana", ""),
        ("Soy %s", "", "Soy "),
        ("Soy %s", "100% %s\\1 {0}", "Soy 100% %s\\1 {0}"),
        ("100 %, %d y %s", "Ana", "100 %, %d y Ana"),
    ],
)
def test_a_name_stands_where_the_template_has_its_place(template, name, text):
    assert filled(template, name) == text
