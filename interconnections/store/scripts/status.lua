-- What a platform tells of something that it took: a checkpoint of that message, once; what failed is told its sender.
-- ARGV: bot, ids of the user (JSON list), the platform's id ('' = all that went before `until`), our own id as it came
--   back: session and number ('' = it did not), state, at ms, until ms, code, notice for the agent (JSON items),
--   events for the bot (JSON), items for the user in its place (JSON)
-- -> {'unknown'} nobody's of ours | {'known'} nothing new, or nobody need be rung
--   | {'ring', lane, sessionId, channel ('' = nobody owns it)} | {'receipts', sessionId, channel}: the desk may be told
local bot, users, as, session, number, state, at, till, code, notice, to_bot, again = unpack(ARGV)
users, notice, to_bot, at = cjson.decode(users), cjson.decode(notice), cjson.decode(to_bot), tonumber(at)
again = cjson.decode(again)

local function ring(id, lane)
  local h = redis.call('HMGET', key('hash', id), 'sessionId', 'owner')
  if h[2] == '' then redis.call('ZADD', key('free'), 'NX', now(), id) end
  return {'ring', lane, h[1], channel(lane, h[2])}
end

-- What a phone told is for whoever owns the chat to pass on; nobody claims one for that.
local function known(id)
  if redis.call('EXISTS', key('receipts', id)) == 0 then return {'known'} end
  local h = redis.call('HMGET', key('hash', id), 'sessionId', 'salesforceMessageChannel', 'owner')
  if h[3] == '' then return {'known'} end
  return {'receipts', h[1], h[2]}
end

-- Whose it may be: the one that our own id names, or the user's open one and their latest.
local candidates = {}
if session ~= '' then
  local id = redis.call('HGET', key('ids'), session)
  if id and redis.call('HGET', key('hash', id), 'botSlug') == bot then candidates = {id} end
else
  local seen = {}
  for _, user in ipairs(one_person(bot, users)) do
    for _, kind in ipairs({'user', 'last'}) do
      local id = redis.call('GET', key(kind, bot, user))
      if id and not seen[id] and redis.call('EXISTS', key('hash', id)) == 1 then
        seen[id] = true
        candidates[#candidates + 1] = id
      end
    end
  end
end
if #candidates == 0 then return {'unknown'} end

if as == '' then
  for _, id in ipairs(candidates) do
    local since = redis.call('HGET', key('hash', id), state .. 'Until') or '-inf'
    local from = state == 'read' and '-inf' or since == '-inf' and since or '(' .. since
    for _, each in ipairs(redis.call('ZRANGEBYSCORE', key('unread', id), from, till)) do
      note_status(id, each, state, at, code, notice, to_bot, again)
    end
    if since == '-inf' or tonumber(since) < tonumber(till) then
      redis.call('HSET', key('hash', id), state .. 'Until', till)
    end
  end
  for _, id in ipairs(candidates) do
    local answer = known(id)
    if answer[1] == 'receipts' then return answer end
  end
  return {'known'}
end

if session ~= '' then
  local id, lane = candidates[1], 'integration'
  local head = redis.call('LINDEX', key('lane', id, lane), 0)
  if head and parts(head) == number then  -- its answer is still awaited, or was lost
    redis.call('HSET', key('hash', id), 'shown', number, 'shownAs', as)
    redis.call('HDEL', key('hash', id), 'retry:' .. lane)
    if state == 'failed' then
      note_early(id, as, state, at, code, notice, to_bot, again)  -- a repeat may be on its way at this moment
    else
      note_sent(id, as, number, at, true)
      note_status(id, as, state, at, code, notice, to_bot, again)
    end
    arm(id, lane, now())
    return ring(id, lane)
  end
  local said = tonumber(redis.call('HGET', key('hash', id), 'numMessage') or '0')
  if tonumber(number) <= said then note_sent(id, as, number, at, true) end
end
for _, id in ipairs(candidates) do
  if redis.call('HEXISTS', key('sent', id), as) == 1 then
    local _, lane = note_status(id, as, state, at, code, notice, to_bot, again)
    return lane and ring(id, lane) or known(id)
  end
end
for _, id in ipairs(candidates) do
  local over = final(redis.call('HGET', key('hash', id), 'status'))
  if not over or redis.call('EXISTS', key('lane', id, 'integration')) == 1 then
    note_early(id, as, state, at, code, notice, to_bot, again)
    return {'known'}
  end
end
return {'unknown'}
