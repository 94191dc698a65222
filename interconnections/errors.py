"""What can go wrong here, named by what the caller should do.

BridgeError
├── Refusal              a door's caller asked for what cannot be: answer with `status` and the sentence
│   ├── BadInput         400: not shaped like what this door reads
│   ├── Unauthenticated  401: nothing shown
│   ├── Forbidden        403: shown, and not enough
│   ├── Unknown          404: no such bot, user or conversation
│   ├── Conflict         409: not now, because of what is already there
│   ├── TooMany          429: slow down
│   ├── StartFailed      500: Salesforce did not open the chat, in the old service's words
│   └── Unavailable      503: we cannot keep it now; send it again
├── StoreAway            Redis does not answer or refuses the write: nothing was kept, try again
├── StoreFault           a script failed, or a key holds what it must not: somebody must mend it
├── Undecipherable       a secret that none of ENCRYPTION_KEYS opens
├── LostOwnership        another worker owns this interconnection: drop it, write nothing
├── DeskError            Salesforce answered no, or not at all
│   ├── ChatGone         the chat is over, whatever we do
│   │   └── SessionLost  or cannot be reached any more: nothing shows who its user is
│   ├── PollRefused      409 on a poll: step back, poll once more
│   ├── OutOfSequence    409 on a POST: rebind the number to `actual` + 1
│   ├── HandedOver       503: the affinity is no longer valid
│   ├── AlreadyTaken     409 on an id of ours: look whether it stands for what we sent
│   ├── DeskRefused      our request is wrong for them: do not repeat it
│   │   ├── VerificationFailed  they do not know our user by our signature: somebody must mend it
│   │   └── FileNotTaken        too large, or not of a kind that they take: pass it on in another way
│   └── DeskUnwell       their trouble or the network's: repeat the same request, not before `wait` seconds
│       ├── TokenExpired     401: get another token, repeat once
│       └── Unready          412, 422: repeat it twice at most
├── RecordsError         Salesforce's data API (contacts, cases) answered no, or not at all
│   ├── SessionOver      our token is no longer taken: log in anew, repeat once
│   ├── LoginRefused     our credentials are not taken: somebody must mend them, do not knock on
│   ├── RecordsRefused   this request will never be taken; `code` is Salesforce's word for why
│   │   └── Elsewhere    the data API is not at the address that came with our token: log in anew, repeat once
│   └── RecordsUnwell    their trouble or the network's: repeat it, but look first whether a create was done
├── PlatformError        the users' shore
│   ├── PlatformRefused  this message will never be taken: give it up
│   │   └── WindowClosed     the user has not written for too long: nothing free-form goes out until they do
│   └── PlatformUnwell   repeat it later, not before `wait` seconds where they said so
│       ├── PairLimited      only this user had too much at once: wait `wait`, four times longer at each try
│       └── PlatformStopped  our token, a permission, the account: keep everything, tell somebody who can mend it
└── FileError            a user's file does not come
    ├── FileRefused      nor ever will, or we must not have it: pass its link on
    └── FileUnwell       not now: fetch it later, not before `wait` seconds where its host said so
"""


class BridgeError(Exception):
    """Every error of ours."""


class Refusal(BridgeError):
    """A sentence for the one who called a door; `status` is the HTTP status that goes with it.

    `wait`: seconds after which the same may be asked again (Retry-After), 0 where that is not known.
    """

    status = 400

    def __init__(self, sentence: str, wait: int = 0) -> None:
        super().__init__(sentence)
        self.wait = wait


class BadInput(Refusal):
    status = 400


class Unauthenticated(Refusal):
    status = 401


class Forbidden(Refusal):
    status = 403


class Unknown(Refusal):
    status = 404


class Conflict(Refusal):
    status = 409


class TooMany(Refusal):
    status = 429


class StartFailed(Refusal):
    status = 500


class Unavailable(Refusal):
    status = 503


class StoreAway(BridgeError):
    """Redis does not answer, or refuses the write: nothing of this was kept."""


