-- ReconnectSession was answered, or may have been: what stood bound may have been taken by the old server, and is
-- remembered until the comparison.
-- ARGV: id, worker, fence, epoch, affinity (sealed), '1' when sequence numbers start again,
--       stage: 'data' (a new server, to be polled from the start) | 'doubt' (its answer is lost: polled as before)
-- -> {'lost'}, also when it is over | {'stored', salesforce ms, integration ms, retired, {followed fields}}
local id, me, fence, epoch, affinity, reset, stage = unpack(ARGV)
local name = key('hash', id)
if not owns(id, me, fence) or final(redis.call('HGET', name, 'status')) then return {'lost'} end
local at = now()
if (redis.call('HGET', name, 'epoch') or '0') == epoch then  -- else our first answer was lost
  redis.call('HSET', key('tokens', id), 'affinityToken', affinity)
  local bound = redis.call('HMGET', name, 'boundNumber', 'unsent')
  if bound[1] and bound[2] ~= '1' then redis.call('HSET', name, 'inFlight', bound[1]) end
  if reset == '1' then
    redis.call('HSET', name, 'sequence', 0)
    redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent')
  end
  if stage == 'data' then
    redis.call('HSET', name, 'ack', -1)
    count('hand-overs')
  end
  redis.call('HDEL', name, 'retry:salesforce')
  redis.call('HSET', name, 'handover', stage, 'epoch', epoch + 1)
end
return {'stored', arm(id, 'salesforce', at), arm(id, 'integration', at), 0, followed(id)}
