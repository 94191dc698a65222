-- The head of the lane to the user goes out only now, after what had to be done first: whoever waits for a platform to
-- show it waits from here on.  ARGV: id, worker, fence, number
-- -> {'lost'} | {'goes'} | {'shown', the platform's id of it}: it told meanwhile that it had it from an earlier send
local id, me, fence, number = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local name = key('hash', id)
local h = redis.call('HMGET', name, 'inHand', 'shown', 'shownAs')
if h[2] == number then return {'shown', h[3]} end
if h[1] == number then redis.call('HSET', name, 'inHandAt', now()) end
return {'goes'}
