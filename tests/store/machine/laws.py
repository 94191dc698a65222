"""Laws: what must hold after every deed, whatever it was; most of them ask Redis alone."""

from hypothesis.stateful import invariant

from interconnections.items import Item, Lane, Origin
from interconnections.lifecycle import FINAL, Status
from interconnections.store.keys import key
from tests.store.machine.conversation import SALESFORCE, Fate
from tests.store.machine.keys import SETTLING
from tests.store.machine.stage import Stage


class Laws(Stage):
    @invariant()
    def the_laws_hold(self) -> None:
        self.read()
        self.the_store_is_as_the_model_says()
        self.everything_stored_waits_or_was_delivered_or_is_dead_exactly_once()
        self.what_users_say_keeps_its_order()
        self.a_lane_is_looked_at_when_its_head_may_go()
        self.everybody_who_needs_an_owner_has_one_or_waits_for_one()
        self.tokens_are_gone_when_it_is_over()
        self.nothing_waits_for_an_agent_who_is_gone()
        self.counters_add_up()
        self.the_board_says_where_they_stand()

    def the_store_is_as_the_model_says(self) -> None:
        expected = self.model.picture()
        for part, there in expected.items():
            assert_same(self.seen[part], there, part)

    def everything_stored_waits_or_was_delivered_or_is_dead_exactly_once(self) -> None:
        letters = [(id, number) for id, _, number, _ in self.seen["dead"]]
        assert len(letters) == len(set(letters))
        for id, chat in self.seen["chats"].items():
            stored, settled = self.record(id)
            fates = dict(settled)
            ends = [number for number, fate in fates.items() if fate == "delivered"]
            dead = [number for number, fate in fates.items() if fate == "given up"]
            replaced = [number for number, fate in fates.items() if fate == "replaced"]
            waiting = [number for lane in Lane for number in chat["lanes"][lane]]
            assert sorted(ends + dead + replaced + waiting) == sorted(stored) == list(range(1, len(stored) + 1))
            assert sorted(number for number, fate in settled if fate == "delivered") == sorted(ends)  # nothing twice
            assert sorted(dead) == sorted(number for of, number in letters if of == id)

    def what_users_say_keeps_its_order(self) -> None:
        for id, chat in self.seen["chats"].items():
            stored, settled = self.record(id)
            apart = {number for number, fate in settled if fate == "sent by hand"}
            if any(entry.get("checkpoint") == "sent again" for entry in self.there.get(key("messages", id), [])):
                continue  # under new numbers, before all else
            line = [number for number, fate in settled if fate == "delivered"] + chat["lanes"][SALESFORCE]
            line = [number for number in line if stored[number].origin is Origin.USER and number not in apart]
            assert line == sorted(line)

    def record(self, id: str) -> tuple[dict[int, Item], list[tuple[int, str]]]:
        """What was stored, by number; and what became of it, in order."""
        record = self.there.get(key("messages", id), [])
        stored = {int(entry["number"]): Item.decoded(entry["item"]) for entry in record if "item" in entry}
        return stored, [(int(e["number"]), e["checkpoint"]) for e in record if e.get("checkpoint") in SETTLING]

    def a_lane_is_looked_at_when_its_head_may_go(self) -> None:
        for chat in self.model.chats.values():
            for lane in Lane:
                if chat.carrier in self.model.workers and not chat.put_off[lane]:
                    assert ((lane, chat.id) in self.seen["due now"]) == (chat.wait(lane) == "now")

    def everybody_who_needs_an_owner_has_one_or_waits_for_one(self) -> None:
        owned = [id for ids in self.seen["owned"].values() for id in ids]
        assert len(owned) == len(set(owned))
        assert {id: name for name, ids in self.seen["owned"].items() for id in ids} == {
            id: chat["owner"] for id, chat in self.seen["chats"].items() if chat["owner"]
        }
        for id, chat in self.seen["chats"].items():
            carried = (id in owned) + (id in self.seen["free"]) + (id in self.seen["starting"])
            over = chat["status"] in FINAL and not any(chat["lanes"].values()) and not chat["uncertain"]
            assert carried <= 1
            assert carried or over

    def tokens_are_gone_when_it_is_over(self) -> None:
        for chat in self.seen["chats"].values():
            assert chat["tokens"] == (chat["status"] not in FINAL)

    def nothing_waits_for_an_agent_who_is_gone(self) -> None:
        for chat in self.seen["chats"].values():
            assert chat["status"] not in FINAL or not chat["lanes"][SALESFORCE]

    def counters_add_up(self) -> None:
        counts, every = self.seen["counters"], [*self.model.chats.values(), *self.model.forgotten]
        for lane in Lane:
            settled = counts.get(f"delivered:{lane}", 0) + counts.get(f"dead:{lane}", 0)
            waiting = sum(len(chat["lanes"][lane]) for chat in self.seen["chats"].values())
            done = sum(m.fate in (Fate.DONE, Fate.REPLACED) for chat in every for m in chat.said if m.lane is lane)
            came = counts.get(f"stored:{lane}", 0) + counts.get(f"sent by hand:{lane}", 0)
            assert came == settled + waiting + done

    def the_board_says_where_they_stand(self) -> None:
        stands = set()
        for id, chat in self.seen["chats"].items():
            hash = self.there[key("hash", id)]
            if chat["status"] in FINAL or chat["leaving"]:
                continue
            if chat["status"] == Status.ON_HOLD:
                stands.add(("queued", hash["botSlug"], id))
            elif chat["waitingAgain"]:
                stands.add(("requeued", hash["botSlug"], id))
            elif "unansweredSince" in hash:
                stands.add(("unanswered", hash["botSlug"], id))
        assert self.seen["stands"] == stands


def assert_same(seen: object, wanted: object, where: str) -> None:
    """Down to the smallest part that differs."""
    if isinstance(seen, dict) and isinstance(wanted, dict) and set(seen) == set(wanted):
        for name in wanted:
            assert_same(seen[name], wanted[name], f"{where}, {name}")
    else:
        assert seen == wanted, where
