-- What a platform tells of the messages that it took: by its own ids, which may be told before its answer comes.
--
-- sent:<id> holds "<number> <rank>" by the platform's id, several where a message went again as its answer was lost, and
-- by "again <number>" the number under which one that failed goes in another way; unread:<id> those that nobody is known to have read, by when
-- they went; early:<id> what was told of ids that we do not know yet.

local RANK = {sent = 1, delivered = 2, read = 3, played = 4}
local FAILED = 9
local EARLY, MOST_EARLY = 3600, 200  -- seconds that it is kept, and of how many

-- What the phone told is for the desk as well, where the words are its agent's and have a name there.
local function note_receipt(id, number, rank)
  local said_as = redis.call('HGET', key('origins', id), number)
  if not said_as then return end
  redis.call('HSET', key('receipts', id), said_as, rank >= RANK.read and 'read' or 'delivered')
  if rank >= RANK.read then redis.call('HDEL', key('origins', id), number) end
end

-- A platform's id, other than `as`, under which message `number` has not failed.
local function not_failed(id, number, as)
  local all = redis.call('HGETALL', key('sent', id))
  for i = 1, #all, 2 do
    local its, rank = string.match(all[i + 1], '^(%d+) (%d+)$')
    if its == number and all[i] ~= as and tonumber(rank) ~= FAILED then return all[i] end
  end
end

-- Message `number` goes in another way: the desk is told of that what became of it, and quotes that.
local function goes_again(id, number, again)
  local new = push(id, 'integration', again, now())
  redis.call('HSET', key('sent', id), 'again ' .. number, new)
  local said_as = redis.call('HGET', key('origins', id), number)
  if said_as then
    redis.call('HDEL', key('origins', id), number)
    redis.call('HSET', key('origins', id), new, said_as)
  end
  quoted_as(id, number, new)
  arm(id, 'integration', now())
end

-- Gives the lane in which there is more now, or none. It goes again once, and not while it may be shown under another
-- id; nobody is told that it failed as long as it may yet arrive so.
local function note_failed(id, as, number, at, notice, to_bot, again)
  local other = not_failed(id, number, as)
  lost_by_platform(id, number, as, other)
  if redis.call('HEXISTS', key('sent', id), 'again ' .. number) == 1 or (other and #again > 0) then return nil end
  if #again > 0 then
    goes_again(id, number, again)
  else
    tell_sender(id, 'integration', notice, at)
    tell_bot(id, to_bot, now())
  end
  if #to_bot + #again > 0 and redis.call('HGET', key('hash', id), 'owner') == '' then
    redis.call('ZADD', key('free'), 'NX', now(), id)  -- a chat that is over has one more thing to tell
  end
  return #again > 0 and 'integration' or #notice > 0 and 'salesforce' or nil
end

-- Whether this is news, and the lane in which there is more now: a status never goes back, and what arrived did not fail.
-- notice, to_bot: items for the agent and events for the bot, should it have failed; again: what the
-- user gets before anybody is told of that (a release before this one tells them all the same)
local function note_status(id, as, state, at, code, notice, to_bot, again)
  local number, rank = string.match(redis.call('HGET', key('sent', id), as) or '', '^(%d+) (%d+)$')
  if not number then return false end
  rank = tonumber(rank)
  local new = state == 'failed' and FAILED or RANK[state]
  if not new or new <= rank or (state == 'failed' and rank >= RANK.delivered) then return false end
  redis.call('HSET', key('sent', id), as, number .. ' ' .. new)
  if new >= RANK.read then redis.call('ZREM', key('unread', id), as) end
  checkpoint(id, number, 'status:' .. state, at, code)
  count('statuses:' .. state)
  local lane
  if state == 'failed' then
    count('failed by code:' .. code)
    lane = note_failed(id, as, number, at, notice, to_bot or {}, again or {})
  end
  if new == RANK.delivered or new == RANK.read or new == RANK.played then note_receipt(id, number, new) end
  changed()
  return true, lane
end

-- The platform took message `number` as `as`; what was told of it before is told now.
-- quotable: an agent may quote it
local function note_sent(id, as, number, at, quotable)
  if redis.call('HSETNX', key('sent', id), as, number .. ' 0') == 0 then return end
  if quotable then named_by_platform(id, number, as) end
  redis.call('ZADD', key('unread', id), at, as)
  local told = redis.call('HGET', key('early', id), as)
  if not told then return end
  redis.call('HDEL', key('early', id), as)
  local early = cjson.decode(told)
  note_status(id, as, early.state, early.at, early.code, early.notice, early.to_bot, early.again)
end

-- It is not known yet what this is the id of.
local function note_early(id, as, state, at, code, notice, to_bot, again)
  local name = key('early', id)
  local before = redis.call('HGET', name, as)
  if before and state ~= 'failed' and RANK[cjson.decode(before).state] and
    (RANK[state] or 0) <= RANK[cjson.decode(before).state] then return end
  if not before and redis.call('HLEN', name) >= MOST_EARLY then return end
  local told = {state = state, at = at, code = code, notice = notice, to_bot = to_bot, again = again}
  redis.call('HSET', name, as, cjson.encode(told))
  redis.call('EXPIRE', name, EARLY)
end
