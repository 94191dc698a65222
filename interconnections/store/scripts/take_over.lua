-- A start that nobody has heard of for too long: the one who asks goes on with it.
-- ARGV: token, ttl ms, kept ms -> {} | {bot, user, {field, value, ...} of the start}
local token, ttl, kept = unpack(ARGV)
local at = now()
local before = redis.call('GET', key('takeover', token))  -- our first answer was lost
if before then
  local bot, user = string.match(before, '^([^:]*):(.*)$')
  local start = key('start', bot, user)
  if redis.call('HGET', start, 'holder') == token then return {bot, user, redis.call('HGETALL', start)} end
end
for _, who in ipairs(redis.call('ZRANGEBYSCORE', key('starts'), '-inf', at, 'LIMIT', 0, 20)) do
  local bot, user = string.match(who, '^([^:]*):(.*)$')
  local start = key('start', bot, user)
  if redis.call('EXISTS', start) == 0 or redis.call('EXISTS', key('user', bot, user)) == 1 then
    redis.call('ZREM', key('starts'), who)
  elseif redis.call('EXISTS', key('reserved', bot, user)) == 0 then
    redis.call('HSET', start, 'holder', token)
    redis.call('PEXPIRE', start, kept)
    redis.call('SET', key('reserved', bot, user), token, 'PX', ttl)
    redis.call('ZADD', key('starts'), at + ttl, who)
    redis.call('SET', key('takeover', token), who, 'PX', ttl)
    return {bot, user, redis.call('HGETALL', start)}
  end
end
return {}
