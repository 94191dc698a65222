-- How a bot's shore fares, shared by all workers: an outage is one trouble, not one a conversation.
--
-- shore:<lane>:<bot> holds takenAt, refusedAt, refusedWhy; and while the shore is unwell `failures` in a row, `failing`
-- (the first that met it), `several` (others met it too) and `pausedUntil`. During a pause nobody sends; at its end
-- one lane tries for all, and its success sets the others free.

local PROBE = 10000  -- ms that the one who tries for all may take
local PATIENT = 3  -- failures in a row, in more than one conversation, that make an outage
local LONGEST = { salesforce = 15000, integration = 30000 }  -- ms of a pause

-- A little later for each conversation, so that all do not return as one.
local function spread(id) return tonumber(string.sub(redis.sha1hex(id), 1, 4), 16) % 1000 end

local function shore_is_well(lane, bot)
  redis.call('HDEL', key('shore', lane, bot), 'failures', 'failing', 'several', 'pausedUntil', 'probing')
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
  local wait = till - at + spread(id)
  return state[2] == '1' and math.min(wait, 1000 + spread(id)) or wait, false
end

-- It goes now, and nobody else meanwhile.
local function shore_probed(lane, bot, at)
  redis.call('HSET', key('shore', lane, bot), 'pausedUntil', at + PROBE, 'probing', '1')
end

-- Token buckets, shared by all workers: {name, scope, capacity, tokens a ms}.  Takes one of each, or none.
-- Returns ms until all have one, and the scope that is empty.
local function pace(limits, at)
  local found, wait, scope = {}, 0, nil
  for i, limit in ipairs(limits) do
    local name, _, capacity, rate = key('bucket', limit[1]), limit[2], limit[3], limit[4]
    local h = redis.call('HMGET', name, 'tokens', 'at')
    local tokens = math.min(capacity, tonumber(h[1] or capacity) + (at - tonumber(h[2] or at)) * rate)
    found[i] = tokens
    if tokens < 1 and (1 - tokens) / rate > wait then wait, scope = (1 - tokens) / rate, limit[2] end
  end
  if wait > 0 then return math.ceil(wait), scope end
  for i, limit in ipairs(limits) do
    local name = key('bucket', limit[1])
    redis.call('HSET', name, 'tokens', string.format('%.6f', found[i] - 1), 'at', at)
    redis.call('PEXPIRE', name, math.ceil(limit[3] / limit[4]) + 1000)
  end
  return 0
end
