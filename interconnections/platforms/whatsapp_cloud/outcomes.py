"""Every error of the Cloud API, and what the sender of a message does about it (whatsapp-cloud-api.md section 11)."""

from interconnections.platforms.graph import STOPPED, Do, Outcome, Outcomes

RETRY, REFUSE, STOP = Outcome(Do.RETRY), Outcome(Do.REFUSE), Outcome(Do.STOP, STOPPED)

OUTCOMES: Outcomes = {
    (0, None): STOP,  # the token, as 190
    (1, None): RETRY,
    (2, None): RETRY,
    (3, None): STOP,  # permissions, as 10 and 200 to 299
    (4, None): Outcome(Do.PAUSE, 120.0),  # calls of the app
    (10, None): STOP,
    (33, None): STOP,  # no such phone number id: a mistake of the configuration, as 100 with that subcode
    (100, None): REFUSE,
    (100, 33): STOP,
    (190, None): STOP,
    **{(code, None): STOP for code in range(200, 300)},
    (368, None): STOP,  # the account is restricted
    (80007, None): Outcome(Do.PAUSE, 120.0),  # calls of the WABA
    (130429, None): RETRY,  # throughput of the number
    (130472, None): REFUSE,
    (130497, None): REFUSE,
    (131000, None): RETRY,
    (131005, None): STOP,
    (131008, None): REFUSE,
    (131009, None): REFUSE,
    (131016, None): RETRY,
    (131021, None): REFUSE,
    (131026, None): REFUSE,
    (131030, None): REFUSE,
    (131031, None): STOP,
    (131037, None): STOP,  # the display name wants approval
    (131042, None): STOP,  # payment
    (131045, None): STOP,  # the number is not registered
    (131047, None): Outcome(Do.WINDOW),
    (131048, None): Outcome(Do.STOP, 600.0),  # taken for spam
    (131049, None): REFUSE,
    (131050, None): REFUSE,
    (131051, None): REFUSE,
    (131052, None): REFUSE,
    (131053, None): REFUSE,
    (131056, None): Outcome(Do.PAIR),  # 1, 4, 16 … s
    (131057, None): Outcome(Do.PAUSE, 20.0),  # an upgrade, up to a minute
    (131062, None): REFUSE,  # after the number was tried, where one is known (addresses.py)
    (131063, None): REFUSE,
    (131064, None): Outcome(Do.PAUSE, 300.0),  # users who may be written to first
    **{
        (code, None): REFUSE
        for code in (132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069)
    },
    (133004, None): STOP,
    (133006, None): STOP,
    (133010, None): STOP,
    (133016, None): STOP,
    (135000, None): Outcome(Do.AGAIN),
    (137000, None): REFUSE,  # of other products, as 139100 and what follows
    **{(code, None): REFUSE for code in range(139100, 139200)},
}
