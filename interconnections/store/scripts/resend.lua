-- A dead letter back into its lane, behind what waits there, under its old number: once, whoever asks twice.
-- ARGV: the letter's id, its conversation's id, ticket
-- -> {'no such'} | {'gone'} | {'over'} | {'resent', sessionId, channel to ring ('' = nobody owns it)}
local letter = redis.call('XRANGE', key('dead'), ARGV[1], ARGV[1])[1]
if not letter then
  local h = redis.call('HMGET', key('hash', ARGV[2]), 'resendTicket', 'sessionId')
  return h[1] == ARGV[3] and {'resent', h[2], ''} or {'no such'}  -- our first answer was lost: the sweep rings
end
local f = {}
for i = 1, #letter[2], 2 do f[letter[2][i]] = letter[2][i + 1] end
local id, lane, name = f.id, f.lane, key('hash', f.id)
local h = redis.call('HMGET', name, 'status', 'leaving', 'sessionId', 'owner', 'boundNumber', 'botSlug')
if not h[1] then return {'gone'} end
if lane == 'salesforce' and (final(h[1]) or h[2] == '1') then return {'over'} end
local at = now()
redis.call('HSET', name, 'resendTicket', ARGV[3])
take_letter(ARGV[1], h[6])
redis.call('RPUSH', key('lane', id, lane), string.format('%s %.0f %s', f.number, at, f.item))
redis.call('HINCRBY', key('depth'), lane, 1)
if h[5] == f.number then redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent') end
checkpoint(id, f.number, 'sent by hand', at)
count('sent by hand:' .. lane)
if h[4] == '' then redis.call('ZADD', key('free'), 'NX', at, id) end
arm(id, lane, at)
changed()
return {'resent', h[3], channel(lane, h[4])}
