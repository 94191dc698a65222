"""The console in the reader's language: forms, refusals, ending, dead letters, and Django's own words."""

import pytest

from interconnections.models import Bot, SalesforceOrg

HOME = "/admin/interconnections/"
SPANISH = {"headers": {"Accept-Language": "es-MX,es;q=0.9"}}
PORTUGUESE = {"headers": {"Accept-Language": "pt-BR,pt;q=0.9"}}


@pytest.fixture
def org(db):
    return SalesforceOrg.objects.create(name="Acme")


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        (SPANISH, ("Cuánto esperan los usuarios", "Espera máxima en la fila", "Zona horaria", "no se avisa al bot")),
        (PORTUGUESE, ("Quanto os usuários esperam", "Espera máxima na fila", "Fuso horário", "o bot não é avisado")),
        ({}, ("How long users wait", "Longest wait in the queue", "Time zone", "the bot is not told")),
    ],
)
def test_a_bots_form_has_titles_names_and_choices_of_the_language(chief, org, browser, words):
    bot = Bot.objects.create(slug="ventas", org=org)
    page = chief.get(f"{HOME}bot/{bot.pk}/change/", **browser).content.decode()
    assert [each for each in words if each not in page] == []


def test_what_would_not_work_is_said_in_the_language(chief, org):
    form = {"name": "Acme", "organization_id": "nothing", "api_version": "12", "password-clear": ""}
    page = chief.post(f"{HOME}salesforceorg/{org.pk}/change/", form, **SPANISH).content.decode()
    assert "no es un id de la organización: tiene 15 (o 18) letras" in page
    assert "Al menos 47" in page


@pytest.mark.parametrize(
    ("browser", "done"),
    [(SPANISH, "1 conversación se está terminando."), (PORTUGUESE, "1 conversa está sendo encerrada.")],
)
def test_the_page_that_ends_asks_and_answers_in_the_language(chief, tell, browser, done):
    url = f"{HOME}interconnection/{tell()}/end/"
    assert "Motivo" in chief.get(url, **browser).content.decode()
    assert done in chief.post(url, {"reason": "x"}, follow=True, **browser).content.decode()


def test_the_dead_letters_are_sent_again_in_the_language(chief, tell, small):
    tell()
    letters = [id.decode() for id, _ in small.xrange("{bridge}:dead")]
    assert letters
    form = {"letter": letters, "drop": "1", "reason": "x"}
    page = chief.post(f"{HOME}deadletter/", form, follow=True, **SPANISH).content.decode()
    assert f"{len(letters)} mensaje: descartado." in page
    assert "Aquí no espera ningún mensaje" in page


def test_all_who_read_portuguese_get_djangos_brazilian_words(chief, org):
    for language in ("pt-BR", "pt", "pt-PT"):
        page = chief.get(f"{HOME}bot/add/", headers={"Accept-Language": language}).content.decode()
        assert "Salvar" in page
