-- All that the board shows, as it stands, in one step that writes nothing.  Moments and not ages, so that the answer
-- stays the same while nothing happens.
-- ARGV: day, how many lanes (of a bot, in one direction) are looked into, ms after which one without an owner is at risk,
--   the curve that is known already (its `known`)
-- -> {JSON, now ms, what grows with every change of users' rights, curve (JSON, '' where it is known)}
local day, most, patience = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local at = now()

-- Who waits longest: {session id, since}
local function longest(name)
  local found = redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')
  if not found[1] then return nil end
  return {redis.call('HGET', key('hash', found[1]), 'sessionId') or '', found[2]}
end

-- Items of lanes whose head may go: how many, since when the oldest.
local function undelivered(bot)
  local number, oldest = 0, nil
  for _, lane in ipairs(LANES) do
    local name = key('waiting', lane, bot)
    local found = redis.call('ZRANGEBYSCORE', name, '-inf', at, 'WITHSCORES', 'LIMIT', 0, most)
    for i = 1, #found, 2 do number = number + redis.call('LLEN', key('lane', found[i], lane)) end
    if #found == 2 * most then number = number + redis.call('ZCOUNT', name, '-inf', at) - most end
    if found[2] and (not oldest or tonumber(found[2]) < tonumber(oldest)) then oldest = found[2] end
  end
  return {number, oldest}
end

local function shores(bot)
  local found = {}
  for _, lane in ipairs(LANES) do
    local h = redis.call('HMGET', key('shore', lane, bot), 'pausedUntil', 'refusedWhy')
    if h[1] then found[#found + 1] = {lane, h[1], h[2] or ''} end
  end
  return found
end

-- Letters that were trimmed away stand in the bot's own list for a while.
local eldest = redis.call('XRANGE', key('dead'), '-', '+', 'COUNT', 1)[1]
local since = eldest and string.match(eldest[1], '^%d+')

local bots = {}
for _, bot in ipairs(redis.call('SMEMBERS', key('bots'))) do
  bots[bot] = {
    queued = redis.call('ZCARD', key('queued', bot)), first_queued = longest(key('queued', bot)),
    requeued = redis.call('ZCARD', key('requeued', bot)), first_requeued = longest(key('requeued', bot)),
    active = redis.call('ZCARD', key('index', 'Active', '*', bot)),
    unanswered = redis.call('ZCARD', key('unanswered', bot)),
    undelivered = undelivered(bot),
    dead = since and redis.call('ZCOUNT', key('dead of', bot), since, '+inf') or 0,
    shores = shores(bot),
    failures = redis.call('HGETALL', key('failures', bot)),
    day = redis.call('HGETALL', key('day', day, bot)),
  }
end

local workers = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('workers'), at, '+inf')) do
  local report, shown = redis.call('HGETALL', key('report', name)), {}
  for i = 1, #report, 2 do
    local field = report[i]
    if field == 'since' or field == 'leaving' or string.find(field, '^sessions:') or string.find(field, '^at risk:') then
      shown[field] = report[i + 1]
    end
  end
  workers[name] = {owned = redis.call('SCARD', key('owned', name)), report = shown}
end

-- Open ones that nobody polls, by bot.
local unowned = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('free'), '-inf', at - patience, 'LIMIT', 0, most)) do
  local h = redis.call('HMGET', key('hash', id), 'status', 'botSlug')
  if h[1] and not final(h[1]) then unowned[h[2]] = (unowned[h[2]] or 0) + 1 end
end

local dead = redis.call('XLEN', key('dead'))
local rights = redis.call('GET', key('rights')) or ''

-- The day's curve grows by a point every few minutes, and is long: it is told to who knows another one.
local every = key('curve', day, '*')
local curve, known = '', day .. ' ' .. redis.call('HLEN', every)
if known ~= ARGV[4] then
  local curves = {}
  for bot in pairs(bots) do curves[bot] = redis.call('HGETALL', key('curve', day, bot)) end
  curve = cjson.encode({known = known, slots = redis.call('HKEYS', every), bots = curves})
end
return {cjson.encode({bots = bots, workers = workers, unowned = unowned, dead = dead, day = day}), at, rights, curve}
