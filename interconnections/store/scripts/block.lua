-- The user of a conversation is to reach no agent any more, under whichever of their ids; or may again.
-- ARGV: id of the conversation, '1' or '0', ticket -> {'no such'} | {'twice'} it was so already | {'done'}
local id, blocks, ticket = unpack(ARGV)
local h = redis.call('HMGET', key('hash', id), 'botSlug', 'userId', 'blockTicket')
if not h[1] then return {'no such'} end
if h[3] == ticket then return {'done'} end  -- our first answer was lost
local news = false
for _, user in ipairs(one_person(h[1], {h[2]})) do
  local name, member = key('blocked', h[1], user), h[1] .. ':' .. user
  if blocks == '0' then
    news = redis.call('DEL', name) == 1 or news
    redis.call('ZREM', key('blocks'), member)
  elseif redis.call('SETNX', name, '1') == 1 then
    news = true
    redis.call('ZADD', key('blocks'), now(), member)
  else redis.call('ZADD', key('blocks'), 'NX', now(), member) end  -- blocked before the list was kept
end
if not news then return {'twice'} end
redis.call('HSET', key('hash', id), 'blockTicket', ticket)
changed()
return {'done'}
