"""A supervisor ends conversations of real processes: Salesforce hears of it, and the bot has its users back."""

import re

import pytest
import requests

from simulator.stage import LOGIN, Stage

URL = "/admin/interconnections/interconnection/"


@pytest.fixture
def stage():
    with Stage(workers=1) as stage:
        yield stage


class Browser(requests.Session):
    def __init__(self, url):
        super().__init__()
        self.url = url
        self.see("/admin/login/")
        self.press("/admin/login/", username=LOGIN[0], password=LOGIN[1], next="/admin/")

    def see(self, path):
        return self.get(self.url + path, timeout=30)

    def press(self, path, **fields):
        fields["csrfmiddlewaretoken"] = self.cookies["csrftoken"]
        return self.post(self.url + path, data=fields, headers={"Referer": self.url}, timeout=30)


def test_one_in_the_queue_and_one_with_an_agent(stage):
    bot, world, users = stage.bot, stage.world, ("5215512340001", "5215512340002")
    for user in users:
        assert bot.connect(user, "Ana").status_code == 200
    waiting, talking = (chat["id"] for chat in world.ask("GET", "/chats", until=2)["chats"])
    world.act(talking, "accept")
    world.say(users[1], "one more thing")
    world.chat(talking, until_heard=2)

    browser = Browser(stage.url)
    page = browser.press(
        URL, action="end_conversations", _selected_action=[waiting, talking], select_across="0", reason="a test"
    ).text
    assert "2 conversations are being ended." in re.sub(r"\s+", " ", page)
    ends = [world.chat(id, until_status="ended", timeout=30)["end_reason"] for id in (waiting, talking)]
    assert ends == ["deleted", "client"]
    for user in users:
        assert [state["state"] for state in world.user(user, until_states=1, timeout=30)["states"]] == [
            "from-sf-success"
        ]
    assert "demo ended the conversation: a test" in browser.see(f"{URL}{talking}/change/").text


def test_a_goodbye_and_a_return_at_a_state_reach_user_and_bot(stage):
    bot, world, users = stage.bot, stage.world, ("5215512340001", "5215512340002")
    for user in users:
        assert bot.connect(user, "Ana").status_code == 200
    chats = [chat["id"] for chat in world.ask("GET", "/chats", until=2)["chats"]]
    for chat in chats:
        world.act(chat, "accept")
        world.chat(chat, until_heard=1)
    browser = Browser(stage.url)
    browser.press(f"{URL}{chats[0]}/end/", reason="a test", goodbye="Until tomorrow.")
    browser.press(f"{URL}{chats[1]}/return/", reason="a test", state="menu-of-the-night")
    ended, returned = (world.user(user, until_states=1, timeout=30) for user in users)
    assert (ended["texts"][-1], [state["state"] for state in ended["states"]]) == (
        "Until tomorrow.",
        ["from-sf-success"],
    )
    assert [state["state"] for state in returned["states"]] == ["menu-of-the-night"]
