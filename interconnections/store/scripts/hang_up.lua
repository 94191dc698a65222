-- End an interconnection from our side: an item of its own in the lane, so that it is tried again like any other.
-- The user is free at once. Behind an agent it goes after what the user said; in the queue nobody will read that.
-- ARGV: id, reason, item (JSON)
-- -> {'no such'} | {'over', status} | {'leaving'} | {'ordered', sessionId, channel}
local id, reason, item = unpack(ARGV)
local name = key('hash', id)
local h = redis.call('HMGET', name, 'status', 'leaving', 'sessionId', 'salesforceMessageChannel', 'owner',
  'botSlug', 'userId')
if not h[1] then return {'no such'} end
if final(h[1]) then return {'over', h[1]} end
if h[2] == '1' then return {'leaving'} end
local at = now()
if h[1] == 'OnHold' then bury(id, 'salesforce', reason, at) end
redis.call('HSET', name, 'leaving', '1', 'leavingReason', reason)
push(id, 'salesforce', {{0, item}}, at)
arm(id, 'salesforce', at)
free_user(id, h[6], h[7])
changed()
return {'ordered', h[3], h[5] ~= '' and h[4] or ''}
