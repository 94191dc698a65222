-- What every script shares; put in front of each, after the table of keys.
-- Time is the server's, in milliseconds, so that workers' clocks do not matter.

local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function count(name, n)
  redis.call('HINCRBY', key('counters'), name, n or 1)
end

local function changed() redis.call('INCR', key('revision')) end

local function final(status) return status == 'Closed' or status == 'Failed' end

-- Does `worker` own `id` under this very fence? A frozen process that wakes up does not.
local function owns(id, worker, fence)
  local h = redis.call('HMGET', key('hash', id), 'owner', 'fence')
  return h[1] == worker and h[2] == fence
end

-- May the lane be emptied? What users say waits for an agent; only their leaving does not.
-- While Salesforce hands the chat over to another server, nothing is sent at all.
local function held(lane, h)
  if lane ~= 'salesforce' then return false end
  if h.handover then return true end
  return not h.leaving and (h.status ~= 'Active' or h.waiting_again)
end

local function lane_state(id, lane)
  local h = redis.call('HMGET', key('hash', id), 'status', 'leaving', 'waitingAgain', 'owner', 'retry:' .. lane,
    'handover')
  return {
    handover = h[6] and h[6] ~= '',
    status = h[1], leaving = h[2] == '1', waiting_again = h[3] == '1',
    owner = h[4] ~= '' and h[4] or nil, retry = tonumber(h[5] or '0'),
  }
end

-- "<number> <due> <item>" -> its three parts
local function parts(entry) return string.match(entry, '^(%d+) (%d+) (.*)$') end

-- Put the lane on its owner's list of lanes with something to do, or take it off.
-- Returns ms until its head may go (0 = now), or -1 when there is nothing to do.
local function arm(id, lane, at)
  local h = lane_state(id, lane)
  local head = redis.call('LINDEX', key('lane', id, lane), 0)
  if not head or held(lane, h) then
    if h.owner then redis.call('ZREM', key('due', lane, h.owner), id) end
    return -1
  end
  local _, due = parts(head)
  due = math.max(tonumber(due), h.retry)
  if h.owner then redis.call('ZADD', key('due', lane, h.owner), due, id) end
  return math.max(0, due - at)
end

local function checkpoint(id, number, what, at, why)
  redis.call('XADD', key('messages', id), 'MAXLEN', '~', 10000, '*',
    'number', number, 'checkpoint', what, 'at', at, 'why', why or '')
end

-- Store items in a lane, each under a number of its own; `first` puts them before what waits there.
-- items: list of {delay ms, encoded item}
local function push(id, lane, items, at, first)
  local entries = {}
  for i, item in ipairs(items) do
    local number = redis.call('HINCRBY', key('hash', id), 'numMessage', 1)
    redis.call('XADD', key('messages', id), 'MAXLEN', '~', 10000, '*',
      'number', number, 'lane', lane, 'item', item[2], 'at', at)
    entries[i] = string.format('%.0f %.0f %s', number, at + item[1], item[2])
  end
  if first then
    for i = #entries, 1, -1 do redis.call('LPUSH', key('lane', id, lane), entries[i]) end
  else
    for _, entry in ipairs(entries) do redis.call('RPUSH', key('lane', id, lane), entry) end
  end
  if #items > 0 then count('stored:' .. lane, #items) end
end

local function give_up(id, lane, number, item, why, at)
  redis.call('XADD', key('dead'), 'MAXLEN', '~', 100000, '*', 'id', id, 'lane', lane, 'number', number,
    'item', item, 'why', why, 'at', at)
  checkpoint(id, number, 'given up', at, why)
  count('dead:' .. lane)
end

-- Everything still in the lane will not be delivered: into the dead letters, with the reason.
local function bury(id, lane, why, at)
  local name = key('lane', id, lane)
  local entry = redis.call('LPOP', name)
  while entry do
    local number, _, item = parts(entry)
    if string.find(item, '^%["end"') then
      checkpoint(id, number, 'delivered', at, why)  -- what it asked for has happened
    else
      give_up(id, lane, number, item, why, at)
    end
    entry = redis.call('LPOP', name)
  end
  redis.call('HDEL', key('hash', id), 'boundNumber', 'boundSequence', 'retry:' .. lane, 'tries:' .. lane)
