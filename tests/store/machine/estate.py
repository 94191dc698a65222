"""All that the model remembers, and the few moves that its deeds are made of."""

from collections import Counter

from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import FINAL, OPEN, ways_to
from interconnections.store.leases import Hold
from tests.store.machine.conversation import BOT, INTEGRATION, SALESFORCE, Chat, Fate, Message, Place, Shore


class Estate:
    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.forgotten: list[Chat] = []
        self.reserved: dict[Place, str] = {}
        self.holders: dict[Place, str] = {}  # who may still store, though the reservation ran out
        self.unheard: set[Place] = set()  # starts that others may go on with
        self.taken_over: dict[str, Place] = {}  # by whom, last
        self.latest: dict[Place, str] = {}
        self.context: dict[Place, int] = {}
        self.seen: set[tuple[str, str]] = set()
        self.workers: dict[str, bool] = {}  # does the lease still run?
        self.shores: dict[tuple[Lane, str], Shore] = {}
        self.buckets: dict[str, int] = {}  # tokens taken
        self.counts: Counter[str] = Counter()

    def open_at(self, place: Place) -> Chat | None:
        """The one whom `place` talks with: open, and not on its way out."""
        found = [c for c in self.chats.values() if c.place == place and c.status in OPEN and not c.leaving]
        assert len(found) <= 1
        return found[0] if found else None

    def owned(self, hold: Hold) -> Chat | None:
        chat = self.chats.get(hold.id)
        return chat if chat and (chat.carrier, str(chat.fence)) == (hold.worker, hold.fence) else None

    def holds(self) -> list[Hold]:
        """All that are good now."""
        return [Hold(c.id, c.carrier, str(c.fence)) for c in self.chats.values() if c.carrier in self.workers]

    def push(self, chat: Chat, lane: Lane, items: tuple[Item, ...], *, first: bool = False, behind: int = 0) -> None:
        """`behind`: so many that stay in front of what goes first."""
        new = [Message(len(chat.said) + n, lane, item, item.delay > 0) for n, item in enumerate(items, 1)]
        chat.said += new
        place = behind if first else len(chat.lanes[lane])
        chat.lanes[lane][place:place] = new
        self.counts[f"stored:{lane}"] += len(new)

    def deliver(self, message: Message) -> None:
        message.fate = Fate.DELIVERED
        self.counts[f"delivered:{message.lane}"] += 1

    def give_up(self, message: Message, why: str) -> None:
        message.fate, message.why = Fate.DEAD, why
        self.counts[f"dead:{message.lane}"] += 1

    def tell_sender(self, chat: Chat, lane: Lane, words: tuple[Item, ...]) -> None:
        """In the other lane, where somebody still reads it."""
        if lane is INTEGRATION and (chat.status in FINAL or chat.leaving):
            return
        self.push(chat, INTEGRATION if lane is SALESFORCE else SALESFORCE, words)
        self.counts["notices"] += len(words)

    def bury(self, chat: Chat, why: str) -> tuple[int, bool]:
        """Nobody will read what waits for the agent; how many of the user's words are lost, is one in doubt?"""
        lost, doubted = 0, False
        while chat.lanes[SALESFORCE]:
            message = chat.pop(SALESFORCE)
            if message.item.kind is Kind.END:
                message.fate = Fate.DONE
                continue
            self.give_up(message, why)
            if message.number == chat.flying:
                chat.uncertain, doubted = message, message.item.origin is Origin.USER
            else:
                lost += message.item.origin is Origin.USER
        chat.rest(SALESFORCE, tries=0)
        chat.bound, chat.unsent, chat.flying = None, False, 0
        return lost, doubted

    def no_longer_uncertain(self, chat: Chat) -> None:
        """Who could have told is gone."""
        if chat.uncertain and chat.if_lost:
            self.tell_sender(chat, SALESFORCE, chat.if_lost)
        chat.uncertain, chat.if_lost = None, ()

    def _apply(self, chat: Chat, change: Change) -> None:
        if change.to and chat.status not in ways_to(change.to):
            return
        if change.unless_leaving and chat.leaving:
            return
        if chat.lanes[SALESFORCE] and str(chat.lanes[SALESFORCE][0].number) == change.arrived:
            self.deliver(chat.pop(SALESFORCE))
        self.counts["sent again"] += len(change.sent_again)
        chat.fields |= change.fields
        went = {chat.bound and chat.bound[0], chat.file_in_hand, chat.flying, int(chat.fields.get("inFlight") or 0)}
        stays = bool(chat.lanes[SALESFORCE]) and not change.sent_again and chat.lanes[SALESFORCE][0].number in went
        self.push(chat, SALESFORCE, change.first_to_agent, first=True, behind=int(stays))
        if chat.status in FINAL and change.first_to_agent:
            self.bury(chat, chat.reason)
        if change.to:
            chat.status = change.to
            self.counts[f"became:{change.to}"] += 1
            if change.to in FINAL:
                chat.reason = chat.leaving or change.reason
                lost, doubted = self.bury(chat, chat.reason)
                if lost + chat.unread:
                    self.tell_sender(chat, SALESFORCE, change.if_lost)
                elif doubted:
                    chat.if_lost = change.if_lost
        self.push(chat, INTEGRATION, change.to_user)
        told = (Item(Kind.EVENT, Origin.BRIDGE, event.type, event.delay) for event in change.to_bot)
        self.push(chat, BOT, tuple(told))  # with no patience: how the last waits is in test_events_for_the_bot.py
