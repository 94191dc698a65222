-- How a bot's shore fares, shared by all workers: an outage is one trouble, not one a conversation.
--
-- shore:<lane>:<bot> holds takenAt, refusedAt, refusedWhy; and while the shore is unwell `failures` in a row, `failing`
-- (the first that met it), `several` (others met it too) and `pausedUntil`. During a pause nobody sends; at its end
-- one lane tries for all (half-open), and its success sets the others free, who come in their order.

local PROBE = 10000  -- ms that the one who tries for all may take
local PATIENT = 3  -- failures in a row, in more than one conversation, that make an outage
local LONGEST = { salesforce = 15000, integration = 30000, bot = 30000 }  -- ms of a pause

local LOOK = 1000  -- ms that the others leave to the one who tries before the first of them looks, and then ever longer
local STEP = 5  -- ms between two of them

-- A queue for a rate limit or a shore: who must wait is told its own turn, and wakes once. It keeps its place until it
-- goes, whoever owns it; who does not come for its turn has lost it, as its worker died or its lane is held.
local LATE = 2000  -- ms after a turn that nobody came for

local function leave_queue(name, id)
  redis.call('ZREM', key('queue', name), id)
  redis.call('ZREM', key('turns', name), id)
end

-- How many stand before it; and whether it stands there already.
local function ahead_of(name, id, at)
  for _, late in ipairs(redis.call('ZRANGEBYSCORE', key('turns', name), '-inf', at - LATE, 'LIMIT', 0, 100)) do
    if late ~= id then leave_queue(name, late) end
  end
  local rank = redis.call('ZRANK', key('queue', name), id)
  if rank then return rank, true end
  return redis.call('ZCARD', key('queue', name)), false
end

local function queue_up(name, id, turn, at)
  local last = redis.call('ZRANGE', key('queue', name), -1, -1, 'WITHSCORES')
  redis.call('ZADD', key('queue', name), 'NX', tonumber(last[2] or '0') + 1, id)
  redis.call('ZADD', key('turns', name), turn, id)
  for _, list in ipairs({key('queue', name), key('turns', name)}) do
    local kept = turn - at + LATE + 1000
    if redis.call('PTTL', list) < kept then redis.call('PEXPIRE', list, kept) end
  end
end

local function shore_queue(lane, bot) return 'shore:' .. lane .. ':' .. bot end

local function shore_is_well(lane, bot)
  local was = redis.call('HDEL', key('shore', lane, bot), 'failures', 'failing', 'several', 'pausedUntil', 'probing')
  if was > 0 then redis.call('DEL', key('queue', shore_queue(lane, bot)), key('turns', shore_queue(lane, bot))) end
end

local function shore_took(lane, bot, at)
  redis.call('HSET', key('shore', lane, bot), 'takenAt', at)
  shore_is_well(lane, bot)
end

-- It refused this one message: whoever tried for all has learnt that it is there again.
local function shore_answered(lane, bot)
  if redis.call('HGET', key('shore', lane, bot), 'probing') == '1' then shore_is_well(lane, bot) end
end

-- `wait`: ms that the shore itself asked for, or nil.
local function shore_refused(lane, bot, id, at, why, wait)
  local name = key('shore', lane, bot)
  redis.call('HSET', name, 'refusedAt', at, 'refusedWhy', why)
  local who = redis.sha1hex(id)  -- this key outlives the conversation and its user
  redis.call('HSETNX', name, 'failing', who)
  if redis.call('HGET', name, 'failing') ~= who then redis.call('HSET', name, 'several', '1') end
  local failures = redis.call('HINCRBY', name, 'failures', 1)
  local pause = wait
  if not pause and failures >= PATIENT and redis.call('HGET', name, 'several') == '1' then
    pause = math.min(LONGEST[lane], 500 * 2 ^ math.min(failures - PATIENT, 10))
  end
  if pause then
    redis.call('HSET', name, 'pausedUntil', string.format('%.0f', at + pause))
    redis.call('HDEL', name, 'probing')
    count('pauses:' .. lane)
  end
end

-- ms that this lane must still wait for its shore; 0 when it may go.  Second: whether it is the one who tries for all.
local function shore_wait(lane, bot, id, at)
  local name = key('shore', lane, bot)
  local state = redis.call('HMGET', name, 'pausedUntil', 'probing')
  local till = tonumber(state[1] or '0')
  if till == 0 then return 0, false end
  if at >= till then return 0, true end
  local queue = shore_queue(lane, bot)
  local ahead = ahead_of(queue, id, at)
  local wait = till - at
  if state[2] == '1' then wait = math.min(wait, math.max(LOOK, at - (till - PROBE))) + ahead * STEP
  elseif ahead > 0 then wait = wait + LOOK + ahead * STEP end
  queue_up(queue, id, at + wait, at)
  return wait, false
end

-- It goes now, and nobody else meanwhile.
local function shore_probed(lane, bot, id, at)
  leave_queue(shore_queue(lane, bot), id)
  redis.call('HSET', key('shore', lane, bot), 'pausedUntil', at + PROBE, 'probing', '1')
end

local SLACK = 100  -- ms that one in the queue may come late without the others' turns moving

-- Token buckets, shared by all workers: {name, scope, capacity, tokens a ms}, the narrowest first. Takes one of each,
-- or none: then it queues for the first that has none to spare, those who came before have theirs.
-- ticket: of the call; a bucket knows the one that took from it last, so that a repeat takes nothing more.
-- Returns ms until its turn, and the scope that it waits for.
local function pace(limits, id, at, ticket)
  local found, queued = {}, {}
  for i, limit in ipairs(limits) do
    local name, scope, capacity, rate = unpack(limit)
    local h = redis.call('HMGET', key('bucket', name), 'tokens', 'at', 'ticket')
    if h[3] and h[3] == ticket then return 0 end
    queued[i] = redis.call('EXISTS', key('queue', name)) == 1
    local ahead, there = 0, false
    if queued[i] then ahead, there = ahead_of(name, id, at) end
    local most = (there or ahead > 0) and capacity + SLACK * rate or capacity
    found[i] = math.min(most, tonumber(h[1] or capacity) + (at - tonumber(h[2] or at)) * rate)
    local missing = ahead + 1 - found[i]
    if missing > 1e-6 then
      local wait = math.ceil(missing / rate)
      if not there then count('throttled:' .. scope) end
      queue_up(name, id, at + wait, at)
      return wait, scope
    end
  end
  for i, limit in ipairs(limits) do
    local name = key('bucket', limit[1])
    redis.call('HSET', name, 'tokens', string.format('%.6f', found[i] - 1), 'at', at, 'ticket', ticket)
    redis.call('PEXPIRE', name, math.ceil(limit[3] / limit[4]) + 1000)
    if queued[i] then leave_queue(limit[1], id) end
  end
  return 0
end

-- It has nothing to send for now: its turns are the others'.
local function give_turns_back(limits, id)
  for _, limit in ipairs(limits) do
    if redis.call('EXISTS', key('queue', limit[1])) == 1 then leave_queue(limit[1], id) end
  end
end
