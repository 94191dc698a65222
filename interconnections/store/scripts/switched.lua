-- Another server serves this org: a new session there carries the same interconnection on.
-- Its ChasitorInit is still to be sent, as at a start; who talked to an agent waits again.
-- ARGV: id, worker, fence, wire id, chat url, session key, affinity (sealed), poll timeout s
-- -> {'lost'}, also when it is over | {epoch}
local id, me, fence, wire, url, session_key, affinity, timeout = unpack(ARGV)
local name = key('hash', id)
if not owns(id, me, fence) or final(redis.call('HGET', name, 'status')) then return {'lost'} end
redis.call('HSET', key('tokens', id), 'sessionKey', session_key, 'affinityToken', affinity)
redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent', 'started', 'retry:salesforce')
redis.call('HSET', name, 'wireId', wire, 'chatUrl', url, 'pollTimeout', timeout, 'ack', -1, 'sequence', 1,
  'switchTo', '', 'handover', '')
if redis.call('HGET', name, 'status') == 'Active' then redis.call('HSET', name, 'waitingAgain', '1') end
arm(id, 'salesforce', now())
count('switches')
return {tostring(redis.call('HINCRBY', name, 'epoch', 1))}
