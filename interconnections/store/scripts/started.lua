-- ChasitorInit was taken: from now on any worker may poll it. ARGV: id
-- -> 1, also when it was so before | 0 when it is no longer open or a worker goes on with the start in our place
local id = ARGV[1]
if redis.call('ZREM', key('starting'), id) == 0 then
  local h = redis.call('HMGET', key('hash', id), 'started', 'status')
  return h[1] == '1' and not final(h[2]) and 1 or 0
end
redis.call('HSET', key('hash', id), 'started', '1')
if redis.call('HGET', key('hash', id), 'owner') == '' then redis.call('ZADD', key('free'), now(), id) end
return 1
