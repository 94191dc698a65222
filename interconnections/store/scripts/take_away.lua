-- A supervisor takes a conversation from its owner: who lives is asked to give it away, which ends its poll first.
-- Who does not live, or was asked `patience` ms ago and has it still, is not asked: from here on its writes are refused.
-- ARGV: id, '1' when others are to have it first, patience ms, ticket
-- -> {'no such'} | {'over'} | {'free'} nobody owns it | {'twice'} its owner was just asked | {'done'}
local id, others_first, patience, ticket = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3]), ARGV[4]
local name = key('hash', id)
local h = redis.call('HMGET', name, 'status', 'owner', 'takeTicket', 'askedBackAt')
if not h[1] then return {'no such'} end
if h[3] == ticket then return {'done'} end  -- our first answer was lost
if final(h[1]) then return {'over'} end
if h[2] == '' then return {'free'} end
local at, owner = now(), h[2]
local asked, lives = key('asked', owner), tonumber(redis.call('ZSCORE', key('workers'), owner) or '0') >= at
local was_asked = redis.call('SISMEMBER', asked, id) == 1
if lives and was_asked and at - tonumber(h[4] or '0') < patience then return {'twice'} end
redis.call('HSET', name, 'takeTicket', ticket, 'askedBackAt', at)
if others_first then redis.call('HSET', name, 'putOffBy', owner) end
if lives and not was_asked then
  redis.call('SADD', asked, id)
else
  redis.call('SREM', asked, id)
  disown(id, owner, at)
end
return {'done'}
