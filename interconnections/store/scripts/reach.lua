-- To how many users of a day a bot's business may write first; what was told before is not set over what came after.
-- ARGV: bot, users, when it was told (ms), of which account -> {'noted'} | {'older'}
local bot, users, at, account = unpack(ARGV)
local known = redis.call('HGET', key('reach'), bot)
local before = known and tonumber(string.match(known, '^%S+ (%d+) ')) or 0
if tonumber(at) < before then return {'older'} end
redis.call('HSET', key('reach'), bot, users .. ' ' .. at .. ' ' .. account)
return {'noted'}
