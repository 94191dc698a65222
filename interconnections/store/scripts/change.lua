-- A change that no poll's answer brought: the session is lost, the start was finished or refused.
-- ARGV: id, worker, fence, change (JSON)
-- -> {'lost'} | {'stored', salesforce ms, integration ms, status, retired}
local id, me, fence = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local at = now()
apply(id, cjson.decode(ARGV[4]), at)
local status = redis.call('HGET', key('hash', id), 'status')
return {'stored', arm(id, 'salesforce', at), arm(id, 'integration', at), status, retire(id)}