end

local function cells(status, provider, bot)
  local all = {}
  for _, s in ipairs({status, '*'}) do
    for _, p in ipairs({provider, '*'}) do
      for _, b in ipairs({bot, '*'}) do all[#all + 1] = key('index', s, p, b) end
    end
  end
  return all
end

local function index(id, h, status, at)
  for _, cell in ipairs(cells(status, h.provider, h.bot)) do redis.call('ZADD', cell, at, id) end
end

local function unindex(id, h, status)
  for _, cell in ipairs(cells(status, h.provider, h.bot)) do redis.call('ZREM', cell, id) end
end

-- The user may open a new chat from here on; compare first, a newer one may be open already.
local function free_user(id, bot, user)
  local name = key('user', bot, user)
  if redis.call('GET', name) == id then redis.call('DEL', name) end
end

-- Over, and both lanes empty: nobody needs to own it any more. Returns 1 when it is so.
local function retire(id)
  local h = redis.call('HMGET', key('hash', id), 'status', 'owner')
  if not final(h[1]) then return 0 end
  if redis.call('EXISTS', key('lane', id, 'salesforce'), key('lane', id, 'integration')) > 0 then return 0 end
  if h[2] and h[2] ~= '' then
    redis.call('SREM', key('owned', h[2]), id)
    redis.call('ZREM', key('due', 'salesforce', h[2]), id)
    redis.call('ZREM', key('due', 'integration', h[2]), id)
    redis.call('HSET', key('hash', id), 'owner', '')
  end
  redis.call('ZREM', key('free'), id)
  return 1
end

-- Apply a Change (items.py) as one: {to, from = {status = true}, reason, fields, first_to_agent, to_user, retention}
-- Returns false when its move is not allowed from the present status: somebody got there first.
local function apply(id, change, at)
  local name = key('hash', id)
  local h = redis.call('HMGET', name, 'status', 'provider', 'botSlug', 'userId', 'openedAt', 'leaving',
    'leavingReason')
  if change.to and not change.from[h[1]] then return false end
  if change.unless_leaving and h[6] == '1' then return false end
  if change.arrived ~= '' then
    local head = redis.call('LINDEX', key('lane', id, 'salesforce'), 0)
    if head and parts(head) == change.arrived then
      redis.call('LPOP', key('lane', id, 'salesforce'))
      redis.call('HDEL', name, 'tries:salesforce', 'retry:salesforce')
      checkpoint(id, change.arrived, 'delivered', at, 'seen after the hand-over')
      count('delivered:salesforce')
    end
  end
  for _, number in ipairs(change.sent_again) do
    checkpoint(id, number, 'sent again', at, 'missing after the hand-over')
    count('sent again')
  end
  for _, mark in ipairs(change.agent_said) do redis.call('RPUSH', key('agent', id), mark) end
  for field, value in pairs(change.fields) do redis.call('HSET', name, field, value) end
  push(id, 'salesforce', change.first_to_agent, at, true)
  if change.to then
    local cell = {provider = h[2], bot = h[3]}
    unindex(id, cell, h[1])
    index(id, cell, change.to, h[5])
    redis.call('HSET', name, 'status', change.to)
    count('became:' .. change.to)
    if final(change.to) then
      local reason = h[6] == '1' and h[7] or change.reason
      redis.call('HSET', name, 'reason', reason, 'endedAt', at)
      bury(id, 'salesforce', reason, at)
      redis.call('DEL', key('tokens', id), key('agent', id))
      redis.call('ZREM', key('starting'), id)
      free_user(id, h[3], h[4])
      redis.call('ZADD', key('over'), at + change.retention, id)
    end
  end
  push(id, 'integration', change.to_user, at)
  arm(id, 'salesforce', at)
  arm(id, 'integration', at)
  changed()
  return true
end
