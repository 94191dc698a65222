"""A batch, each user's messages in the order of their own clock (whatsapp-cloud-api.md section 12, rule 3).  Pure."""

from collections.abc import Sequence

from interconnections.platforms.messages import Message, Told


def in_order(told: Sequence[Told]) -> list[Told]:
    """Every user's messages keep the places that their messages have in the batch, the earliest in the first of them.

    Seconds are all that the clock tells: in the same second, and without a time, the batch's own order holds.
    """
    ordered = list(told)
    if len(ordered) < 2:
        return ordered
    for places in _of_each_user(told):
        last, dated = 0, []
        for place in places:
            each = told[place]
            last = each.at or last if isinstance(each, Message) else last
            dated.append((last, each))
        for place, (_, each) in zip(places, sorted(dated, key=lambda pair: pair[0]), strict=True):
            ordered[place] = each
    return ordered


def _of_each_user(told: Sequence[Told]) -> list[list[int]]:
    """Places of messages; who is named by any id that another message shows beside it is the same user."""
    users: dict[str, tuple[set[str], list[int]]] = {}  # by each of their ids
    for place, each in enumerate(told):
        if isinstance(each, Message):
            ids, places = {each.user, *each.also}, [place]
            for known in {id(users[one]): users[one] for one in ids if one in users}.values():
                ids |= known[0]
                places += known[1]
            users |= dict.fromkeys(ids, (ids, places))
    return [sorted(places) for _, places in {id(user): user for user in users.values()}.values()]
