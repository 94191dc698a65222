-- A lane: what is to be delivered, in order; when its head may go; and what becomes of an item that cannot.

-- May the lane be emptied? Where a desk wants an agent first, what users say waits for one; their leaving does not.
-- While Salesforce hands the chat over to another server, or names one that serves it, nothing is sent at all.
local function held(lane, h)
  if lane ~= 'salesforce' then return false end
  if h.moving then return true end
  if h.at_once then return not h.leaving and not h.started end
  return not h.leaving and (h.status ~= 'Active' or h.waiting_again)
end

-- The fields that say whether the lane to the desk is held.
local HOLDS = {status = true, leaving = true, waitingAgain = true, handover = true, switchTo = true, started = true}

-- What says whether it may go, and where it is listed; of a field that is not there Redis reads the whole hash, so none is
-- asked for that this lane does not need. ...: fields that the caller needs as well, given as `more`
local function lane_state(id, lane, ...)
  if lane ~= 'salesforce' then
    local h = redis.call('HMGET', key('hash', id), 'status', 'owner', 'retry:' .. lane, 'botSlug')
    return {status = h[1], owner = h[2] ~= '' and h[2] or nil, retry = tonumber(h[3] or '0'), bot = h[4] or ''}
  end
  local h = redis.call('HMGET', key('hash', id), 'status', 'leaving', 'waitingAgain', 'owner', 'retry:' .. lane,
    'handover', 'switchTo', 'waits', 'started', 'botSlug', ...)
  return {
    more = {unpack(h, 11, 10 + select('#', ...))},
    at_once = h[8] == '0', started = h[9] == '1',
    moving = (h[6] and h[6] ~= '') or (h[7] and h[7] ~= ''),
    status = h[1], leaving = h[2] == '1', waiting_again = h[3] == '1',
    owner = h[4] ~= '' and h[4] or nil, retry = tonumber(h[5] or '0'), bot = h[10] or '',
  }
end

-- "<number> <due> <item>" -> its three parts
local function parts(entry) return string.match(entry, '^(%d+) (%d+) (.*)$') end

-- Until when (ms) the last word to a bot waits: it has its user back, so what we say to that user goes before it; for as
-- long as its patience lasts, which a shore that takes others' words renews. 0: no longer; nil: as long as it takes.
local function behind_goodbye(id, due, item)
  local patience = cjson.decode(item)[5][5]
  if patience == 0 or redis.call('EXISTS', key('lane', id, 'integration')) == 0 then return 0 end
  if patience < 0 then return nil end
  local h = redis.call('HMGET', key('hash', id), 'failing:integration', 'botSlug')
  if h[1] then return h[1] + patience end
  local taken = redis.call('HGET', key('shore', 'integration', h[2] or ''), 'takenAt')
  return math.max(due, tonumber(taken or '0')) + patience
end

-- When its head may go (ms since 1970); nil: there is nothing to do. And since when it may, which is not put off.
-- h: as lane_state gives it; head: false for none
local function head_goes(id, lane, h, head)
  if not head or held(lane, h) then return nil end
  local _, due, item = parts(head)
  due = tonumber(due)
  if lane ~= 'bot' then return math.max(due, h.retry), due end
  local behind = behind_goodbye(id, due, item)
  if not behind then return nil end
  return math.max(due, h.retry, behind), due
end

-- Put the lane on its owner's list of lanes with something to do, or take it off.
local function list_lane(id, lane, h, goes, since)
  if not goes then
    if h.owner then redis.call('ZREM', key('due', lane, h.owner), id) end
    redis.call('ZREM', key('waiting', lane, h.bot), id)
    return
  end
  redis.call('ZADD', key('waiting', lane, h.bot), since, id)
  if h.owner then redis.call('ZADD', key('due', lane, h.owner), goes, id) end
end

-- After whatever changed a lane. Returns ms until its head may go (0 = now), or -1 when there is nothing to do.
-- h: its lane_state; head: false for none
local function arm_with(id, lane, at, h, head)
  local goes, since = head_goes(id, lane, h, head)
  list_lane(id, lane, h, goes, since)
  return goes and math.max(0, goes - at) or -1
end

local function arm(id, lane, at)
  return arm_with(id, lane, at, lane_state(id, lane), redis.call('LINDEX', key('lane', id, lane), 0))
end

local function checkpoint(id, number, what, at, why)
  redis.call('XADD', key('messages', id), 'MAXLEN', '~', 10000, '*',
    'number', number, 'checkpoint', what, 'at', at, 'why', why or '')
end

-- What stands at the head of the lane to the desk and may have gone there: it keeps its place, as whoever sent it settles
-- the head, and a number that is bound to it must not go to another; or what the old server had of it is still to be
-- compared. nil: nothing of the kind.
local function head_that_went(id)
  local head = redis.call('LINDEX', key('lane', id, 'salesforce'), 0)
  if not head then return nil end
  local number = parts(head)
  for _, went in ipairs(redis.call('HMGET', key('hash', id), 'boundNumber', 'fileInHand', 'flying', 'inFlight')) do
    if went == number then return head end
  end
