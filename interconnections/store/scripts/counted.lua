-- How many stand between these bounds, each in its own sorted set.
-- ARGV: ZCOUNT or ZLEXCOUNT, then key, from, to, key, from, to, ... -> {how many, ...}
local found = {}
for i = 2, #ARGV, 3 do
  found[#found + 1] = redis.call(ARGV[1], ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
return found
