-- Forget interconnections that are over. Index members do not expire: everything of one goes in one step.
-- ARGV: aside ms, then id, search (JSON list of {field, value}), id, search, ...
-- -> {how many went, session id that could not go, session id, ...}: those are tried again after `aside`
local at, gone, stuck = now(), 0, {}

local function forget(id, search)
  local h = redis.call('HMGET', key('hash', id), 'status', 'provider', 'botSlug', 'userId', 'sessionId', 'owner')
  if not h[1] or not final(h[1]) then return 0 end
  unindex(id, {provider = h[2], bot = h[3]}, h[1])
  for _, entry in ipairs(cjson.decode(search)) do
    redis.call('ZREM', key('search', entry[1]), entry[2] .. '\0' .. id)
  end
  if redis.call('GET', key('last', h[3], h[4])) == id then redis.call('DEL', key('last', h[3], h[4])) end
  redis.call('HDEL', key('ids'), h[5])
  disown(id, h[6])
  redis.call('ZREM', key('unreadable'), id)
  for _, lane in ipairs(LANES) do
    local undelivered = redis.call('LLEN', key('lane', id, lane))  -- in all that time: only their number may stay
    if undelivered > 0 then
      count('dead:' .. lane, undelivered)
      redis.call('HINCRBY', key('depth'), lane, -undelivered)
    end
    redis.call('ZREM', key('waiting', lane, h[3]), id)
    redis.call('UNLINK', key('lane', id, lane))
  end
  -- The hash last: what fails half-way is found again.
  redis.call('UNLINK', key('tokens', id), key('extra', id), key('events', id), key('messages', id), key('agent', id),
    key('entries', id), key('sent', id), key('unread', id), key('early', id), key('quotes', id),
    key('origins', id), key('receipts', id), key('hash', id))
  changed()
  return 1
end

for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  local fine, went = pcall(forget, id, ARGV[i + 1])
  if fine then
    redis.call('ZREM', key('over'), id)
    gone = gone + went
  else
    redis.call('ZADD', key('over'), at + ARGV[1], id)
    local known, session = pcall(redis.call, 'HGET', key('hash', id), 'sessionId')
    stuck[#stuck + 1] = known and session or '?'
  end
end
return {gone, unpack(stuck)}
