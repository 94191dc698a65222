"""Deeds of owners: news, changes, hand-overs, and the taking of what waits in a lane."""

from typing import TypeAlias

from interconnections.items import Change, Kind, Lane
from interconnections.lifecycle import FINAL, Status
from interconnections.store.lanes import Bucket, Settled
from interconnections.store.leases import Hold
from tests.store.machine.conversation import ELSEWHERE, INTEGRATION, LOST, SALESFORCE, Answer, Chat, Shore
from tests.store.machine.settling import Settling

Limits: TypeAlias = tuple[Bucket, ...]

HOLDS = {
    "status",
    "leaving",
    "waitingAgain",
    "handover",
    "switchTo",
    "started",
}  # fields that hold the lane to the desk


class Writes(Settling):
    def news(
        self, hold: Hold, epoch: int, used: int, ack: int, changes: list[Change], takes: Limits | None = None
    ) -> Answer:
        """With limits it takes the head of the lane to the user along, which is told last."""
        chat = self.owned(hold)
        if not chat:
            return LOST
        told = self._stored(chat, epoch, used, ack, changes)
        if takes is None:
            return told
        return (*told, self.take(hold, INTEGRATION, None, takes) if told[2] == "now" else ())

    def _stored(self, chat: Chat, epoch: int, used: int, ack: int, changes: list[Change]) -> Answer:
        if (chat.ack, chat.epoch) != (used, epoch):
            _, *told = self._looked_at(chat, changes, stale=True)
            return ("stale", *told)
        chat.ack = ack
        self.counts["event:ChatMessage"] += 1
        for change in changes:
            self._apply(chat, change)
        return self._looked_at(chat, changes)

    def _looked_at(self, chat: Chat, changes: list[Change], *, stale: bool = False) -> Answer:
        """A lane that the news cannot have freed is not looked at."""
        word, to_desk, to_user, *rest = chat.told()
        if not stale and not any(
            change.to or change.arrived or change.first_to_agent or HOLDS & set(change.fields) for change in changes
        ):
            to_desk = "silent"
        return (word, to_desk, to_user if changes else "silent", *rest)

    def change(self, hold: Hold, change: Change) -> Answer:
        chat = self.owned(hold)
        if not chat:
            return LOST
        self._apply(chat, change)
        return chat.told()

    def reconnected(self, hold: Hold, reset: bool) -> Answer:
        chat = self.owned(hold)
        if not chat or chat.status in FINAL:
            return LOST
        if chat.bound and not chat.unsent:
            chat.fields["inFlight"] = str(chat.bound[0])
        if reset:
            chat.sequence, chat.bound, chat.unsent = 0, None, False
        chat.ack, chat.epoch, chat.resting[SALESFORCE] = -1, chat.epoch + 1, False
        chat.fields["handover"] = "data"
        self.counts["hand-overs"] += 1
        return chat.told()

    def switched(self, hold: Hold) -> Answer:
        chat = self.owned(hold)
        if not chat or chat.status in FINAL:
            return LOST
        chat.sequence, chat.bound, chat.unsent = 1, None, False
        chat.ack, chat.epoch, chat.resting[SALESFORCE] = -1, chat.epoch + 1, False
        chat.fields |= {"handover": "", "switchTo": ""}
        chat.begun = False
        if chat.status is Status.ACTIVE:
            chat.fields["waitingAgain"] = "1"
        self.counts["switches"] += 1
        return chat.told()

    def take(self, hold: Hold, lane: Lane, settled: Settled | None, limits: Limits) -> Answer:
        chat = self.owned(hold)
        if not chat:
            return LOST
        put_off = chat.put_off[lane] and not settled
        answer = self._take(chat, lane, settled, limits)
        chat.put_off[lane] |= put_off  # though it goes now, its limits being others: the sweep looks as it was told
        return answer

    def _take(self, chat: Chat, lane: Lane, settled: Settled | None, limits: Limits) -> Answer:
        if settled and lane is SALESFORCE:
            chat.flying = 0
        if settled and chat.lanes[lane] and str(chat.lanes[lane][0].number) == settled.number:
            self._settle(chat, lane, settled)
        elif settled and chat.uncertain and str(chat.uncertain.number) == settled.number:
            self._settle_uncertain(chat, lane, settled)
        if chat.silent(lane):
            return ("empty", chat.retire())
        goes, paced = self._head_goes(chat, lane, limits)
        shore = self.shores.get((lane, chat.place[0]), Shore())
        tired = lane is INTEGRATION and chat.long_over and not shore.taken
        if not goes and not paced and tired and chat.lanes[lane][0].item.kind not in ELSEWHERE:
            self._state_first(chat)
            if chat.lanes[lane][0].item.kind is Kind.STATE:
                goes, _ = self._head_goes(chat, lane, limits)
        if not goes:
            return ("wait",)
        head, sequence, again = chat.lanes[lane][0], 0, False
        if head.item.kind is Kind.FILE:
            again = chat.file_in_hand == head.number
            chat.file_in_hand = chat.flying = head.number
        elif lane is SALESFORCE:
            if chat.bound and chat.bound[0] == head.number:
                again = not chat.unsent
            else:
                chat.sequence += 1
                chat.bound = (head.number, chat.sequence)
            chat.unsent, chat.flying = False, head.number
            sequence = chat.bound[1]
        return ("item", head.number, head.item.text, sequence, again, chat.tries[lane], chat.status)

    def _head_goes(self, chat: Chat, lane: Lane, limits: Limits) -> tuple[bool, bool]:
        """Now? And if not, is it for a pace?"""
        chat.put_off[lane] = False
        if chat.later(lane):
            return False, False
        if chat.lanes[lane][0].item.kind in ELSEWHERE:
            return True, False
        shore = self.shores.setdefault((lane, chat.place[0]), Shore())
        well = shore.pause != "on"
        goes = well and self._pace_lets_go(limits)
        if goes and shore.pause:
            shore.pause, shore.probing = "on", True  # for the others, while this one tries for all
        chat.put_off[lane] = not goes
        return goes, well and not goes

    def _state_first(self, chat: Chat) -> None:
        """The bot must not wait for its user behind a goodbye, nor the user for words behind the bot's state."""
        head, rest = chat.lanes[INTEGRATION][0], chat.lanes[INTEGRATION][1:]
        if head.item.kind is Kind.STATE:
            line = [*rest, head]
        else:
            state = next((message for message in rest if message.item.kind is Kind.STATE), None)
            line = [state, head, *(m for m in rest if m is not state)] if state else [head, *rest]
        if line != chat.lanes[INTEGRATION]:
            chat.lanes[INTEGRATION] = line
            chat.rest(INTEGRATION, tries=0)

    def _pace_lets_go(self, limits: Limits) -> bool:
        empty = [limit for limit in limits if self.buckets.get(limit.name, 0) >= limit.burst]
        for limit in limits if not empty else ():
            self.buckets[limit.name] = self.buckets.get(limit.name, 0) + 1
        return not empty
