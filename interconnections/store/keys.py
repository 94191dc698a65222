"""Every key that we keep in Redis.  No other file names one; the scripts are handed this table.

{bridge}:interconnection:<id>               hash    the specification's fields, and what polling needs (fields.py)
{bridge}:interconnection:<id>:tokens        hash    sessionKey, affinityToken, encrypted; gone when it is over
{bridge}:interconnection:<id>:extra         hash    extraData, each value as JSON
{bridge}:interconnection:<id>:events        stream  EventsChat: what polls told, with sequence and time; bounded
{bridge}:interconnection:<id>:messages      stream  the message record: entries `item` and `checkpoint`
{bridge}:interconnection:<id>:lane:<lane>   list    what is still to be delivered: "<number> <due ms> <item>"
{bridge}:interconnection:<id>:entries       set     names of the events that are stored, where the desk names them
{bridge}:interconnection:<id>:sent          hash    "<number> <rank>" by the platform's id of what it took (sent.lua)
{bridge}:interconnection:<id>:unread        zset    those of them that nobody is known to have read, by when they went
{bridge}:interconnection:<id>:early         hash    what was told of ids that are not known yet
{bridge}:interconnection:<id>:origins       hash    the desk's name of what an agent said, by the number of it
{bridge}:interconnection:<id>:receipts      hash    delivered | read by the same name, until the desk is told
{bridge}:interconnection:<id>:quotes        hash    by what a quoted message is found on either side (quotes.lua)
{bridge}:interconnection:<id>:agent         list    marks of what the agent said, whole texts in order
{bridge}:ids                                hash    sessionId -> id
{bridge}:user:<bot>:<user>                  string  id of the open interconnection
{bridge}:reserved:<bot>:<user>              string  token of the connect that is opening one, while it is heard of
{bridge}:start:<bot>:<user>                 hash    that connect: its wish, and each step that it has done
{bridge}:starts                             zset    "<bot>:<user>" of starts under way, by when they must be heard of
{bridge}:takeover:<token>                   string  the start that was taken over under this token, for as long
{bridge}:tight                              stream  a stream that is made smaller, within a script only
{bridge}:last:<bot>:<user>                  string  id of the most recent interconnection
{bridge}:seen:<bot>:<message>               string  "chat <number>", "context", "passed on", "unread": told already
{bridge}:context:<bot>:<user>               stream  what user and bot said outside a chat
{bridge}:aliases:<bot>:<user>               set     all ids under which a platform showed this person, this one too
{bridge}:person:<bot>:<user>                hash    what they said last and when, and until when we may write to them
{bridge}:blocked:<bot>:<user>               string  they reach no agent any more, by a supervisor's hand
{bridge}:blocks                             zset    "<bot>:<user>" of those, by since when (ms)
{bridge}:workers                            zset    live workers, by the end of their lease (ms)
{bridge}:owned:<worker>                     set     ids that this worker owns
{bridge}:report:<worker>                    hash    what it said of itself at its last heartbeats: gauges
{bridge}:beat:<worker>                      string  ticket of its last heartbeat, and whether it was alive then
{bridge}:asked:<worker>                     set     ids that a supervisor wants this worker to give away
{bridge}:draining                           hash    worker -> ticket of its order to drain; "-" before one taken back
{bridge}:due:<lane>:<worker>                zset    its lanes with something to deliver, by when (ms)
{bridge}:waiting:<lane>:<bot>               zset    ids whose head may be delivered, by since when it may (ms)
{bridge}:waiting:<lane>                     zset    the same in the release before this one: nobody reads it any more
{bridge}:depth                              hash    items in all lanes of a direction
{bridge}:shore:<lane>:<bot>                 hash    how this bot's shore fares, and until when all workers spare it
{bridge}:bucket:<name>                      hash    tokens of a rate limit that all workers share
{bridge}:queue:<name>                       zset    ids that wait for a rate limit or a shore, as they came
{bridge}:turns:<name>                       zset    the same, by when it is their turn (ms)
{bridge}:free                               zset    ids that want an owner, by since or from when (ms)
{bridge}:unreadable                         zset    ids that no worker could carry, by when one last tried (ms)
{bridge}:starting                           zset    ids whose starter must finish by then (ms), or a worker does
{bridge}:over                               zset    ids that ended, by when they may be purged (ms)
{bridge}:index:<status>:<provider>:<bot>    zset    ids by timestamp (ms); `*` stands for any
{bridge}:search:<field>                     zset    "<casefolded value>\\0<id>", for prefixes (searching.py)
{bridge}:bots                               set     slugs that ever had an interconnection
{bridge}:bot:<bot>                          hash    heardAt: when a webhook of its platform came last (ms)
{bridge}:intake:<bot>                       string  bytes that it brought within the hour, where limited
{bridge}:unread webhooks:<bot>              string  how many of its webhooks nobody could read, within the hour
{bridge}:dead                               stream  dead letters: what could not be delivered, and why
{bridge}:dead of:<bot>                      zset    ids of this bot's, by when they were given up (ms)
{bridge}:queued:<bot>                       zset    ids that wait for their first agent, by since when (ms)
{bridge}:requeued:<bot>                     zset    ids that wait for another agent, by since when (ms)
{bridge}:unanswered:<bot>                   zset    ids whose agent owes an answer, by since when (ms)
{bridge}:failures:<bot>                     hash    "<minute>:<reason>" -> how many became Failed, of the last hour
{bridge}:day:<day>:<bot>                    hash    sums and histograms of one day (board.lua); kept for three
{bridge}:counters                           hash    totals, kept by the scripts
{bridge}:curve:<day>:<bot>                  hash    slot of the day -> "<waiting> <active>"; `*`: the slots looked at
{bridge}:rights                             string  grows with every change of users' rights in the console
{bridge}:revision                           string  grows with every change that a list would show
{bridge}:schema                             string  the version in which all this is written
{bridge}:libraries                          zset    our libraries of functions, by when a worker used one last (ms)
{bridge}:mending                            string  the worker that looks for what got stuck, for some seconds
{bridge}:attempts:<who>                     zset    tries of a password, by when (ms); who is a digest
{bridge}:login:<who>                        string  this name logged in from this address, within a month
{bridge}:token:<org>                        hash    the org's token for the data API, encrypted, or why none is given
{bridge}:doubt:<org>                        string  the login was asked where the org lives, less than a minute ago
{bridge}:usage                              hash    org -> "<used>/<allowed>" API calls, as Salesforce told them last
{bridge}:reach                              hash    bot -> "<users a day; -1: any> <told at, ms> <of which account>"
{bridge}:quality                            hash    bot -> "<its platform's rating> <told at, ms> <of which account>"
{bridge}:subscribed                         hash    bot -> "<1: we hear its users> <told at, ms> <of which account>"
{bridge}:looked:<bot>                       string  its platform was asked how it stands, less than an hour ago
{bridge}:probe                              string  written by /readyz, for a minute: does Redis take writes?
{bridge}:lock:<what>                        string  who does this now, for so long as it may take

<id> is {userid}-{sessionid}.  The constant hash tag keeps every script in one slot.
"""

