"""The noun of the product, as pages see it: a row of Redis, with no table and nothing to write.

The fields are the specification's; `db_column` is the name in the stored hash.  No token is among them.
"""

from functools import cache, cached_property, lru_cache
from typing import Self

from django.db import NotSupportedError, models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from interconnections.lifecycle import Status
from interconnections.models.bots import Bot
from interconnections.models.rows import InRedis, history
from interconnections.models.rows.queryset import WRITES
from interconnections.models.rows.stored import indexed_at, moment
from interconnections.store import admin_reads

MESSAGES_SHOWN = 4000  # entries of the record: a long conversation with its checkpoints
EVENTS_SHOWN = 500
STATUSES = [
    (Status.ON_HOLD, _("On hold")),
    (Status.ACTIVE, _("Active")),
    (Status.CLOSED, _("Closed")),
    (Status.FAILED, _("Failed")),
]

WORDS = {"status": dict(STATUSES), "provider": dict(Bot.Provider.choices)}


@lru_cache(100)
def in_words(name: str, value: str, language: str | None) -> str:
    """Each row of a list says them: a language's words are looked up once."""
    return str(WORDS[name].get(value, value))


def text(hash_field, **options):
    return models.CharField(max_length=255, db_column=hash_field, default="", blank=True, **options)


def time(hash_field, **options):
    return models.DateTimeField(db_column=hash_field, null=True, blank=True, **options)


class Interconnection(models.Model):
    """One bot user talking, or waiting to talk, to one agent."""

    session_id = models.CharField(max_length=255, primary_key=True, db_column="sessionId", verbose_name=_("session"))
    user_id = text("userId", verbose_name=_("user id"))
    status = text("status", choices=STATUSES, verbose_name=_("status"))
    timestamp = time("timestamp", verbose_name=_("opened"))
    provider = text("provider", choices=Bot.Provider, verbose_name=_("provider"))
    bot_slug = text("botSlug", verbose_name=_("bot"))
    bot_id = text("botId", verbose_name=_("bot id"))
    name = text("name", verbose_name=_("name"))
    email = text("email", verbose_name=_("e-mail"))
    phone_number = text("phoneNumber", verbose_name=_("phone"))
    case_id = text("caseId", verbose_name=_("case"))
    salesforce_message_channel = text("salesforceMessageChannel", verbose_name=_("channel of Salesforce's messages"))
    integration_message_channel = text("integrationMessageChannel", verbose_name=_("channel of the bot's messages"))
    agent_id = text("agentID", verbose_name=_("agent id"))
    num_message = models.PositiveIntegerField(db_column="numMessage", default=0, verbose_name=_("messages"))

    agent_name = text("agentName", verbose_name=_("agent"))
    reason = text("reason", verbose_name=_("why it ended"))
    waiting_again = models.BooleanField(
        db_column="waitingAgain",
        default=False,
        verbose_name=_("waiting again"),
        help_text=_("the agent dropped or handed the user back to the queue"),
    )
    leaving = models.BooleanField(
        db_column="leaving",
        default=False,
        verbose_name=_("ending"),
        help_text=_("its end is ordered, and on its way"),
    )
    opened_at = time("openedAt", verbose_name=_("stored"))
    accepted_at = time("acceptedAt", verbose_name=_("agent came"))
    ended_at = time("endedAt", verbose_name=_("ended"))
    owner = text(
        "owner", verbose_name=_("worker"), help_text=_("the worker that polls it now; none while it is free or over")
    )
    button_id = text("buttonId", verbose_name=_("button id"))
    language = text("language", verbose_name=_("language"))

    objects = InRedis.as_manager()

    class Meta:
        managed = False
        app_label = "interconnections"
        verbose_name = _("interconnection")
        ordering = ["-timestamp"]
        base_manager_name = "objects"
        default_permissions = ("view",)
        permissions = [
            ("view_board", "Can look at the board"),
            ("unmask_interconnection", "Can see who the people are"),
            ("download_interconnection", "Can download a conversation"),
            ("close_interconnection", "Can end a conversation"),
            ("return_interconnection", "Can return a user to the bot at a state"),
            ("note_interconnection", "Can write a note on a conversation"),
            ("say_interconnection", "Can say something to a user as the system"),
            ("reconnect_interconnection", "Can have a conversation connect anew"),
            ("release_interconnection", "Can take a conversation from its worker"),
            ("block_user", "Can block a user, and let them in again"),
            ("forget_user", "Can erase a person"),
            ("export_user", "Can export what is kept of a person"),
            ("drain_worker", "Can drain a worker"),
            ("use_api", "May call the bots' HTTP API"),
        ]

    def __str__(self):
        # In the history, in page titles and logs: the session, never the person's number.
        return self.session_id

    @property
    def id(self):
        """As the specification has it, and as it ends the keys in Redis."""
        return f"{self.user_id}-{self.session_id}"

    def worded(self, name):
        """A field of few values, as people call it; Django makes its table anew for each row."""
        return in_words(name, getattr(self, name), get_language())

    @property
    def indexed_at(self):
        """The moment under which the index has it."""
        return indexed_at(self.opened_at, self.timestamp)

    @classmethod
    def hash_fields(cls):
        return [field.column for field in cls._meta.concrete_fields]

    @classmethod
    @cache
    def readers(cls):
        """(name in the hash, what makes a value of it), in the order of the fields."""
        return [(field.column, reader(field)) for field in cls._meta.concrete_fields]

    @classmethod
    def from_hash(cls, stored: dict[str, str]) -> Self:
        row = cls(*(reads(stored.get(column)) for column, reads in cls.readers()))
        row._state.adding = False
        return row

    # Read when somebody looks

    @cached_property
    def extra_data(self):
        return history.extra(admin_reads.extra(self.id))

    def extra_as_text(self):
        return {name: history.as_text(value) for name, value in self.extra_data.items()}

    @cached_property
    def events_chat(self):
        return history.poll_events(admin_reads.latest_entries("events", self.id, EVENTS_SHOWN))

    @cached_property
    def messages(self):
        return self.read_messages(self.id)

    @staticmethod
    def read_messages(id: str) -> list[history.Message]:
        return history.messages(admin_reads.latest_entries("messages", id, MESSAGES_SHOWN))

    # Only the store's scripts write

    def save(self, *args, **kwargs):
        raise NotSupportedError(WRITES)

    save_base = delete = save


def reader(field):
    """What makes a field's value of what the hash has; what is missing is empty."""
    if isinstance(field, models.DateTimeField):
        return moment
    if isinstance(field, models.BooleanField):
        return lambda stored: stored == "1"
    if isinstance(field, models.IntegerField):
        return lambda stored: int(stored) if stored and stored.isdecimal() else 0
    return lambda stored: stored or ""
