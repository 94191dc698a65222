-- End an interconnection from our side (life.lua, order_end).
-- ARGV: id, reason, ticket, item (JSON), state that the bot goes on at ('' = as the reason has it), items for the user
--   (JSON; '' = none), the last two by a supervisor
-- -> {'no such'} | {'over', status} | {'leaving'} | {'ordered', sessionId, channel}
local id, reason, ticket, item, state, goodbye = unpack(ARGV)
if redis.call('EXISTS', key('hash', id)) == 0 then return {'no such'} end
local at, repeated = now(), redis.call('HGET', key('hash', id), 'leaveTicket') == ticket
local told = order_end(id, reason, item, at, ticket)
if told[1] == 'ordered' and not repeated then
  if (state or '') ~= '' then redis.call('HSET', key('hash', id), 'leavingState', state) end
  if (goodbye or '') ~= '' then
    push(id, 'integration', cjson.decode(goodbye), at)
    arm(id, 'integration', at)
  end
end
return told
