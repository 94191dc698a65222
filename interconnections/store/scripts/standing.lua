-- How a bot's business stands at its platform; what was told before is not set over what came after.
-- ARGV: which of it (reach, quality, subscribed), bot, the value, when it was told (ms), of which account -> {'noted'} | {'older'}
local which, bot, value, at, account = unpack(ARGV)
local place = ({reach = key('reach'), quality = key('quality'), subscribed = key('subscribed')})[which]
local known = redis.call('HGET', place, bot)
local before = known and tonumber(string.match(known, '^%S+ (%d+) ')) or 0
if tonumber(at) < before then return {'older'} end
redis.call('HSET', place, bot, value .. ' ' .. at .. ' ' .. account)
return {'noted'}
