-- One open interconnection per user and bot: reserve the place before anything is created at Salesforce.
-- ARGV: bot, user, token, ttl ms
-- -> {'reserved'} | {'no worker'} | {'starting'} | {'open', id, status}
local bot, user, token, ttl = unpack(ARGV)
local open = redis.call('GET', key('user', bot, user))
if open then return {'open', open, redis.call('HGET', key('hash', open), 'status') or ''} end
local there = redis.call('GET', key('reserved', bot, user))
if there and there ~= token then return {'starting'} end  -- equal: the answer to our first try was lost
if redis.call('ZCOUNT', key('workers'), now(), '+inf') == 0 then return {'no worker'} end
redis.call('SET', key('reserved', bot, user), token, 'PX', ttl)
return {'reserved'}
