-- A new server has the chat: its affinity, a new epoch, acks and numbers from the start.
-- What stood bound may have been taken by the old server: it is remembered until the comparison.
-- ARGV: id, worker, fence, affinity (sealed), '1' when sequence numbers start again
-- -> {'lost'}, also when it is over | {epoch}
local id, me, fence, affinity, reset = unpack(ARGV)
local name = key('hash', id)
if not owns(id, me, fence) or final(redis.call('HGET', name, 'status')) then return {'lost'} end
redis.call('HSET', key('tokens', id), 'affinityToken', affinity)
local bound = redis.call('HMGET', name, 'boundNumber', 'unsent')
if bound[1] and bound[2] ~= '1' then redis.call('HSET', name, 'inFlight', bound[1]) end
if reset == '1' then
  redis.call('HSET', name, 'sequence', 0)
  redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent')
end
redis.call('HDEL', name, 'retry:salesforce')
redis.call('HSET', name, 'ack', -1, 'handover', 'data')
arm(id, 'salesforce', now())
count('hand-overs')
return {tostring(redis.call('HINCRBY', name, 'epoch', 1))}
