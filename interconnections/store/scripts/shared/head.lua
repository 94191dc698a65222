-- The head of a lane: whether it may go now, and its being handed to the lane's owner.
--
-- A taking t: {id, lane, bot, me, at, head (false for none), limits (token buckets, the narrowest first),
--   goodbye_limit ms (0: none), ticket (of the call, the same when it is repeated), shows (ms within which the platform
--   shows what it took though its answer was lost, 0: it never does), listed (the lane stands on the lists as it
--   should), stands (its lane_state, where that was read), status (likewise)}; `shown` is found out on the way.

-- States and files go to another server than the words of the same lane.
local function elsewhere(lane, entry)
  local _, _, item = parts(entry)
  return string.find(item, '^%["state"') or (lane == 'salesforce' and string.find(item, '^%["file"'))
end

-- Behind a goodbye that nobody takes, the bot must not wait for its user for ever; and the other way round.
-- Returns true where a state came to the front.
local function state_first(id, lane, at)
  local name, list = key('hash', id), key('lane', id, lane)
  local head = redis.call('LINDEX', list, 0)
  local _, _, item = parts(head)
  if string.find(item, '^%["state"') then
    if redis.call('LLEN', list) == 1 then return end
    redis.call('LPOP', list)
    redis.call('RPUSH', list, head)
    redis.call('HDEL', name, 'attempts:' .. lane, 'retry:' .. lane, 'failing:' .. lane)
    return
  end
  for _, entry in ipairs(redis.call('LRANGE', list, 1, -1)) do
    local number, _, waiting = parts(entry)
    if string.find(waiting, '^%["state"') then
      redis.call('LREM', list, 1, entry)
      redis.call('LPUSH', list, entry)
      redis.call('HDEL', name, 'attempts:' .. lane, 'retry:' .. lane, 'failing:' .. lane)
      checkpoint(id, number, 'brought forward', at, 'what stands before it is not taken')
      return true
    end
  end
end

-- ms for which one that may have been taken still waits to be shown. Whoever had it in hand died, or heard no answer.
local function in_doubt(t)
  local number = parts(t.head)
  local h = redis.call('HMGET', key('hash', t.id), 'inHand', 'inHandAt', 'inHandTicket', 'shown')
  t.shown = h[4] == number
  if t.shown or h[1] ~= number or h[3] == t.ticket then return 0 end
  return math.max(0, tonumber(h[2]) + t.shows - t.at)
end

-- ms until the head may go; -1: there is none, or the lane is held. Second: the pace that it waits for, if it does.
local function until_head_goes(t)
  t.stands = t.stands or t.head and lane_state(t.id, t.lane)
    or {owner = t.me, bot = t.bot, status = t.status or redis.call('HGET', key('hash', t.id), 'status')}
  local goes, since = head_goes(t.id, t.lane, t.stands, t.head)
  local wait, tries_for_all, scope = goes and math.max(0, goes - t.at) or -1, false, nil
  -- One that may go as it is has its place on the lists from whoever put it there.
  if not t.listed or wait ~= 0 then list_lane(t.id, t.lane, t.stands, goes, since) end
  if wait == 0 and t.shows > 0 then wait = in_doubt(t) end
  if wait ~= 0 or elsewhere(t.lane, t.head) or t.shown then
    give_turns_back(t.limits, t.id)
    return wait
  end
  wait, tries_for_all = shore_wait(t.lane, t.bot, t.id, t.at)
  if wait == 0 then wait, scope = pace(t.limits, t.id, t.at, t.ticket) end
  if wait == 0 and tries_for_all then shore_probed(t.lane, t.bot, t.id, t.at) end
  return wait, scope
end

-- ms for which a goodbye may still hold up the bot's state, though nobody even tries it: its shore is spared.
local function patience_with_goodbye(t)
  local h = redis.call('HMGET', key('hash', t.id), 'status', 'endedAt')
  if t.lane ~= 'integration' or t.goodbye_limit == 0 or not final(h[1]) or elsewhere(t.lane, t.head) then return nil end
  local taken = redis.call('HGET', key('shore', t.lane, t.bot), 'takenAt')
  return math.max(tonumber(h[2]), tonumber(taken or '0')) + t.goodbye_limit - t.at
end

