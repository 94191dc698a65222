-- The head of the lane to the user was taken and not sent: the next owner need not wait for anything to show it.
-- ARGV: id, worker, fence, ticket of the taking -> 1 | 0 it is not ours any more
local id, me, fence, ticket = unpack(ARGV)
if not owns(id, me, fence) then return 0 end
local name = key('hash', id)
if redis.call('HGET', name, 'inHandTicket') == ticket then redis.call('HDEL', name, 'inHand') end
return 1