import re

PREFIX = "{bridge}:"

TEMPLATES: dict[str, str] = {
    "hash": "interconnection:%s",
    "tokens": "interconnection:%s:tokens",
    "extra": "interconnection:%s:extra",
    "events": "interconnection:%s:events",
    "messages": "interconnection:%s:messages",
    "lane": "interconnection:%s:lane:%s",
    "entries": "interconnection:%s:entries",
    "sent": "interconnection:%s:sent",
    "unread": "interconnection:%s:unread",
    "early": "interconnection:%s:early",
    "origins": "interconnection:%s:origins",
    "receipts": "interconnection:%s:receipts",
    "quotes": "interconnection:%s:quotes",
    "agent": "interconnection:%s:agent",
    "ids": "ids",
    "user": "user:%s:%s",
    "reserved": "reserved:%s:%s",
    "start": "start:%s:%s",
    "starts": "starts",
    "takeover": "takeover:%s",
    "tight": "tight",
    "last": "last:%s:%s",
    "seen": "seen:%s:%s",
    "context": "context:%s:%s",
    "aliases": "aliases:%s:%s",
    "person": "person:%s:%s",
    "blocked": "blocked:%s:%s",
    "blocks": "blocks",
    "workers": "workers",
    "owned": "owned:%s",
    "report": "report:%s",
    "beat": "beat:%s",
    "asked": "asked:%s",
    "draining": "draining",
    "due": "due:%s:%s",
    "waiting": "waiting:%s:%s",
    "waiting before": "waiting:%s",
    "depth": "depth",
    "shore": "shore:%s:%s",
    "bucket": "bucket:%s",
    "queue": "queue:%s",
    "turns": "turns:%s",
    "free": "free",
    "unreadable": "unreadable",
    "starting": "starting",
    "over": "over",
    "index": "index:%s:%s:%s",
    "search": "search:%s",
    "bots": "bots",
    "bot": "bot:%s",
    "intake": "intake:%s",
    "unread webhooks": "unread webhooks:%s",
    "dead": "dead",
    "dead of": "dead of:%s",
    "queued": "queued:%s",
    "requeued": "requeued:%s",
    "unanswered": "unanswered:%s",
    "failures": "failures:%s",
    "day": "day:%s:%s",
    "counters": "counters",
    "curve": "curve:%s:%s",
    "rights": "rights",
    "revision": "revision",
    "schema": "schema",
    "libraries": "libraries",
    "mending": "mending",
    "attempts": "attempts:%s",
    "login": "login:%s",
    "token": "token:%s",
    "doubt": "doubt:%s",
    "usage": "usage",
    "reach": "reach",
    "quality": "quality",
    "subscribed": "subscribed",
    "looked": "looked:%s",
    "probe": "probe",
    "lock": "lock:%s",
}


