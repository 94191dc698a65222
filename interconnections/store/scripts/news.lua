-- A poll's answer, stored whole before the next poll acknowledges it.
-- Accepted by compare-and-set on the ack that the poll used, under the fence and the hand-over epoch:
-- sequences start again at 1 after a hand-over, so remembering them would prove nothing.
-- ARGV: id, worker, fence, epoch, ack used, new ack, offset ('' = keep), events (JSON list of {type, data, counted as}), change
-- -> {'lost'} | {'stored' | 'stale' (it was stored before), salesforce ms, integration ms, retired, {followed fields}}
local id, me, fence, epoch, used, ack, offset = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local name = key('hash', id)
local h = redis.call('HMGET', name, 'ack', 'epoch')
local at = now()
local word = 'stale'
if h[1] == used and (h[2] or '0') == epoch then
  word = 'stored'
  redis.call('HSET', name, 'ack', ack, 'polledAt', at)
  if offset ~= '' then redis.call('HSET', name, 'offset', offset) end
  for _, event in ipairs(cjson.decode(ARGV[8])) do
    redis.call('XADD', key('events', id), 'MAXLEN', '~', 500, '*',
      'sequence', ack, 'type', event[1], 'data', event[2], 'at', at)
    count('event:' .. event[3])
  end
  for _, change in ipairs(cjson.decode(ARGV[9])) do apply(id, change, at) end
end
return {word, arm(id, 'salesforce', at), arm(id, 'integration', at), retire(id), followed(id)}
