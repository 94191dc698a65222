"""All Lua scripts by name, and what is known of each.

An answer may be lost on its way, and the client then sends the script again; so each one recognises its repeat, and
the table says by what.  A test runs each of them twice.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """`repeat`: by what it knows that it is sent again; `when_full`: it runs although Redis is out of memory;
    `reads`: it writes nothing.

    What carries on, ends or forgets what is there must run, or a full Redis would never empty itself; what begins
    something new must not, and is refused before it begins.  What a webhook brought is new: its platform repeats it.
    """

    repeat: str
    when_full: bool
    reads: bool = False


SCRIPTS = {
    "attempt": Script("the token of the try", when_full=True),
    "attempted": Script("the token of the try is not there any more", when_full=True),
    "block": Script("the ticket that is kept with the conversation", when_full=True),
    "board": Script("it writes nothing", when_full=True, reads=True),
    "change": Script("the ticket of the change that was applied last", when_full=True),
    "counted": Script("it writes nothing", when_full=True, reads=True),
    "drain": Script("the ticket of the order, kept by the worker's name", when_full=True),
    "ends": Script("it writes nothing", when_full=True, reads=True),
    "end_start": Script("the ticket that is kept with the end", when_full=True),
    "glance": Script("it writes nothing", when_full=True, reads=True),
    "goes": Script("a moment is set, not added to", when_full=True),
    "hang_up": Script("the ticket that is kept with the order", when_full=True),
    "hear": Script("the message's id", when_full=False),
    "heartbeat": Script("the ticket of the worker's last beat; whom it claimed is in its set", when_full=True),
    "keep_unread": Script("the mark of the part", when_full=False),
    "let_in": Script("nobody is blocked any more, and the answer is the same", when_full=True),
    "lock": Script("the token of the holder", when_full=False),
    "mend": Script("nothing is stuck any more", when_full=True),
    "news": Script("the mark that was used, or the names of the events", when_full=True),
    "newest": Script("it writes nothing", when_full=True, reads=True),
    "open": Script("the interconnection is there", when_full=True),
    "purge": Script("the interconnection is gone", when_full=True),
    "put_off": Script("it is not ours any more, or was ended so", when_full=True),
    "rebase": Script("the epoch that it ends", when_full=True),
    "release": Script("it is not ours any more", when_full=True),
    "renew": Script("a lease is set, not added to", when_full=True),
    "resend": Script("the ticket that is kept with the conversation", when_full=False),
    "reserve": Script("the token of the reservation", when_full=False),
    "rows": Script("it writes nothing", when_full=True, reads=True),
    "same": Script("they are one person already", when_full=False),
    "sample": Script("the slot has its point", when_full=True),
    "say": Script("the ticket of the call, kept with the form's", when_full=False),
    "standing": Script("it is set, not added to", when_full=False),
    "started": Script("it has started and is claimed or wanted", when_full=True),
    "status": Script("a status never goes back", when_full=False),
    "step": Script("a step is set, not added to", when_full=True),
    "take": Script("the number at the head, how often it was tried, the ticket of its first take", when_full=True),
    "take_away": Script("the ticket that is kept with the conversation", when_full=True),
    "take_over": Script("the token of the reservation", when_full=False),
    "turn": Script("the ticket that took from the bucket last", when_full=False),
    "unlock": Script("the token is not there any more", when_full=True),
    "unreserve": Script("the token is not there any more", when_full=True),
    "unsent": Script("nothing is in hand any more", when_full=True),
}
