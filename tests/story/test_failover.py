"""Redis fails over behind one address: web and workers find the new master, and the conversation goes on."""

import requests

from simulator.processes import until
from simulator.stage import BotCaller, Stage
from tests.failover import TwoServers
from tests.story.conversation import Conversation


def test_a_fail_over_behind_one_address_stops_nobody() -> None:
    with TwoServers() as servers, Stage(workers=2, redis_url=servers.url) as stage:
        talk = Conversation(stage, BotCaller(stage.url), "5215500000001")
        talk.connect()
        talk.accept()
        talk.say("antes")
        talk.answer("antes")
        assert talk.whole()

        servers.fail_over()
        answers = [stage.world.say(talk.user, f"mientras {n}")["answers"][0]["status"] for n in range(3)]
        talk.said += [f"mientras {n}" for n, status in enumerate(answers) if status == 200]
        assert answers[1:] == [200, 200], answers
        servers.stop_first()  # whoever still clings to it would now be found
        talk.answer("mientras")
        talk.say("después", persist=20)
        talk.answer("después")
        assert talk.whole()
        assert talk.polls()["double"] == 0
        until("all is well again", lambda: requests.get(f"{stage.url}/readyz", timeout=10).ok, stage.processes)


def test_ready_means_that_redis_takes_writes() -> None:
    with TwoServers() as servers, Stage(workers=1, redis_url=servers.url) as stage:
        assert requests.get(f"{stage.url}/readyz", timeout=10).json()["redis"] == "ok"
        servers.demote()
        answer = requests.get(f"{stage.url}/readyz", timeout=10)
        assert (answer.status_code, answer.json()["redis"]) == (503, "takes no writes")