-- Of a file, which has no number of Live Agent's: what is said of it gets one of its own. It is remembered that it was
-- in hand. Returns 1 where it was so before this call.
local function in_hand_again(t, number)
  local name = key('hash', t.id)
  local h = redis.call('HMGET', name, 'fileInHand', 'takenTicket')
  redis.call('HSET', name, 'flying', number)
  if h[1] ~= number then
    redis.call('HSET', name, 'fileInHand', number, 'takenTicket', t.ticket)
  elseif h[2] ~= t.ticket then
    return 1
  end
  return 0
end

-- The number under which the desk gets it, bound to it durably before it is sent; and 1 where it may have gone under it.
local function bound_to(t, number)
  local name = key('hash', t.id)
  local bound = redis.call('HMGET', name, 'boundNumber', 'boundSequence', 'unsent', 'takenTicket')
  if bound[1] ~= number then
    local sequence = tostring(redis.call('HINCRBY', name, 'sequence', 1))
    redis.call('HSET', name, 'boundNumber', number, 'boundSequence', sequence, 'takenTicket', t.ticket, 'flying', number)
    return sequence, 0
  end
  redis.call('HSET', name, 'flying', number)
  if bound[3] then  -- under this number it is the first time
    redis.call('HDEL', name, 'unsent')
    redis.call('HSET', name, 'takenTicket', t.ticket)
    return bound[2], 0
  end
  return bound[2], bound[4] ~= t.ticket and 1 or 0
end

-- Where a platform shows what it took: that it is in hand from now on. Returns 1 where another call had it before.
local function goes_in_doubt(t, number)
  local name, again = key('hash', t.id), 0
  local h = redis.call('HMGET', name, 'inHand', 'inHandTicket')
  if h[1] == number and h[2] ~= t.ticket then
    again = 1
    count('sent again in doubt')
  end
  redis.call('HSET', name, 'inHand', number, 'inHandTicket', t.ticket, 'inHandAt', t.at)
  return again
end

-- Since when the desk could have had it, and 1 where it is the first that the desk is sent.
local function due_at_desk(t, number, due, item, accepted)
  local name = key('hash', t.id)
  local since = math.max(due, tonumber(accepted or '0'))
  if not t.stands.at_once or string.find(item, '^%["end"') then return since, 0 end
  redis.call('HSETNX', name, 'firstNumber', number)
  return since, redis.call('HGET', name, 'firstNumber') == number and 1 or 0
end

local function hand_out(t)
  local number, due, item = parts(t.head)
  local name = key('hash', t.id)
  local sequence, again, first, since = '', 0, 0, tonumber(due)
  local h = redis.call('HMGET', name, 'attempts:' .. t.lane, t.lane == 'salesforce' and 'acceptedAt' or 'answers')
  if t.lane == 'salesforce' then
    if string.find(item, '^%["file"') then again = in_hand_again(t, number)
    else sequence, again = bound_to(t, number) end
    since, first = due_at_desk(t, number, since, item, h[2])
  elseif t.shows > 0 and not t.shown and not elsewhere(t.lane, t.head) then
    again = goes_in_doubt(t, number)
  end
  return {'item', number, item, sequence, h[1] or '', math.max(0, t.at - since), t.stands.status, again, first,
    t.shown and redis.call('HGET', name, 'shownAs') or '',
    t.lane == 'integration' and h[2] and quoted_by(t.id, number) or ''}
end

-- {'empty', retired, status} | {'wait', ms, status}
--   | {'item', number, item, sequence, attempts (JSON: cause -> n, or ''), waited ms, status, again, first,
--     shown, quoted}
-- shown: the platform's id of it, where that told of it though its answer never came; quoted: of what it answers; ''
-- for none. again: another call than this one had it in hand before; a repeat of the call that had it first is no
-- attempt.
local function take_head(t)
  local wait, scope = until_head_goes(t)
  local patience = wait > 0 and not scope and patience_with_goodbye(t)
  if patience and patience > 0 then
    wait = math.min(wait, patience)
  elseif patience and state_first(t.id, t.lane, t.at) then
    t.head, t.stands = redis.call('LINDEX', key('lane', t.id, t.lane), 0), nil
    wait = until_head_goes(t)
  end
  local status = t.stands.status
  if wait < 0 then return {'empty', final(status) and retire(t.id) or 0, status} end
  if wait > 0 then
    redis.call('ZADD', key('due', t.lane, t.me), t.at + wait, t.id)
    return {'wait', wait, status}
  end
  return hand_out(t)
end
