"""Secrets do not leave with a changed address: whoever may edit an org or a bot still has to know them."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from interconnections.secret import Secret
from tests.admin.conftest import person
from tests.admin.test_configuration import BOT, ORG, bot, org, save

__all__ = ["bot", "org"]


@pytest.fixture
def theirs():
    """A host of somebody's own, which remembers what it is sent."""
    heard = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"] or 0))))
            self.send_error(400)

        do_GET = do_POST

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()


@pytest.mark.parametrize("field", ["login_url", "chat_url"])
@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "http://d.example.com", "https://d.example.com:8443", "https://d.example.com@evil.example",
     "https://d.example.com.evil.example/chat", "//evil.example"],
)  # fmt: skip
def test_an_orgs_secrets_are_wanted_anew_when_its_address_changes(field, elsewhere, chief, org):
    org.login_url = "https://d.example.com/login"
    org.save()
    url = f"{ORG}{org.pk}/change/"
    page = save(chief, url, **{field: elsewhere})
    assert page.status_code == 200
    assert "leads to another host now" in page.content.decode()
    org.refresh_from_db()
    assert "evil" not in getattr(org, field)


def test_a_path_or_capitals_change_nothing(chief, org):
    org.login_url = "https://d.example.com/login"
    org.save()
    assert save(chief, f"{ORG}{org.pk}/change/", chat_url="https://D.example.com/chat/rest").status_code == 302
    assert save(chief, f"{ORG}{org.pk}/change/", login_url="https://d.example.com/").status_code == 302


def test_typed_or_cleared_secrets_may_follow(chief, org):
    url = f"{ORG}{org.pk}/change/"
    typed = {"client_secret": "typed again", "private_key-clear": "on"}
    assert save(chief, url, chat_url="https://new.example.com", **typed).status_code == 302
    org.refresh_from_db()
    assert org.client_secret == Secret("typed again")
    assert not org.private_key


@pytest.mark.parametrize(("field", "secret"), [("api_url", "api_token"), ("state_url", "state_token")])
def test_so_are_a_bots(field, secret, chief, bot):
    bot.state_url, bot.state_token, bot.state_api = "https://state.example.com", Secret("state-plain"), "botrunner"
    bot.save()
    url = f"{BOT}{bot.pk}/change/"
    page = save(chief, url, **{field: "https://evil.example"})
    assert "leads to another host now" in page.content.decode()
    typed = {secret: "again"} | ({"webhook_secret": "again"} if field == "api_url" else {})
    assert save(chief, url, **{field: "https://new.example.com"}, **typed).status_code == 302


def test_a_check_by_who_may_only_look_is_not_made(client, org, theirs, db):
    url, heard = theirs
    type(org).objects.update(chat_url=url, login_url=url, auth_flow="client_credentials", client_id="key")
    client.force_login(person("looker", "view_salesforceorg"))
    chosen = {"action": "ask_salesforce", "_selected_action": [org.pk]}
    client.post(ORG, chosen, follow=True)
    assert heard == []
    client.force_login(person("editor", "view_salesforceorg", "change_salesforceorg"))
    client.post(ORG, chosen, follow=True)
    assert heard != []


def test_an_editor_cannot_have_the_secrets_sent_to_a_host_of_theirs(client, org, theirs, db):
    url, heard = theirs
    client.force_login(person("editor", "view_salesforceorg", "change_salesforceorg"))
    changes = {"chat_url": url, "login_url": url, "auth_flow": "client_credentials", "client_id": "key"}
    assert save(client, f"{ORG}{org.pk}/change/", **changes).status_code == 200
    client.post(ORG, {"action": "ask_salesforce", "_selected_action": [org.pk]}, follow=True)
    assert not [body for _, _, body in heard if b"org-plain-4" in body]
    assert heard == []


@pytest.mark.parametrize(
    ("address", "warned"),
    [("http://api.example.com", True), ("http://10.0.0.7:8080", True), ("HTTP://api.example.com", True),
     ("https://api.example.com", False), ("http://127.0.0.1:9", False), ("http://localhost:9", False),
     ("http://[::1]:9", False)],
)  # fmt: skip
def test_an_address_in_the_clear_is_warned_of_on_its_page(address, warned, chief, bot):
    type(bot).objects.update(api_url=address)
    assert ("travel in the clear" in chief.get(f"{BOT}{bot.pk}/change/").content.decode()) is warned
