"""What becomes of a message that was sent, and how its shore fares by it."""

from interconnections.items import Lane
from interconnections.lifecycle import FINAL
from interconnections.store.lanes import Settled, Whose
from tests.store.machine.conversation import ELSEWHERE, INTEGRATION, Chat, Fate, Shore
from tests.store.machine.estate import Estate


class Settling(Estate):
    def _settle(self, chat: Chat, lane: Lane, settled: Settled) -> None:
        message = chat.lanes[lane][0]
        refused = settled.outcome in ("dead", "rebind") or (settled.outcome, settled.whose) == (
            "retry",
            Whose.MESSAGE,
        )
        shore = self.shores.get((lane, chat.place[0]), Shore())
        if refused and shore.probing and message.item.kind not in ELSEWHERE:
            self.shores[lane, chat.place[0]] = Shore(taken=shore.taken)
        match settled.outcome:
            case "retry":
                self._retry(chat, lane, settled)
            case "rebind":
                chat.tries[lane] += 1
                chat.sequence, chat.unsent = int(settled.argument), True
                chat.bound = (chat.bound[0], chat.sequence) if chat.bound else None
            case "dead":
                self._dead(chat, lane, settled, settled.argument)
            case "delivered":
                self.deliver(chat.pop(lane))
                if message.item.kind not in ELSEWHERE:
                    self.shores[lane, chat.place[0]] = Shore(taken=True)
            case "replaced":
                chat.pop(lane).fate = Fate.REPLACED
        if settled.change and message.fate is not Fate.WAITING:
            self._apply(chat, settled.change)

    def _dead(self, chat: Chat, lane: Lane, settled: Settled, why: str) -> None:
        self.give_up(chat.pop(lane), why)
        self.tell_sender(chat, lane, settled.told)

    def _retry(self, chat: Chat, lane: Lane, settled: Settled) -> None:
        self.counts[f"retries:{lane}"] += 1
        chat.failing[lane] = chat.failing[lane] or "now"
        chat.tries[lane] += 1
        if settled.whose in (Whose.SHORE, Whose.ASKED):
            self._shore_refused(chat, lane, asked=settled.whose is Whose.ASKED)
        if settled.delivery_limit and chat.failing[lane] == "long":
            return self._dead(chat, lane, settled, f"not taken for too long: {settled.why}")
        chat.resting[lane] = True
        if lane is INTEGRATION and settled.goodbye_limit and chat.failing[lane] == "long" and chat.status in FINAL:
            self._state_first(chat)
        return None

    def _settle_uncertain(self, chat: Chat, lane: Lane, settled: Settled) -> None:
        assert chat.uncertain
        if settled.outcome == "delivered":
            chat.uncertain.fate = Fate.DELIVERED  # counted as dead already
        else:
            self.tell_sender(chat, lane, settled.told)
        chat.uncertain, chat.if_lost = None, ()

    def _shore_refused(self, chat: Chat, lane: Lane, *, asked: bool) -> None:
        shore = self.shores.setdefault((lane, chat.place[0]), Shore())
        shore.failing = shore.failing or chat.id
        shore.several = shore.several or shore.failing != chat.id
        shore.failures += 1
        if asked or (shore.several and shore.failures >= 3):
            shore.pause, shore.probing = "on", False
            self.counts[f"pauses:{lane}"] += 1
