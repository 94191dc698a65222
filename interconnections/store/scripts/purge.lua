-- Forget an interconnection that is over. Index members do not expire: everything goes in one step.
-- ARGV: id, search (JSON list of {field, value})
local id = ARGV[1]
local h = redis.call('HMGET', key('hash', id), 'status', 'provider', 'botSlug', 'userId', 'sessionId', 'owner')
redis.call('ZREM', key('over'), id)
if not h[1] or not final(h[1]) then return 0 end
unindex(id, {provider = h[2], bot = h[3]}, h[1])
for _, entry in ipairs(cjson.decode(ARGV[2])) do
  redis.call('ZREM', key('search', entry[1]), entry[2] .. '\0' .. id)
end
if redis.call('GET', key('last', h[3], h[4])) == id then redis.call('DEL', key('last', h[3], h[4])) end
redis.call('HDEL', key('ids'), h[5])
disown(id, h[6])
for _, lane in ipairs({'salesforce', 'integration'}) do
  local undelivered = redis.call('LLEN', key('lane', id, lane))  -- in all that time: only their number may stay
  if undelivered > 0 then
    count('dead:' .. lane, undelivered)
    redis.call('HINCRBY', key('depth'), lane, -undelivered)
  end
  redis.call('ZREM', key('waiting', lane), id)
end
redis.call('DEL', key('hash', id), key('tokens', id), key('extra', id), key('events', id), key('messages', id),
  key('agent', id),
  key('lane', id, 'salesforce'), key('lane', id, 'integration'))
changed()
return 1
