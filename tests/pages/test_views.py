"""What the desk and the faults page are told."""

from __future__ import annotations

from dataclasses import fields

from simulator.protocol_options import Rules


async def test_the_desk_lists_who_waits_by_their_place(sim):
    await sim.session()  # no wish for a chat yet: not on the desk
    ana, leo, eva = [await sim.waiting(visitorName=name) for name in ("Ana", "Leo", "Eva")]
    await ana.agent("accept", name="Luz")
    desk = await sim.do("GET", "/desk")
    assert [(chat["visitor_name"], chat["status"], chat["place"]) for chat in desk["chats"]] == [
        ("Ana", "active", None),
        ("Leo", "waiting", 1),
        ("Eva", "waiting", 2),
    ]
    await ana.agent("requeue")
    (back, *_) = (await sim.do("GET", "/desk"))["chats"]
    assert (back["place"], back["again"], back["agent"]) == (3, True, None)
    assert back["since"] >= desk["chats"][0]["since"]


async def test_the_desk_tells_what_was_said_last_and_how_much(sim):
    visitor = await sim.active()
    await visitor.say("hola")
    await visitor.post("ChasitorTyping")
    (chat,) = (await sim.do("GET", "/desk"))["chats"]
    assert (chat["heard"], chat["last"]["text"], chat["visitor_typing"]) == (1, "hola", True)
    assert chat["answered"] is False
    await visitor.agent("say", text="dígame")
    await visitor.say("pues")
    assert (await sim.do("GET", "/desk"))["chats"][0]["answered"] is True  # whoever spoke last
    await visitor.agent("end")
    (chat,) = (await sim.do("GET", "/desk"))["chats"]
    assert (chat["status"], chat["end_reason"], chat["established"]) == ("ended", "agent", True)


async def test_every_rule_is_offered_with_its_section_and_takes_its_default(sim):
    choices = await sim.do("GET", "/choices")
    offered = {rule["name"]: rule for rule in choices["rules"]}
    assert offered.keys() == {one.name for one in fields(Rules)}
    assert all(rule["section"] for rule in offered.values())
    assert offered["client_poll_timeout"]["note"].startswith("s; 30 in the docs")
    assert offered["post_status"]["choices"] == [200, 202, 204]
    await sim.rules(**{name: rule["default"] for name, rule in offered.items()})
    assert "chat_message" in choices["operations"]["live_agent"]
    assert "platform" in choices["operations"]["yalo"]