def key(name: str, *parts: str) -> str:
    return PREFIX + (TEMPLATES[name] % parts if parts else TEMPLATES[name])


# `key('lane', id, 'salesforce')` in a script, with plain words for its parts: a name, a field, a literal.
CALL = re.compile(r"key\('(?P<name>[\w ]+)'(?P<parts>(?:, (?:'[^']*'|[\w.]+(?:\[\w+\])?))*)\)")


def as_lua(script: str) -> tuple[str, str]:
    """(what a script needs to name keys, its text): `key('lane', id, 'salesforce')` means there what it means here.

    A call whose parts are plain words is written out, as Redis would read the template anew at each of them; for the
    others there is the table with the rows that they name, and `key` itself.
    """
    script = CALL.sub(_written_out, script)
    if "key(" not in script:
        return "", script
    names = [name for name in TEMPLATES if f"'{name}'" in script]
    rows = ",".join(f"['{name}']='{PREFIX}{TEMPLATES[name]}'" for name in names)
    return (
        f"local TEMPLATES = {{{rows}}}\n"
        "local function key(name, ...) return string.format(TEMPLATES[name], ...) end\n",
        script,
    )


def _written_out(call: re.Match[str]) -> str:
    words = (PREFIX + TEMPLATES[call["name"]]).split("%s")
    parts = call["parts"].split(", ")[1:]
    if len(parts) != len(words) - 1:
        raise ValueError(f"{call[0]}: this key has {len(words) - 1} parts")
    if not parts:
        return f"'{words[0]}'"
    pieces = [f"'{words[0]}'"]
    for part, word in zip(parts, words[1:], strict=True):
        pieces += [part, f"'{word}'"] if word else [part]
    return f"({' .. '.join(pieces)})"
