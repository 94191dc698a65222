"""Why a message to a user was given up, as its agent reads it (whatsapp-cloud-api.md section 11).

A code comes as the answer to a send, or later with a status: what is repeated in one case is final in the other.
"""

from django.utils.translation import pgettext_lazy

UNREACHED = pgettext_lazy(
    "to the agent",
    "WhatsApp cannot deliver to this user: they may have blocked us, left WhatsApp or use an old version.",
)
WINDOW = pgettext_lazy(
    "to the agent",
    "More than 24 hours have passed since the user last wrote: WhatsApp delivers only approved templates now.",
)
OURS = pgettext_lazy(
    "to the agent",
    "WhatsApp did not take the message: the business's account, its number or its access need attention.",
)
PAYMENT = pgettext_lazy(
    "to the agent", "WhatsApp did not deliver the message: the business's account has a problem with its payment."
)
BUSY = pgettext_lazy("to the agent", "WhatsApp could not deliver the message just now; it may work later.")
LIMITED = pgettext_lazy("to the agent", "Too many messages were sent; WhatsApp did not take this one.")
INVALID = pgettext_lazy("to the agent", "WhatsApp did not take the message as it is.")
HELD = pgettext_lazy("to the agent", "WhatsApp held this message back; it may be tried again on another day.")
OPTED_OUT = pgettext_lazy("to the agent", "The user asked for no more messages of this kind.")
COUNTRY = pgettext_lazy("to the agent", "WhatsApp does not let this business write to users in that country.")
NOT_LISTED = pgettext_lazy(
    "to the agent", "The business's number is a test number, and this user is not on its list."
)
OURSELVES = pgettext_lazy("to the agent", "The message was addressed to the business's own number.")
FILE = pgettext_lazy("to the agent", "WhatsApp did not take the file: its type or its size is not allowed.")
TYPE = pgettext_lazy("to the agent", "WhatsApp does not know this type of message.")
TEMPLATE = pgettext_lazy(
    "to the agent", "The template was not taken: it is missing, paused, disabled or was filled in wrongly."
)
NEEDS_NUMBER = pgettext_lazy("to the agent", "WhatsApp wants the user's phone number for this, and it is not known.")

BY_CODE = (
    (OURS, "0 3 10 33 100/33 190 368 131005 131031 131037 131045 133004 133006 133010 133016"),
    (BUSY, "1 2 131000 131016 131057 135000"),
    (LIMITED, "4 80007 130429 131048 131056 131064"),
    (INVALID, "100 131008 131009 137000"),
    (TEMPLATE, "132000 132001 132005 132007 132008 132012 132015 132016 132018 132068 132069"),
    (HELD, "130472 131049"),
    (FILE, "131052 131053"),
    (NEEDS_NUMBER, "131062 131063"),
    (COUNTRY, "130497"),
    (OURSELVES, "131021"),
    (UNREACHED, "131026"),
    (NOT_LISTED, "131030"),
    (PAYMENT, "131042"),
    (WINDOW, "131047"),
    (OPTED_OUT, "131050"),
    (TYPE, "131051"),
)
FAILURES = {
    **{code: words for words, codes in BY_CODE for code in codes.split()},
    **{str(code): OURS for code in range(200, 300)},
    **{str(code): INVALID for code in range(139100, 139200)},
}
