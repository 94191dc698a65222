-- Another server serves this org: a new session there carries the same interconnection on.
-- Its ChasitorInit is still to be sent, as at a start; who talked to an agent waits again.
-- ARGV: id, worker, fence, epoch, wire id, chat url, session key, affinity (sealed), poll timeout s
-- -> {'lost'}, also when it is over | {'stored', salesforce ms, integration ms, retired, {followed fields}}
local id, me, fence, epoch, wire, url, session_key, affinity, timeout = unpack(ARGV)
local name = key('hash', id)
if not owns(id, me, fence) or final(redis.call('HGET', name, 'status')) then return {'lost'} end
local at = now()
if (redis.call('HGET', name, 'epoch') or '0') == epoch then  -- else our first answer was lost
  redis.call('HSET', key('tokens', id), 'sessionKey', session_key, 'affinityToken', affinity)
  redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent', 'started', 'retry:salesforce')
  redis.call('HSET', name, 'wireId', wire, 'chatUrl', url, 'pollTimeout', timeout, 'ack', -1, 'sequence', 1,
    'switchTo', '', 'handover', '', 'epoch', epoch + 1)
  if redis.call('HGET', name, 'status') == 'Active' then redis.call('HSET', name, 'waitingAgain', '1') end
  count('switches')
end
return {'stored', arm(id, 'salesforce', at), arm(id, 'integration', at), 0, followed(id)}
