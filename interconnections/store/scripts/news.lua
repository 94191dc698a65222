-- What a desk told, stored whole before it is asked for what follows.
-- Accepted by compare-and-set on the mark that it was asked with, under the fence and the hand-over epoch: sequences
-- start again at 1 after a hand-over, so remembering them would prove nothing.  Where the mark stays, the events'
-- own names show whether they were stored before.
-- ARGV: id, worker, fence, epoch, mark used, new mark, fields (JSON or ''),
--   events (JSON list of {type, data, counted as, name or ''}), changes (JSON list)
-- -> {'lost'} | {'stored' | 'stale' (it was stored before), salesforce ms, integration ms, retired, {followed fields}}
local id, me, fence, epoch, used, mark = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local name = key('hash', id)
local h = redis.call('HMGET', name, 'ack', 'epoch')
local at = now()
local word = 'stale'
local events = cjson.decode(ARGV[8])

local function stored_before()
  if h[1] ~= used or (h[2] or '0') ~= epoch then return true end
  if mark ~= used or #events == 0 then return false end
  for _, event in ipairs(events) do
    if redis.call('SISMEMBER', key('entries', id), event[4]) == 0 then return false end
  end
  return true
end

if not stored_before() then
  word = 'stored'
  redis.call('HSET', name, 'ack', mark, 'polledAt', at)
  if ARGV[7] ~= '' then
    for field, value in pairs(cjson.decode(ARGV[7])) do redis.call('HSET', name, field, value) end
  end
  for _, event in ipairs(events) do
    redis.call('XADD', key('events', id), 'MAXLEN', '~', 500, '*',
      'sequence', mark, 'type', event[1], 'data', event[2], 'at', at)
    count('event:' .. event[3])
    if event[4] ~= '' then redis.call('SADD', key('entries', id), event[4]) end
  end
  for _, change in ipairs(cjson.decode(ARGV[9])) do apply(id, change, at) end
end
return {word, arm(id, 'salesforce', at), arm(id, 'integration', at), retire(id), followed(id)}
