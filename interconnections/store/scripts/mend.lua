-- Look at conversations that may be stuck, and set right what no worker would come by. ARGV: id, id, ...
-- One that is sound costs eight commands. -> {session id, cause, session id, cause, ...}
local at, mended = now(), {}

local function mend(id, cause)
  count('mended:' .. cause)
  mended[#mended + 1] = redis.call('HGET', key('hash', id), 'sessionId') or '?'
  mended[#mended + 1] = cause
end

-- Its answer is still to come: take.lua will hear how it went.
local function on_the_wire(id)
  local since = string.match(redis.call('HGET', key('hash', id), 'uncertain') or '', ' (%d+)%-')
  return since and at - tonumber(since) < 60000
end

local function over(id, h, waits)
  if redis.call('GET', key('user', h[3], h[4])) == id then
    free_user(id, h[3], h[4])
    mend(id, 'its end kept the place of the user')
  end
  if not waits and h[2] ~= '' and not on_the_wire(id) then
    no_longer_uncertain(id, at)
    retire(id)
    mend(id, 'owned although it is over')
  elseif waits and h[2] == '' and not redis.call('ZSCORE', key('free'), id) then
    redis.call('ZADD', key('free'), at, id)
    mend(id, 'last words that nobody delivers')
  end
end

local alive = {}  -- a few workers own them all
local function lives(worker)
  if alive[worker] == nil then alive[worker] = redis.call('ZSCORE', key('workers'), worker) and true end
  return alive[worker]
end

local function open(id, h)
  if h[2] == '' then
    if not redis.call('ZSCORE', key('free'), id) and not redis.call('ZSCORE', key('starting'), id) then
      redis.call('ZADD', key('free'), at, id)
      mend(id, 'wanted by nobody')
    end
  elseif not lives(h[2]) or redis.call('SISMEMBER', key('owned', h[2]), id) == 0 then
    disown(id, h[2], at)
    mend(id, 'its owner is gone')
  end
  if h[5] ~= '1' and not redis.call('GET', key('user', h[3], h[4])) then
    redis.call('SET', key('user', h[3], h[4]), id)
    mend(id, 'open without its place')
  end
end

local function asleep(id, owner, lane)
  if owner == '' or redis.call('ZSCORE', key('due', lane, owner), id) then return end
  if arm(id, lane, at) >= 0 then mend(id, 'a lane that nobody would look at') end
end

local function look(id)
  local h = redis.call('HMGET', key('hash', id), 'status', 'owner', 'botSlug', 'userId', 'leaving')
  if not h[1] then return end
  local waits = waits_in_a_lane(id)
  if final(h[1]) then over(id, h, waits) else open(id, h) end
  stand(id)  -- a release before this one knows no board
  if waits then
    local owner = redis.call('HGET', key('hash', id), 'owner')
    for _, lane in ipairs(LANES) do asleep(id, owner, lane) end
  end
end

for _, id in ipairs(ARGV) do
  -- One that is broken hides no other.
  if not pcall(look, id) then
    mended[#mended + 1] = '?'
    mended[#mended + 1] = 'cannot be read'
  end
end
return mended
