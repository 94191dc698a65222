-- ChasitorInit was refused: the start ends here, and the bot is told by whoever claims it.
-- ARGV: id, change (JSON)  -> 1 | 0 a worker took the start over
local id = ARGV[1]
if redis.call('ZREM', key('starting'), id) == 0 then return 0 end
local at = now()
apply(id, cjson.decode(ARGV[2]), at)
arm(id, 'salesforce', at)
arm(id, 'integration', at)
if retire(id) == 0 then redis.call('ZADD', key('free'), at, id) end
return 1
