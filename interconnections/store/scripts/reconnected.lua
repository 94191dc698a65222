-- A new server has the chat: its affinity, a new epoch, acks and numbers from the start.
-- What stood bound may have been taken by the old server: it is remembered until the comparison.
-- ARGV: id, worker, fence, affinity (sealed), '1' when sequence numbers start again
-- -> {'lost'} | {epoch}
local id, me, fence, affinity, reset = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local name = key('hash', id)
redis.call('HSET', key('tokens', id), 'affinityToken', affinity)
local bound = redis.call('HMGET', name, 'boundNumber', 'unsent')
if bound[1] and bound[2] ~= '1' then redis.call('HSET', name, 'inFlight', bound[1]) end
if reset == '1' then
  redis.call('HSET', name, 'sequence', 0)
  redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent')
end
redis.call('HDEL', name, 'retry:salesforce')
redis.call('HSET', name, 'ack', -1, 'handover', 'data')
count('hand-overs')
return {tostring(redis.call('HINCRBY', name, 'epoch', 1))}
