-- What a list shows of conversations beside their fields: who spoke last, since when they wait, what keeps them.
-- ARGV: id, id, ... -> {now ms, JSON of each: waits, user_said, agent_said, unowned (since when, ms; none where it does
--   not hold), desk, handover, lanes: {lane, items, since when its head may go, since when it is refused,
--   until when its shore is spared, why}}
local at, found = now(), {}

-- An open one that nobody polls: since when.
local function unowned(id, owner)
  if owner == '' then return redis.call('ZSCORE', key('free'), id) end
  local lease = redis.call('ZSCORE', key('workers'), owner)
  if not lease or tonumber(lease) < at then return lease or '0' end
end

local function lanes(id, bot)
  local told = {}
  for _, lane in ipairs(LANES) do
    local items = redis.call('LLEN', key('lane', id, lane))
    if items > 0 then
      local shore = redis.call('HMGET', key('shore', lane, bot), 'pausedUntil', 'refusedWhy')
      told[#told + 1] = {
        lane, items, redis.call('ZSCORE', key('waiting', lane, bot), id),
        redis.call('HGET', key('hash', id), 'failing:' .. lane), shore[1], shore[2],
      }
    end
  end
  return told
end

for _, id in ipairs(ARGV) do
  local h = redis.call('HMGET', key('hash', id), 'status', 'botSlug', 'owner', 'leaving', 'waitingAgain', 'openedAt',
    'waitingSince', 'acceptedAt', 'userSaidAt', 'agentSaidAt', 'desk', 'handover')
  local bot, open, waits = h[2] or '', h[1] and not final(h[1]) and h[4] ~= '1', nil
  if open and h[1] == 'OnHold' then waits = h[6]
  elseif open and h[5] == '1' then waits = h[7] or h[8] or h[6] end
  found[#found + 1] = cjson.encode({
    waits = waits, user_said = h[9], agent_said = h[10], desk = h[11], handover = h[12],
    unowned = h[1] and not final(h[1]) and unowned(id, h[3] or '') or nil, lanes = lanes(id, bot),
  })
end
return {at, found}