class StoreFault(BridgeError):
    """Redis answered, and what it said will be said again: our fault, or another's who wrote to our keys.

    Nothing of this was kept.  What must not be lost is held and tried at long intervals, and each try is logged.
    """


class Undecipherable(BridgeError):
    """No key of ENCRYPTION_KEYS opens this secret."""


class LostOwnership(BridgeError):
    """A write under an old fence was refused: this interconnection belongs to another worker."""


class DeskError(BridgeError):
    """The agents' side said no, or nothing."""


class ChatGone(DeskError):
    pass


class SessionLost(ChatGone):
    pass


class PollRefused(DeskError):
    pass


class OutOfSequence(DeskError):
    """`actual`: the last number that the server accepted; None when its text could not be read."""

    def __init__(self, actual: int | None) -> None:
        super().__init__(f"out of sequence, the server is at {actual}")
        self.actual = actual


class HandedOver(DeskError):
    pass


class AlreadyTaken(DeskError):
    pass


class DeskRefused(DeskError):
    pass


class VerificationFailed(DeskRefused):
    pass


class FileNotTaken(DeskRefused):
    pass


class DeskUnwell(DeskError):
    """`undone`: what was asked was not done, for certain; `wait`: seconds that they asked us to wait, 0 for none;
    `crowded`: too much of ours is under way to them, so that they were not asked at all.
    """

    def __init__(self, why: str, *, undone: bool = False, wait: float = 0.0, crowded: bool = False) -> None:
        super().__init__(why)
        self.undone, self.wait, self.crowded = undone, wait, crowded


class TokenExpired(DeskUnwell):
    pass


class Unready(DeskUnwell):
    pass


class RecordsError(BridgeError):
    """Salesforce's data API said no, or nothing.  No sentence holds what a person is called or reached by."""


class SessionOver(RecordsError):
    pass


class LoginRefused(RecordsError):
    pass


class RecordsRefused(RecordsError):
    """`codes`: Salesforce's error codes, () where it gave none; `fields`: API names that it spoke of.

    Of a duplicate rule: `matches` are the ids that it named, of whatever object; `may_save`: it only warns.
    """

    def __init__(
        self,
        why: str,
        *codes: str,
        fields: tuple[str, ...] = (),
        matches: tuple[str, ...] = (),
        may_save: bool = False,
    ) -> None:
        super().__init__(why)
        self.codes, self.fields, self.matches, self.may_save = codes, fields, matches, may_save

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else ""


class Elsewhere(RecordsRefused):
    """The data API is not where we asked."""


class RecordsUnwell(RecordsError):
    """`undone`: nothing was made, for certain; `silent`: it may still be under way over there.

    `unmet`: nobody was there to ask; the address may be an old one.
    """

    def __init__(self, why: str, *, undone: bool = False, silent: bool = False, unmet: bool = False) -> None:
        super().__init__(why)
        self.undone, self.silent, self.unmet = undone or unmet, silent, unmet


class PlatformError(BridgeError):
    """The users' side said no, or nothing."""


class PlatformRefused(PlatformError):
    """`code`: the platform's, as its `failures` have it; "" where it gave none."""

    def __init__(self, why: str, code: str = "") -> None:
        super().__init__(why)
        self.code = code


class WindowClosed(PlatformRefused):
    pass


class PlatformUnwell(PlatformError):
    """`wait`: seconds that the platform asked us to wait (Retry-After), or None; `silent`: it may have been taken all
    the same; `code`: the platform's, "" where it gave none; `crowded`: too much of ours is under way to it, so that
    it was not asked at all.
    """

    def __init__(
        self, why: str, wait: float | None = None, *, silent: bool = False, code: str = "", crowded: bool = False
    ) -> None:
        super().__init__(why)
        self.wait, self.silent, self.code, self.crowded = wait, silent, code, crowded


class PairLimited(PlatformUnwell):
    pass


class PlatformStopped(PlatformUnwell):
    pass


class FileError(BridgeError):
    """A user's file does not come."""


class FileRefused(FileError):
    pass


class FileUnwell(FileError):
    """`wait`: seconds that its host asked us to wait (Retry-After), or None."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait
