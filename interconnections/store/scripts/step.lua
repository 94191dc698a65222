-- A start is alive, and has done these steps. ARGV: bot, user, token, ttl ms, kept ms, field, value, ...
-- -> 1 | 0 somebody else goes on with it, or it is over
local bot, user, token, ttl, kept = unpack(ARGV)
local start = key('start', bot, user)
if redis.call('HGET', start, 'holder') ~= token then return 0 end
for i = 6, #ARGV, 2 do redis.call('HSET', start, ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', start, kept)
redis.call('SET', key('reserved', bot, user), token, 'PX', ttl)
redis.call('ZADD', key('starts'), now() + ttl, bot .. ':' .. user)
return 1
