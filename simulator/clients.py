"""Who speaks to a stage over HTTP: the director, who scripts the simulated world, and a bot of the bridge."""

from typing import Any

import requests

from simulator.configuration import BOT, LOGIN
from simulator.processes import StageTrouble
from simulator.protocol_options import Json


class World:
    """The simulator's scripting API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def ask(self, method: str, path: str, body: object = None, **query: object) -> Any:
        reply = self._http.request(
            method,
            f"{self.url}/sim{path}",
            json=body,
            params={k: str(v) for k, v in query.items()},
            timeout=120,
        )
        if reply.status_code >= 400:
            raise StageTrouble(f"{method} /sim{path} answered {reply.status_code}: {reply.text[:300]}")
        return reply.json()

    def say(self, user: str, text: str, **more: object) -> Any:
        return self.ask("POST", f"/users/{user}/say", {"text": text, **more})

    def shelve(self, name: str, kind: str, mime: str, content: bytes) -> dict[str, str]:
        """A file as the platform keeps what a user sends: {"id", "url", "name", …}."""
        reply = self._http.post(
            f"{self.url}/sim/media", content, params={"name": name, "kind": kind}, headers={"Content-Type": mime},
            timeout=30,
        )  # fmt: skip
        if reply.status_code >= 400:
            raise StageTrouble(f"POST /sim/media answered {reply.status_code}: {reply.text[:300]}")
        medium: dict[str, str] = reply.json()
        return medium

    def write(self, account: str, user: str, text: str | None, **more: object) -> Json:
        """A user writes to a number or a page at Meta."""
        told: Json = self.ask("POST", f"/users/{user}/say", {"account": account, "text": text, **more})
        return told

    def thread(self, account: str, user: str) -> Json:
        """What this user's phone shows of this number or page, in order."""
        threads: list[Json] = self.ask("GET", "/graph/threads", account=account, user=user)["threads"]
        return threads[0]

    def user(self, user: str, **until: object) -> Any:
        return self.ask("GET", f"/users/{user}", **until)

    def chat(self, id: str, **until: object) -> Any:
        return self.ask("GET", f"/chats/{id}", **until)

    def act(self, id: str, verb: str, **body: object) -> Any:
        return self.ask("POST", f"/chats/{id}/{verb}", body)


class BotCaller:
    """A bot that calls the bridge's API as the old service was called."""

    def __init__(self, url: str) -> None:
        self.url = url
        reply = requests.post(f"{url}/v1/authenticate", json={"username": LOGIN[0], "password": LOGIN[1]}, timeout=30)
        if reply.status_code != 200:
            raise StageTrouble(f"/v1/authenticate answered {reply.status_code}: {reply.text[:300]}")
        self.headers = {"Authorization": f"Bearer {reply.json()['token']}"}

    def connect(self, user: str, name: str, **more: object) -> requests.Response:
        wish = {
            "userID": user, "name": name, "provider": "whatsapp", "botSlug": BOT, "botId": "525500009999",
            "email": "ana@example.org", **more,
        }  # fmt: skip
        return requests.post(f"{self.url}/v1/chats/connect", json=wish, headers=self.headers, timeout=120)

    def finish(self, user: str) -> requests.Response:
        return requests.delete(f"{self.url}/v1/chat/finish/{user}", headers=self.headers, timeout=30)