end

-- Store items in a lane, each under a number of its own; `first` puts them before what waits there, or behind `behind`.
-- items: list of {delay ms, encoded item}
local function push(id, lane, items, at, first, behind)
  local entries, number = {}, nil
  for i, item in ipairs(items) do
    number = redis.call('HINCRBY', key('hash', id), 'numMessage', 1)
    redis.call('XADD', key('messages', id), 'MAXLEN', '~', 10000, '*',
      'number', number, 'lane', lane, 'item', item[2], 'at', at)
    entries[i] = string.format('%.0f %.0f %s', number, at + item[1], item[2])
  end
  if number and number == #items then tighten(key('messages', id)) end  -- they are the first
  if first then
    for i = #entries, 1, -1 do
      if behind then redis.call('LINSERT', key('lane', id, lane), 'AFTER', behind, entries[i])
      else redis.call('LPUSH', key('lane', id, lane), entries[i]) end
    end
  else
    for _, entry in ipairs(entries) do redis.call('RPUSH', key('lane', id, lane), entry) end
  end
  if #items > 0 then
    count('stored:' .. lane, #items)
    redis.call('HINCRBY', key('depth'), lane, #items)
  end
  return entries[1] and parts(entries[1])
end

-- Take the head away: it was delivered, or will not be. was_tried: in vain, so that something is kept of that
local function pop(id, lane, was_tried)
  redis.call('LPOP', key('lane', id, lane))
  if was_tried then
    redis.call('HDEL', key('hash', id), 'attempts:' .. lane, 'retry:' .. lane, 'failing:' .. lane)
  end
  redis.call('HINCRBY', key('depth'), lane, -1)
end

-- A message will not be delivered: a dead letter, which can be sent again by hand.
local function give_up(id, lane, number, item, why, at)
  checkpoint(id, number, 'given up', at, why)
  count('dead:' .. lane)
  local h = redis.call('HMGET', key('hash', id), 'sessionId', 'botSlug')
  local letter = redis.call('XADD', key('dead'), 'MAXLEN', '~', 100000, '*', 'id', id, 'session', h[1] or '',
    'lane', lane, 'number', number, 'item', item, 'why', why, 'at', at, 'bot', h[2] or '')
  redis.call('ZADD', key('dead of', h[2] or ''), string.match(letter, '^%d+'), letter)
  return letter
end

-- It is dead no longer.
local function take_letter(letter, bot)
  redis.call('XDEL', key('dead'), letter)
  redis.call('ZREM', key('dead of', bot or ''), letter)
end

-- The sender of what was given up is told, in the other lane, where somebody still reads it.
-- items: as push takes them; none for what was no person's.
local function tell_sender(id, lane, items, at)
  if #items == 0 then return end
  if lane == 'salesforce' then
    push(id, 'integration', items, at)
    arm(id, 'integration', at)
  else
    local h = redis.call('HMGET', key('hash', id), 'status', 'leaving')
    if final(h[1]) or h[2] == '1' then return end
    push(id, 'salesforce', items, at)
    arm(id, 'salesforce', at)
  end
  count('notices', #items)
end

local function said_by(item, who) return string.find(item, '^%["%a+", "' .. who .. '"') ~= nil end

-- Everything still in the lane will not be delivered: into the dead letters, with the reason.
-- What is on the wire at this moment may have arrived: take.lua is told soon, and decides.
-- Returns how many of the user's own messages are lost for sure, and whether one more may be.
local function bury(id, lane, why, at)
  local name, list, lost, doubted = key('hash', id), key('lane', id, lane), 0, false
  local flying = redis.call('HGET', name, 'flying')
  local entry = redis.call('LPOP', list)
  while entry do
    local number, _, item = parts(entry)
    redis.call('HINCRBY', key('depth'), lane, -1)
    if string.find(item, '^%["end"') then
      checkpoint(id, number, 'delivered', at, why)  -- what it asked for has happened
    elseif lane == 'salesforce' and number == flying then
      redis.call('HSET', name, 'uncertain', number .. ' ' .. give_up(id, lane, number, item, why, at))
      doubted = said_by(item, 'user')
    else
      give_up(id, lane, number, item, why, at)
      if said_by(item, 'user') then lost = lost + 1 end
    end
    entry = redis.call('LPOP', list)
  end
  redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent', 'flying', 'retry:' .. lane, 'attempts:' .. lane,
    'failing:' .. lane)
  return lost, doubted
end

-- Who could have told whether it arrived is gone: as far as anybody will ever know, it did not.
local function no_longer_uncertain(id, at)
  local told = redis.call('HGET', key('hash', id), 'ifLost')
  redis.call('HDEL', key('hash', id), 'uncertain', 'ifLost')
  if told then tell_sender(id, 'salesforce', cjson.decode(told), at) end
end
