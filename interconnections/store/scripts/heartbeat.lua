-- A worker's second: stay alive, bury the dead, claim what is free up to a fair share.
-- ARGV: worker, lease ms, most to claim now, most to own, totals to add (JSON: name -> n;
--       "day:<day>:<bot>:<name>" into that day's), gauges (JSON: name -> text),
--       ticket: the same when this very beat is sent again
-- -> {was alive 0|1, owned, share, workers, {id, fence, id, fence, ...}, now ms,
--     1 when all is to be given away, {id, ...} of those that are}
local me, lease, most, capacity = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local OTHERS_FIRST = 5000  -- ms for which who put it off, or had it taken away, leaves it to the others
local LATER = 60000  -- ms after which one that could not be claimed is looked at again
local at = now()

local was = redis.call('ZSCORE', key('workers'), me) and 1 or 0
local ticket, then_was = string.match(redis.call('GET', key('beat', me)) or '', '^(%S+) (%d)$')
if ticket == ARGV[7] then
  was = tonumber(then_was)  -- whoever was declared dead must hear of it, and nothing is counted twice
  most = 0  -- what it claimed is in its set
else
  for total, n in pairs(cjson.decode(ARGV[5])) do
    local day, bot, name = string.match(total, '^day:([^:]*):([^:]*):(.*)$')
    if day then add_to_day(day, bot, {name, n}) else count(total, n) end
  end
  redis.call('SET', key('beat', me), ARGV[7] .. ' ' .. was, 'PX', lease * 3)
end
redis.call('ZADD', key('workers'), at + lease, me)
for gauge, value in pairs(cjson.decode(ARGV[6])) do redis.call('HSET', key('report', me), gauge, value) end
redis.call('HSET', key('report', me), 'capacity', capacity)
redis.call('PEXPIRE', key('report', me), lease * 3)

-- One conversation that is broken must not end every worker's beat. Returns whether `work` was done.
local function guarded(id, work)
  if pcall(work, id) then return true end
  count('not claimed')
  redis.call('ZADD', key('free'), at + LATER, id)
  return false
end

for _, dead in ipairs(redis.call('ZRANGEBYSCORE', key('workers'), '-inf', '(' .. at)) do
  for _, id in ipairs(redis.call('SMEMBERS', key('owned', dead))) do
    guarded(id, function()
      redis.call('HSET', key('hash', id), 'owner', '')  -- from here on its writes are refused
      redis.call('ZADD', key('free'), at, id)
    end)
  end
  for _, lane in ipairs(LANES) do redis.call('DEL', key('due', lane, dead)) end
  redis.call('DEL', key('owned', dead), key('report', dead), key('beat', dead), key('asked', dead))
  redis.call('HDEL', key('draining'), dead)
  redis.call('ZREM', key('workers'), dead)
  count('workers lost')
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('starting'), '-inf', at, 'LIMIT', 0, 100)) do
  redis.call('ZREM', key('starting'), id)  -- its starter died half-way: the one who claims it goes on
  redis.call('ZADD', key('free'), at, id)
end

-- What it is to give away, and has still.
local asked = {}
for _, id in ipairs(redis.call('SMEMBERS', key('asked', me))) do
  if redis.call('SISMEMBER', key('owned', me), id) == 1 then asked[#asked + 1] = id
  else redis.call('SREM', key('asked', me), id) end
end

local total, staying, here, room = redis.call('ZCOUNT', key('free'), '-inf', at), 0, 0, 0
local workers = redis.call('ZRANGE', key('workers'), 0, -1)
for _, worker in ipairs(workers) do
  local theirs = redis.call('SCARD', key('owned', worker))
  total = total + theirs
  if not is_leaving(worker) then
    here = here + 1
    if not is_draining(worker) then
      staying = staying + 1
      if worker ~= me then room = room + room_of(worker, theirs) end
    end
  end
end
-- Where nobody else is left, or has room, who drains carries on.
local drains = room > 0 and is_draining(me)
if drains then most = 0 end
if staying == 0 then staying = here end
local share = math.ceil(total / math.max(1, staying))  -- who is leaving claims nothing any more
local owned = redis.call('SCARD', key('owned', me))
local want = math.min(most, share - owned, capacity - owned)

local function claim(id)
  local fence = redis.call('HINCRBY', key('hash', id), 'fence', 1)
  redis.call('HSET', key('hash', id), 'owner', me,
    'claim:' .. fence % 10, at .. ' ' .. me,  -- who had it before stays, the latest ten
    'salesforceMessageChannel', 'salesforce.' .. me, 'integrationMessageChannel', 'integration.' .. me)
  redis.call('HDEL', key('hash', id), 'flying')
  redis.call('ZREM', key('starting'), id)
  no_longer_uncertain(id, at)
  for _, lane in ipairs(LANES) do arm(id, lane, at) end
  return fence
end

-- What I could not carry is another's to try, while there is another.
local function mine_to_try(id)
  if #workers == 1 or redis.call('HGET', key('hash', id), 'putOffBy') ~= me then return true end
  return at - tonumber(redis.call('ZSCORE', key('free'), id) or at) > OTHERS_FIRST
end

local claims = {}
for _, id in ipairs(want > 0 and redis.call('ZRANGEBYSCORE', key('free'), '-inf', at, 'LIMIT', 0, want + 100) or {}) do
  if want == 0 then break end
  guarded(id, function()
    if redis.call('EXISTS', key('hash', id)) == 0 then
      redis.call('ZREM', key('free'), id)
    elseif mine_to_try(id) then
      local fence = claim(id)
      redis.call('ZREM', key('free'), id)
      redis.call('SADD', key('owned', me), id)
      claims[#claims + 1] = id
      claims[#claims + 1] = tostring(fence)
      owned, want = owned + 1, want - 1
    end
  end)
end
return {was, owned, share, #workers, claims, at, drains and 1 or 0, asked}
