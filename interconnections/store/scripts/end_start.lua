-- ChasitorInit was refused: the start ends here, and the bot is told by whoever claims it.
-- ARGV: id, ticket, change (JSON)  -> 1 | 0 a worker took the start over
local id, ticket = ARGV[1], ARGV[2]
if redis.call('HGET', key('hash', id), 'endTicket') == ticket then return 1 end  -- our first answer was lost
if redis.call('ZREM', key('starting'), id) == 0 then return 0 end
local at = now()
redis.call('HSET', key('hash', id), 'endTicket', ticket)
apply(id, cjson.decode(ARGV[3]), at)
arm(id, 'salesforce', at)
arm(id, 'integration', at)
if retire(id) == 0 then redis.call('ZADD', key('free'), at, id) end
return 1
