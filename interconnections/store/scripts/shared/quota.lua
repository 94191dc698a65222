-- What a bot brings, counted for an hour: one bot must not fill the Redis that all share.

-- Counts what it brings now.  -> nil | seconds until more is taken, where its hour is full.  limit: bytes, 0 for none.
local function over_quota(bot, limit, bytes)
  if limit == 0 then return end
  local taken = key('intake', bot)
  if tonumber(redis.call('GET', taken) or '0') >= limit then
    count('intake full:' .. bot)
    return redis.call('TTL', taken)
  end
  if redis.call('INCRBY', taken, bytes) == bytes then redis.call('EXPIRE', taken, 3600) end
end
