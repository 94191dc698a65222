-- A worker's second: stay alive, bury the dead, claim what is free up to a fair share.
-- ARGV: worker, lease ms, most to claim now, most to own, totals to add (JSON: name -> n), gauges (JSON: name -> text)
-- -> {was alive 0|1, owned, share, workers, {id, fence, id, fence, ...}}
local me, lease, most, capacity = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local at = now()
local was = redis.call('ZSCORE', key('workers'), me)
redis.call('ZADD', key('workers'), at + lease, me)
for total, n in pairs(cjson.decode(ARGV[5])) do count(total, n) end
for gauge, value in pairs(cjson.decode(ARGV[6])) do redis.call('HSET', key('report', me), gauge, value) end
redis.call('PEXPIRE', key('report', me), lease * 3)

for _, dead in ipairs(redis.call('ZRANGEBYSCORE', key('workers'), '-inf', '(' .. at)) do
  for _, id in ipairs(redis.call('SMEMBERS', key('owned', dead))) do
    redis.call('HSET', key('hash', id), 'owner', '')  -- from here on its writes are refused
    redis.call('ZADD', key('free'), at, id)
  end
  redis.call('DEL', key('owned', dead), key('due', 'salesforce', dead), key('due', 'integration', dead),
    key('report', dead))
  redis.call('ZREM', key('workers'), dead)
  count('workers lost')
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('starting'), '-inf', at, 'LIMIT', 0, 100)) do
  redis.call('ZREM', key('starting'), id)  -- its starter died half-way: the one who claims it goes on
  redis.call('ZADD', key('free'), at, id)
end

local total, staying = redis.call('ZCARD', key('free')), 0
local workers = redis.call('ZRANGE', key('workers'), 0, -1)
for _, worker in ipairs(workers) do
  total = total + redis.call('SCARD', key('owned', worker))
  if redis.call('HGET', key('report', worker), 'leaving') ~= '1' then staying = staying + 1 end
end
local share = math.ceil(total / math.max(1, staying))  -- who is leaving claims nothing any more
local owned = redis.call('SCARD', key('owned', me))
local want = math.min(most, share - owned, capacity - owned)
local claims = {}
if want > 0 then
  for _, id in ipairs(redis.call('ZRANGE', key('free'), 0, want - 1)) do
    redis.call('ZREM', key('free'), id)
    if redis.call('EXISTS', key('hash', id)) == 1 then
      local fence = redis.call('HINCRBY', key('hash', id), 'fence', 1)
      redis.call('HSET', key('hash', id), 'owner', me,
        'salesforceMessageChannel', 'salesforce.' .. me, 'integrationMessageChannel', 'integration.' .. me)
      redis.call('SADD', key('owned', me), id)
      redis.call('HDEL', key('hash', id), 'flying')
      no_longer_uncertain(id, at)
      arm(id, 'salesforce', at)
      arm(id, 'integration', at)
      claims[#claims + 1] = id
      claims[#claims + 1] = tostring(fence)
      owned = owned + 1
    end
  end
end
return {was and 1 or 0, owned, share, #workers, claims}
