-- A webhook's message, stored before it is answered: once, into the open interconnection or the context.
-- Whatever else it does is done here, in the same step: a repeat does nothing again, and no crash drops the half.
-- ARGV: bot, user, message id ('' = cannot be recognised), dedupe ttl s, items (JSON), context entry (JSON or ''),
--       context ttl s, context limit, origin (user | bot | platform | business), reason of the end that it asks for
--       ('' = none), that end's item (JSON), intake limit (bytes an hour of this bot, 0 = none), person (JSON or '': `also`, their
--       other ids, and `fields` of what they did last), '1' where it is for the record alone
-- -> {'repeat', '', '', what it was kept as: 'chat', 'chat <number>', 'context' or 'passed on'}
--    | {'lane', sessionId, channel that was rung ('' = nobody owns it), '', number} | {'held', sessionId, '', '', number}
--      (number: of the first of the items, '' where there are none)
--    | {'context', '', '', 'chat' (one is open) or 'context'} | {'left', sessionId, channel to ring}
--    | {'full', seconds until it is taken}
local bot, user, message, dedupe_ttl, items, entry, ttl, limit, origin, reason, end_item, intake, person, recorded =
  unpack(ARGV)
local EACH = 500  -- bytes that the smallest message costs
local at = now()
redis.call('HSET', key('bot', bot), 'heardAt', at)  -- a repeat, too, shows that the webhook is registered
local ids, named = {user}, nil
if person ~= '' then
  local told = cjson.decode(person)
  ids = one_person(bot, {user, unpack(told.also)})
  named = told.fields.last
  if next(told.fields) then remember(bot, user, told.fields) end
end
local kept = message ~= '' and redis.call('GET', key('seen', bot, message))
if kept then
  count('duplicates suppressed')
  return {'repeat', '', '', kept}
end
local wait = over_quota(bot, tonumber(intake), EACH + math.max(#items, #entry))
if wait then return {'full', wait} end
local id, left = open_of(bot, ids), nil
local function keep(as)
  if message ~= '' then redis.call('SET', key('seen', bot, message), as, 'EX', dedupe_ttl) end
end
if id and reason ~= '' then
  left = order_end(id, reason, end_item, at)
  keep('chat')
elseif id and recorded ~= '1' and origin ~= 'bot' then
  local stands = lane_state(id, 'salesforce', 'sessionId', 'unansweredSince')
  local session, owed = unpack(stands.more)
  local parts_of_it = cjson.decode(items)
  local number = push(id, 'salesforce', parts_of_it, at)
  for n = 1, named and #parts_of_it or 0 do named_by_platform(id, string.format('%.0f', number + n - 1), named) end
  keep(number and 'chat ' .. number or 'chat')
  if origin == 'user' then  -- what the platform tells of a user is no word of theirs
    if owed then
      redis.call('HSET', key('hash', id), 'userSaidAt', at)
    else
      redis.call('HSET', key('hash', id), 'userSaidAt', at, 'unansweredSince', at)
      if stands.status == 'Active' and not stands.waiting_again then
        redis.call('ZADD', key('unanswered', stands.bot), at, id)
      end
    end
  end
  local first = redis.call('LINDEX', key('lane', id, 'salesforce'), 0)
  if arm_with(id, 'salesforce', at, stands, first) < 0 then return {'held', session, '', '', number or ''} end
  local rung = channel('salesforce', stands.owner or '')
  if rung ~= '' then  -- in the words of Channels' pub/sub layer
    redis.call('PUBLISH', rung, cmsgpack.pack({type = 'lane.filled', session = session}))
  end
  return {'lane', session, rung, '', number or ''}
end
if not left then keep(id and 'chat' or 'context') end
if entry ~= '' then
  local name = key('context', bot, user)
  redis.call('XADD', name, 'MAXLEN', '=', limit, '*', 'entry', entry, 'at', at)
  redis.call('EXPIRE', name, ttl)
  if redis.call('XLEN', name) == 1 then tighten(name) end
end
if left and left[1] == 'ordered' then return {'left', left[2], left[3]} end
return {'context', '', '', id and 'chat' or 'context'}
