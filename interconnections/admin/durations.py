"""How long something took or takes, in words: 25 ms; 0.3 s; 4 min 10 s; 2 h 5 min; 3 d 4 h."""

PARTS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))


def lag(start, end):
    """Between two moments; none is ever negative."""
    return lasting((end - start).total_seconds())


def after(start, moment):
    return f"+{lag(start, moment)}" if moment > start else ""


def lasting(seconds):
    seconds = max(0.0, seconds)
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    return roughly(seconds)


def roughly(seconds):
    """In whole seconds, as ages are told that change while one looks."""
    whole = max(0, round(seconds))
    for size, big, part, small in PARTS:
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {big}" + (f" {rest} {small}" if rest else "")
    return f"{whole} s"
