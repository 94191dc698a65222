-- The lease alone, between two heartbeats. ARGV: worker, lease ms
-- -> 1 | 0 it is no worker any more: it left, or was declared dead
local me, lease = ARGV[1], tonumber(ARGV[2])
if not redis.call('ZSCORE', key('workers'), me) then return 0 end
redis.call('ZADD', key('workers'), now() + lease, me)
return 1
