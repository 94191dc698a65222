-- A password is about to be tried: counted before it is looked at, so that no two tries see the same count.
-- ARGV: token of this try ("" only looks), the marker of name and address, then who, limit and window (ms), in turn:
--       name and address first, which binds everybody; the others bind only whom the marker does not know
-- Answer: ms to wait; 0 when it may be tried (and is counted).  A repeat of the same token counts once.
local t, wait = now(), 0
local known = redis.call('EXISTS', key('login', ARGV[2])) == 1
for i = 3, #ARGV, 3 do
  local name, limit, window = key('attempts', ARGV[i]), tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  redis.call('ZREMRANGEBYSCORE', name, '-inf', t - window)
  local tries = redis.call('ZCARD', name)
  if (i == 3 or not known) and tries >= limit and not redis.call('ZSCORE', name, ARGV[1]) then
    local free = redis.call('ZRANGE', name, tries - limit, tries - limit, 'WITHSCORES')
    wait = math.max(wait, free[2] + window - t)
  end
end
if wait == 0 and ARGV[1] ~= '' then
  for i = 3, #ARGV, 3 do
    local name = key('attempts', ARGV[i])
    redis.call('ZADD', name, 'NX', t, ARGV[1])
    redis.call('PEXPIRE', name, ARGV[i + 2])
  end
end
return wait
