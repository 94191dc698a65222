-- Store a new interconnection: OnHold with its tokens, or a start that failed, for the supervisors.
-- ARGV: id, token of the reservation, fields (JSON), tokens (JSON), extra (JSON), search (JSON list of
--       {field, value}), start deadline ms, items for the user (JSON), retention ms (of a row without `keptFor`), items for the agent (JSON),
--       events for the bot (JSON; none where it is missing), day of the caller's calendar
-- -> 1 stored | 0 the reservation is no longer ours
local id, token = ARGV[1], ARGV[2]
local fields, tokens, extra = cjson.decode(ARGV[3]), cjson.decode(ARGV[4]), cjson.decode(ARGV[5])
local search, deadline, to_user = cjson.decode(ARGV[6]), ARGV[7], cjson.decode(ARGV[8])
local to_bot = cjson.decode(ARGV[11] or '[]')
local name, user = key('hash', id), key('user', fields.botSlug, fields.userId)
if redis.call('EXISTS', name) == 1 then return 1 end  -- our answer was lost; it is stored
local kept_for = fields.keptFor or ARGV[9]
local failed = fields.status == 'Failed'
local start = key('start', fields.botSlug, fields.userId)
if redis.call('GET', key('reserved', fields.botSlug, fields.userId)) ~= token
  and redis.call('HGET', start, 'holder') ~= token then return 0 end

local at = now()
set_fields(name, fields)
redis.call('HSET', name, 'openedAt', at, 'numMessage', 0, 'fence', 0, 'owner', '')
for field, value in pairs(tokens) do redis.call('HSET', key('tokens', id), field, value) end
for field, value in pairs(extra) do redis.call('HSET', key('extra', id), field, value) end
for _, entry in ipairs(search) do
  redis.call('ZADD', key('search', entry[1]), 0, entry[2] .. '\0' .. id)
end
redis.call('HSET', key('ids'), fields.sessionId, id)
redis.call('SADD', key('bots'), fields.botSlug)
redis.call('SET', key('last', fields.botSlug, fields.userId), id, 'PX', kept_for)
index(id, {provider = fields.provider, bot = fields.botSlug}, fields.status, at)
count('became:' .. fields.status)
local sums = {'asked', 1}
if failed then note_move(sums, fields.botSlug, '', 'Failed', fields.reason or '', at, nil, at) end
add_to_day(ARGV[12] or '', fields.botSlug, sums)
stand(id)
changed()
redis.call('DEL', key('reserved', fields.botSlug, fields.userId))
redis.call('ZREM', key('starts'), fields.botSlug .. ':' .. fields.userId)
redis.call('HDEL', start, 'holder', 'wish')
if redis.call('HEXISTS', start, 'caseTried') == 0 then redis.call('DEL', start)
elseif not failed then redis.call('HSET', start, 'opened', id) end
if failed then
  redis.call('HSET', name, 'endedAt', at)
  redis.call('ZADD', key('over'), at + kept_for, id)
  push(id, 'integration', to_user, at)
  arm(id, 'integration', at)
  tell_bot(id, to_bot, at)
  if #to_user > 0 or #to_bot > 0 then redis.call('ZADD', key('free'), at, id) end
else
  redis.call('SET', user, id)
  redis.call('ZADD', key('starting'), at + deadline, id)
  push(id, 'salesforce', cjson.decode(ARGV[10]), at)
end
return 1
