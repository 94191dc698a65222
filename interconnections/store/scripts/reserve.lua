-- One open interconnection per user and bot: reserve the place before anything is created at Salesforce.
-- Whom a supervisor blocked is refused by whoever goes on with it: the field `blocked` of the start.
-- What a start of the same wish did before it died or failed is handed on, so that nothing is made twice.
-- ARGV: bot, user, token, ttl ms, mark of the wish, wish (JSON), kept ms, intake limit (bytes an hour of this bot, 0 = none)
-- -> {'reserved', {field, value, ...} of the start} | {'no worker'} | {'starting'} | {'open', id, status}
--    | {'full', seconds until it is taken}
local bot, user, token, ttl, mark, wish, kept, intake = unpack(ARGV)
local EACH = 3000  -- bytes that the smallest chat costs, also one that fails
local ids = one_person(bot, {user})
local open = open_of(bot, ids)
if open then return {'open', open, redis.call('HGET', key('hash', open), 'status') or ''} end
for _, id in ipairs(ids) do
  if id ~= user and redis.call('EXISTS', key('reserved', bot, id)) == 1 then return {'starting'} end
end
local there = redis.call('GET', key('reserved', bot, user))
if there and there ~= token then return {'starting'} end  -- equal: the answer to our first try was lost
local at, start = now(), key('start', bot, user)
if redis.call('ZCOUNT', key('workers'), at, '+inf') == 0 then return {'no worker'} end
if not there then
  local wait = over_quota(bot, tonumber(intake), EACH + #wish)
  if wait then return {'full', wait} end
end
local opened = redis.call('HGET', start, 'opened')
if opened then  -- what it made belongs to that chat, unless Salesforce never took the chat
  local was = redis.call('HMGET', key('hash', opened), 'status', 'started')
  if was[1] == 'Failed' and was[2] ~= '1' then redis.call('HDEL', start, 'opened') else redis.call('DEL', start) end
end
if redis.call('HGET', start, 'mark') ~= mark then
  redis.call('DEL', start)
  redis.call('HSET', start, 'key', token, 'mark', mark)
end
redis.call('HDEL', start, 'blocked')
for _, id in ipairs(ids) do
  if redis.call('EXISTS', key('blocked', bot, id)) == 1 then redis.call('HSET', start, 'blocked', '1') end
end
redis.call('HSET', start, 'holder', token, 'wish', wish, 'at', at)
redis.call('PEXPIRE', start, kept)
redis.call('SET', key('reserved', bot, user), token, 'PX', ttl)
redis.call('ZADD', key('starts'), at + ttl, bot .. ':' .. user)
return {'reserved', redis.call('HGETALL', start)}
