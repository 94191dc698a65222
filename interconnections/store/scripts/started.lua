-- ChasitorInit was taken: from now on any worker may poll it. ARGV: id
-- -> 1 | 0 when it is no longer open or a worker finished the start in our place
local id = ARGV[1]
if redis.call('ZREM', key('starting'), id) == 0 then return 0 end
redis.call('HSET', key('hash', id), 'started', '1')
redis.call('ZADD', key('free'), now(), id)
return 1
