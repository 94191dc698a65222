-- What a desk told, stored whole before it is asked for what follows.
-- Accepted by compare-and-set on the mark that it was asked with, under the fence and the hand-over epoch: sequences
-- start again at 1 after a hand-over, so remembering them would prove nothing.  Where the mark stays, the events'
-- own names show whether they were stored before.
-- ARGV: id, worker, fence, epoch, mark used, new mark, fields (JSON or ''),
--   events (JSON list of {type, data, counted as, name or ''}), changes (JSON list), then of the taking
--   (shared/head.lua): limits (JSON or ''), goodbye_limit, ticket ('': take nothing), shows
-- -> {'lost'} | {'stored' | 'stale' (it was stored before), salesforce ms, integration ms, retired, {followed fields},
--   {of each change the number of the first thing that it says to the user, 0 = none},
--   the head of the lane to the user as take_head answers, where it may go now and was asked for; or nil}
local id, me, fence, epoch, used, mark = unpack(ARGV)
local name = key('hash', id)
local h = redis.call('HMGET', name, 'ack', 'epoch', 'owner', 'fence', 'botSlug', 'polledAt')
if h[3] ~= me or h[4] ~= fence then return {'lost'} end
local at = now()
local word = 'stale'
local fields = ARGV[7] ~= '' and cjson.decode(ARGV[7]) or {}
local events, changes, firsts = cjson.decode(ARGV[8]), cjson.decode(ARGV[9]), {}

local function stored_before()
  if h[1] ~= used or (h[2] or '0') ~= epoch then return true end
  if mark ~= used or #events == 0 then return false end
  for _, event in ipairs(events) do
    if redis.call('SISMEMBER', key('entries', id), event[4]) == 0 then return false end
  end
  return true
end

if not stored_before() then
  word = 'stored'
  fields.ack, fields.polledAt = mark, at
  set_fields(name, fields)
  for _, event in ipairs(events) do
    redis.call('XADD', key('events', id), 'MAXLEN', '~', 500, '*',
      'sequence', mark, 'type', event[1], 'data', event[2], 'at', at)
    count('event:' .. event[3])
    if event[4] ~= '' then redis.call('SADD', key('entries', id), event[4]) end
  end
  if not h[6] then tighten(key('events', id)) end  -- they are the first
  for i, change in ipairs(changes) do firsts[i] = apply(id, change, at) or 0 end
end

-- Whether the lane to the desk may go now can have changed: not by what an agent said.
local function frees(fields)
  for field in pairs(fields) do if HOLDS[field] then return true end end
end

-- The worker that brings this news is the one that delivers it: with a ticket it takes the first of it along.
local function arm_to_user()
  local stands, first = lane_state(id, 'integration'), redis.call('LINDEX', key('lane', id, 'integration'), 0)
  local wait = arm_with(id, 'integration', at, stands, first)
  if wait ~= 0 or ARGV[12] == '' then return wait, false end
  return wait, take_head({
    id = id, lane = 'integration', bot = h[5] or '', me = me, at = at, head = first, stands = stands,
    listed = true,
    limits = ARGV[10] ~= '' and cjson.decode(ARGV[10]) or {}, goodbye_limit = tonumber(ARGV[11]), ticket = ARGV[12],
    shows = tonumber(ARGV[13]),
  })
end

local to_desk, to_user, retired, head = -1, -1, 0, false
local wakes = word == 'stale' or frees(fields)
for _, change in ipairs(changes) do
  wakes = wakes or change.to or change.arrived or change.first_to_agent or frees(change.fields)
end
if wakes then to_desk = arm(id, 'salesforce', at) end
if #changes > 0 then to_user, head = arm_to_user() end
local there = followed(id)
if final(there[1]) then retired = retire(id) end  -- the status stands first
return {word, to_desk, to_user, retired, there, firsts, head}
