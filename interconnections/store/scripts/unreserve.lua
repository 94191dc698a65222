-- Give a reservation back that led nowhere; what it made at Salesforce is remembered for a while.
-- ARGV: bot, user, token
local bot, user, token = unpack(ARGV)
local start = key('start', bot, user)
if redis.call('GET', key('reserved', bot, user)) == token then redis.call('DEL', key('reserved', bot, user)) end
if redis.call('HGET', start, 'holder') ~= token then return 1 end
redis.call('ZREM', key('starts'), bot .. ':' .. user)
redis.call('HDEL', start, 'holder', 'wish')
if redis.call('HEXISTS', start, 'caseTried') == 0 then redis.call('DEL', start) end
return 1
