"""Where a figure of the board leads: to the conversations that it counts, as near as the list can name them.

Who waits again after their agent left is among the active ones there, and marked.
"""

from django.urls import reverse
from django.utils.http import urlencode

from interconnections.lifecycle import Status
from interconnections.models.rows.plan import MOST_CELLS

LISTED = {
    "waiting": Status.ON_HOLD,
    "active": Status.ACTIVE,
    "failed.15": Status.FAILED,
    "failed.60": Status.FAILED,
}


def leads(request, told, chosen):
    """{path of the figure: address}, for whoever may go there.  `chosen`: bots that the board is cut to, if it is;
    of more than the list finds at once no figure leads there.
    """
    found = {}
    if request.user.has_perm("interconnections.view_interconnection"):
        listed = reverse("admin:interconnections_interconnection_changelist")
        if chosen is None or len(chosen) <= MOST_CELLS:
            of_bots = _only(chosen)
            found = {
                path: f"{listed}?{urlencode({'status__exact': status} | of_bots)}" for path, status in LISTED.items()
            }
        if told and told["longestWaitSession"]:
            session = told["longestWaitSession"]
            found["longestWaitSeconds"] = reverse("admin:interconnections_interconnection_change", args=[session])
    if request.user.has_perm("interconnections.view_deadletter"):
        found["deadLetters"] = reverse("admin:interconnections_deadletter_changelist")
    return found


def _only(bots):
    if bots is None:
        return {}
    return {"bot_slug": next(iter(bots))} if len(bots) == 1 else {"bot_slug__in": ",".join(sorted(bots))}
