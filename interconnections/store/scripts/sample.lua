-- One point of the day's curve: how many wait and how many talk, by bot, once for each slot whoever asks.
-- ARGV: day, slot -> 1 written | 0 there already
local day, slot = ARGV[1], ARGV[2]
local every = key('curve', day, '*')  -- no bot's: which slots were looked at
if redis.call('HSETNX', every, slot, '') == 0 then return 0 end
redis.call('EXPIRE', every, 3 * 86400)
for _, bot in ipairs(redis.call('SMEMBERS', key('bots'))) do
  local again = redis.call('ZCARD', key('requeued', bot))
  local waiting = redis.call('ZCARD', key('queued', bot)) + again
  local active = redis.call('ZCARD', key('index', 'Active', '*', bot)) - again
  if waiting + active > 0 then
    redis.call('HSET', key('curve', day, bot), slot, waiting .. ' ' .. active)
    redis.call('EXPIRE', key('curve', day, bot), 3 * 86400)
  end
end
return 1
