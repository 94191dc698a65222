"""The release before this one and this one, side by side on one Redis and one database, while people talk."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from simulator.configuration import BOT, org, route, whatsapp_bot
from simulator.processes import ROOT, manage, until
from simulator.stage import BotCaller, Stage
from tests.story.conversation import Conversation
from tests.story.releases import faults, unpacked
from tests.story.talking import conversations, everybody_talking
from tests.story.test_state_webhook import Receiver, Told

# The last commit before Enhanced Chat became the second desk: what runs where this release is rolled out.
PREVIOUS = "66f7608"
TALKS = 8  # two for each of four workers: those who have four give some away


@pytest.fixture(scope="session")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its code, in a folder of its own."""
    return unpacked(PREVIOUS, tmp_path_factory)


@contextmanager
def staged(release: Path) -> Iterator[Stage]:
    """Its tables, its web process, two workers of it."""
    stage = Stage(workers=2)
    stage.release = release
    with stage:
        stage.world.ask("PUT", "/rules", {"hold_seconds": 5})
        yield stage


class Fleet:
    """The processes of one release on the stage: a web and two workers."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.web = stage, stage.web
        self.workers = stage.workers[-2:]

    @classmethod
    def started(cls, stage: Stage, release: Path) -> "Fleet":
        stage.release = release
        stage.start_web()
        stage.start_worker()
        stage.start_worker()
        stage.until_ready()
        return cls(stage)

    def stop(self) -> list[int]:
        """One after the other; the workers' exit codes."""
        codes = [worker.stop() for worker in self.workers]
        self.web.stop()
        return codes


def owned(stage: Stage, fleet: Fleet) -> int:
    """By its workers; their names hold their process ids."""
    by_pid = stage.owned()
    return sum(by_pid.get(worker.popen.pid, 0) for worker in fleet.workers)


def until_both_own_some(stage: Stage, *fleets: Fleet) -> None:
    workers = [worker for fleet in fleets for worker in fleet.workers]
    until("both releases own some", lambda: all(owned(stage, fleet) for fleet in fleets), workers, seconds=90)


def errors(fleet: Fleet) -> list[str]:
    return faults(*fleet.workers, fleet.web)


def moved_while_all_talk(stage: Stage, user: str, before: Fleet, release: Path) -> Fleet:
    """From one release to another, as docs/operations.md says; asserts that nobody noticed."""
    bot = BotCaller(stage.url)
    talks = conversations(stage, bot, f"{user}1", TALKS)
    with ExitStack() as talking:
        first = talking.enter_context(everybody_talking(talks))
        first.go_on(5)
        after = Fleet.started(stage, release)
        until_both_own_some(stage, before, after)
        more = conversations(stage, bot, f"{user}2", 4)  # by whichever web process takes the call
        second = talking.enter_context(everybody_talking(more))
        for talk in (*talks[::3], *more[::3]):
            stage.world.ask("POST", "/handover", {"chat": talk.chat})
        second.go_on(5)
        assert before.stop() == [0, 0]
        second.go_on(10)
        first.go_on(10)
    everybody = [*talks, *more]
    assert [talk for talk in everybody if not talk.whole()] == []
    assert sum(talk.polls()["double"] for talk in everybody) == 0
    for talk in everybody:
        stage.world.act(talk.chat, "end")
    assert {tuple(talk.states()) for talk in everybody} == {("from-sf-success",)}
    return after


@pytest.mark.timeout(300)
def test_from_the_previous_release_to_this_nobody_notices(previous: Path, user: str) -> None:
    with staged(previous) as stage:
        old = Fleet(stage)
        manage(stage.env, ["migrate", "--verbosity", "0"])
        new = moved_while_all_talk(stage, user, old, ROOT)
        assert errors(old) + errors(new) == []


@pytest.mark.timeout(300)
def test_and_back_nobody_notices(previous: Path, user: str) -> None:
    with staged(ROOT) as stage:
        new = Fleet(stage)
        old = moved_while_all_talk(stage, user, new, previous)
        assert errors(new) + errors(old) == []


def test_the_previous_release_writes_into_the_tables_of_this(previous: Path, tmp_path: Path) -> None:
    """Its console and its loaddata name no column that came since."""
    env = Stage(redis_url="redis://127.0.0.1:1").environment() | {"DATABASE_URL": f"sqlite:///{tmp_path / 'sqlite3'}"}
    manage(env, ["migrate", "--verbosity", "0"])
    url = "http://127.0.0.1:1"
    fixture = tmp_path / "rows.json"
    fixture.write_text(json.dumps([org(url), whatsapp_bot(1, BOT, url, "secret"), route(1, 1)]))
    manage(env, ["loaddata", str(fixture), "--verbosity", "0"], cwd=previous)
    manage(env, ["check", "--database", "default", "--fail-level", "WARNING"])


@pytest.mark.timeout(300)
def test_a_worker_of_the_previous_release_carries_a_chat_with_events_that_it_cannot_tell(
    previous: Path, user: str, tmp_path: Path
) -> None:
    stage = Told(workers=1)
    stage.receiver = Receiver(tmp_path)
    with stage:
        stage.world.ask("PUT", "/rules", {"hold_seconds": 5})
        talk = Conversation(stage, BotCaller(stage.url), user)
        talk.connect()
        talk.accept()
        [newer] = stage.workers
        stage.release = previous
        older = stage.start_worker()
        assert newer.stop() == 0
        for word in ("1", "2"):
            talk.say(f"u{word}")
            talk.answer(f"a{word}")
        assert talk.whole()
        stage.release = ROOT
        stage.ensure_workers(2)
        assert older.stop() == 0
        stage.world.act(talk.chat, "end")
        stage.receiver.start()
        stage.receiver.until_told(user, "chat.waiting", "chat.accepted", "chat.ended from-sf-success")
        stage.receiver.stop()
        stumbled = [line for line in older.log.read_text().splitlines() if "stumbled" in line or "Traceback" in line]
        assert stumbled == []
