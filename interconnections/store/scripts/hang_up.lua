-- End an interconnection from our side (life.lua, order_end).
-- ARGV: id, reason, ticket, item (JSON)
-- -> {'no such'} | {'over', status} | {'leaving'} | {'ordered', sessionId, channel}
local id, reason, ticket, item = unpack(ARGV)
if redis.call('EXISTS', key('hash', id)) == 0 then return {'no such'} end
return order_end(id, reason, item, now(), ticket)
