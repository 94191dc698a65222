-- What the board shows, kept as conversations change; a message that goes its way counts nothing here.
-- In front of it stands the table SECONDS: upper bounds of the histograms (histograms.py).

local STANDS = {'queued', 'requeued', 'unanswered'}

-- Where an open conversation stands for those who watch: it waits for its first agent, for another one, or its agent
-- owes an answer; by since when. One whose end is ordered stands nowhere.
local function stand(id)
  local h = redis.call('HMGET', key('hash', id), 'status', 'botSlug', 'leaving', 'waitingAgain', 'openedAt',
    'waitingSince', 'acceptedAt', 'unansweredSince')
  local where, since
  if final(h[1]) or h[3] == '1' then where = nil
  elseif h[1] == 'OnHold' then where, since = 'queued', h[5]
  elseif h[4] == '1' then where, since = 'requeued', h[6] or h[7] or h[5]
  elseif h[8] then where, since = 'unanswered', h[8] end
  for _, place in ipairs(STANDS) do
    if place == where then redis.call('ZADD', key(place, h[2]), since, id)
    else redis.call('ZREM', key(place, h[2]), id) end
  end
end

-- The sums of a bot's day. day: as the caller's calendar has it; sums: {name, n, name, n, ...}
local function add_to_day(day, bot, sums)
  if day == '' or #sums == 0 then return end
  local name = key('day', day, bot)
  for i = 1, #sums, 2 do redis.call('HINCRBY', name, sums[i], sums[i + 1]) end
  redis.call('EXPIRE', name, 3 * 86400)
end

local function add(sums, name, n)
  sums[#sums + 1] = name
  sums[#sums + 1] = n
end

-- How long something took: into its sum and its histogram.
local function took(sums, name, ms)
  ms = math.max(0, ms)
  local bound = 'more'
  for _, each in ipairs(SECONDS) do
    if ms <= each * 1000 then
      bound = each
      break
    end
  end
  add(sums, name .. ' ms', ms)
  add(sums, name .. ':' .. bound, 1)
end

-- One failed: minutes of the last hour, by reason.
local function note_failure(bot, reason, at)
  local name, minute = key('failures', bot), math.floor(at / 60000)
  if redis.call('HINCRBY', name, minute .. ':' .. reason, 1) == 1 then
    for _, field in ipairs(redis.call('HKEYS', name)) do
      if tonumber(string.match(field, '^%d+')) <= minute - 60 then redis.call('HDEL', name, field) end
    end
  end
  redis.call('EXPIRE', name, 3660)
end

-- A move into another status, into the sums of the day. accepted: when the first agent came, nil while none did
local function note_move(sums, bot, before, to, reason, opened, accepted, at)
  if to == 'Active' then
    add(sums, 'accepted', 1)
    took(sums, 'wait', (accepted or at) - opened)
  elseif final(to) then
    add(sums, 'ended:' .. reason, 1)
    if before == 'OnHold' and LEFT[reason] then add(sums, 'abandoned', 1) end
    if accepted then took(sums, 'handle', at - accepted) end
    if to == 'Failed' then note_failure(bot, reason, at) end
  end
end
