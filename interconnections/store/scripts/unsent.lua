-- The head of the lane to the user was taken and not sent: the next owner need not wait for anything to show it.
-- ARGV: id, worker, fence -> 1 | 0 it is not ours any more
local id, me, fence = unpack(ARGV)
if not owns(id, me, fence) then return 0 end
redis.call('HDEL', key('hash', id), 'inHand')
return 1
