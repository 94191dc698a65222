-- A rate limit that all processes share, for one who waits in person: at a desk's door, not in a lane.
-- ARGV: name of the bucket, scope, capacity, tokens a ms, who (a token of their own)
-- -> ms until their turn; 0: they have it now
local name, scope, who = ARGV[1], ARGV[2], ARGV[5]
return pace({{name, scope, tonumber(ARGV[3]), tonumber(ARGV[4])}}, who, now(), who)
