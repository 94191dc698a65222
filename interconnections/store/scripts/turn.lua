-- A rate limit that all processes share, for one who waits in person: at a desk's door, not in a lane.
-- ARGV: name of the bucket, scope, capacity, tokens a ms, who (a token of their own)
-- -> ms until their turn; 0: they have it now
local name, scope, who = ARGV[1], ARGV[2], ARGV[5]
if redis.call('EXISTS', key('turn', who)) == 1 then return 0 end  -- our first answer was lost
local wait = pace({{name, scope, tonumber(ARGV[3]), tonumber(ARGV[4])}}, who, now())
if wait == 0 then redis.call('SET', key('turn', who), 1, 'PX', 60000) end
return wait
