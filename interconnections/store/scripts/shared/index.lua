-- The index of conversations by status, provider, bot and time, as pages ask it.

-- The moments of the oldest and of the newest row in some of its cells; nil: there is none.
-- low, high: as ZRANGEBYSCORE takes them
local function span(cells, low, high)
  local oldest, newest
  for _, cell in ipairs(cells) do
    local first = redis.call('ZRANGEBYSCORE', cell, low, high, 'WITHSCORES', 'LIMIT', 0, 1)[2]
    if first then
      local last = redis.call('ZREVRANGEBYSCORE', cell, high, low, 'WITHSCORES', 'LIMIT', 0, 1)[2]
      oldest = math.min(oldest or tonumber(first), tonumber(first))
      newest = math.max(newest or tonumber(last), tonumber(last))
    end
  end
  return oldest, newest
end
