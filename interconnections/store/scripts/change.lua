-- A change that no poll's answer brought: the session is lost, the start was finished or refused.
-- ARGV: id, worker, fence, ticket, change (JSON)
-- -> {'lost'} | {'stored', salesforce ms, integration ms, retired, {followed fields}}
local id, me, fence, ticket = unpack(ARGV)
local name = key('hash', id)
local repeated = redis.call('HGET', name, 'changeTicket') == ticket
if not owns(id, me, fence) then
  if repeated then return {'stored', -1, -1, 1, followed(id)} end  -- it let go of it by this very change
  return {'lost'}
end
local at = now()
if not repeated then
  redis.call('HSET', name, 'changeTicket', ticket)
  apply(id, cjson.decode(ARGV[5]), at)
end
return {'stored', arm(id, 'salesforce', at), arm(id, 'integration', at), retire(id), followed(id)}
