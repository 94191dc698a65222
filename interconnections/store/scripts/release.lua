-- Hand interconnections back. ARGV: worker, '1' when it leaves for good, then id, fence, id, fence, ...
-- -> how many were ours to give
local me, leaving, at, given = ARGV[1], ARGV[2], now(), 0
for i = 3, #ARGV, 2 do
  local id = ARGV[i]
  if owns(id, me, ARGV[i + 1]) then
    disown(id, me, at)
    retire(id)
    given = given + 1
  end
end
if leaving == '1' then
  -- Claimed by a heartbeat whose answer we never saw: nobody else would know of them.
  for _, id in ipairs(redis.call('SMEMBERS', key('owned', me))) do
    redis.call('HSET', key('hash', id), 'owner', '')
    redis.call('ZADD', key('free'), at, id)
  end
  for _, lane in ipairs(LANES) do redis.call('DEL', key('due', lane, me)) end
  redis.call('DEL', key('owned', me), key('report', me), key('beat', me), key('asked', me))
  redis.call('HDEL', key('draining'), me)
  redis.call('ZREM', key('workers'), me)
end
return given
