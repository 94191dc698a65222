-- Its owner cannot carry it: no key opens its tokens, or what is stored of it cannot be read. It is given back, and
-- wanted again after a pause that grows; by another worker first. Where it is being ended anyway, or nobody could carry
-- it for as long as Salesforce keeps a chat that is not polled, it ends here: its user is told, and free.
-- ARGV: id, worker, fence, change (JSON: that end), most ms of a pause
-- -> {'lost'} | {'put off', ms} | {'ended'}: still ours, and without tokens
local id, me, fence, change, longest = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local at, name = now(), key('hash', id)
longest = tonumber(longest)
local h = redis.call('HMGET', name, 'status', 'leaving', 'window', 'putOffAt', 'putOffSince', 'putOffTimes',
  'putOffEnded')
if h[7] == fence then return {'ended'} end  -- our first answer was lost
local goes_on = h[4] and at - tonumber(h[4]) < 3 * longest  -- else it was carried meanwhile
local since, times = goes_on and tonumber(h[5]) or at, goes_on and tonumber(h[6]) or 0
count('put off')
redis.call('ZREMRANGEBYSCORE', key('unreadable'), '-inf', at - 3 * longest)

local window = tonumber(h[3] or '') or 120000
if not final(h[1]) and (h[2] == '1' or at - since >= window) then
  change = cjson.decode(change)
  change.unless_leaving = false
  if apply(id, change, at) then
    redis.call('HDEL', name, 'putOffAt', 'putOffSince', 'putOffTimes', 'putOffBy', 'handover')
    redis.call('HSET', name, 'putOffEnded', fence)
    redis.call('ZREM', key('unreadable'), id)
    arm(id, 'salesforce', at)
    arm(id, 'integration', at)
    return {'ended'}
  end
end

local pause = math.min(longest, 1000 * 2 ^ math.min(times, 20))
redis.call('HSET', name, 'putOffAt', at, 'putOffSince', string.format('%.0f', since), 'putOffTimes', times + 1,
  'putOffBy', me)
redis.call('ZADD', key('unreadable'), at, id)
disown(id, me, string.format('%.0f', at + pause))
return {'put off', pause}
