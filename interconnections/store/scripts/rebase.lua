-- Another server goes on with the chat: its secrets, and where counting starts again.
-- ARGV: id, worker, fence, epoch, rebase (JSON: {fields, secrets (sealed), sequence or null, in_flight, waits, counted})
--   sequence: the number used last there; what stood bound may have been taken by the old server, and with `in_flight`
--   it is remembered until a comparison
-- -> {'lost'}, also when it is over | {'stored', salesforce ms, integration ms, retired, {followed fields}}
local id, me, fence, epoch = unpack(ARGV)
local name = key('hash', id)
if not owns(id, me, fence) or final(redis.call('HGET', name, 'status')) then return {'lost'} end
local at = now()
if (redis.call('HGET', name, 'epoch') or '0') == epoch then  -- else our first answer was lost
  local rebase = cjson.decode(ARGV[5])
  for field, value in pairs(rebase.secrets) do redis.call('HSET', key('tokens', id), field, value) end
  if rebase.in_flight then
    local bound = redis.call('HMGET', name, 'boundNumber', 'unsent')
    if bound[1] and bound[2] ~= '1' then redis.call('HSET', name, 'inFlight', bound[1]) end
  end
  if type(rebase.sequence) == 'number' then
    redis.call('HSET', name, 'sequence', rebase.sequence)
    redis.call('HDEL', name, 'boundNumber', 'boundSequence', 'unsent')
  end
  redis.call('HDEL', name, 'retry:salesforce')
  set_fields(name, rebase.fields)
  if rebase.waits then
    local h = redis.call('HMGET', name, 'status', 'waitingAgain')
    if h[1] == 'Active' and h[2] ~= '1' then redis.call('HSET', name, 'waitingAgain', '1', 'waitingSince', at) end
    stand(id)
  end
  redis.call('HSET', name, 'epoch', epoch + 1)
  if rebase.counted ~= '' then count(rebase.counted) end
end
return {'stored', arm(id, 'salesforce', at), arm(id, 'integration', at), 0, followed(id)}
