-- The moments of the oldest and of the newest row in some cells of the index.
-- ARGV: low, high (as ZRANGEBYSCORE takes them), keys of the cells -> {ms, ms} | {'', ''} there is none
local oldest, newest = span({unpack(ARGV, 3)}, ARGV[1], ARGV[2])
return oldest and {string.format('%.0f', oldest), string.format('%.0f', newest)} or {'', ''}
