-- What every script shares: time, totals, ownership.  Put in front of each, after the tables of keys,
-- of FOLLOWED, of FINAL and of LANES.
-- Time is the server's, in milliseconds, so that workers' clocks do not matter.

local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function count(name, n)
  redis.call('HINCRBY', key('counters'), name, n or 1)
end

local function changed() redis.call('INCR', key('revision')) end

-- fields: {name = value, ...}
local function set_fields(name, fields)
  local flat = {}
  for field, value in pairs(fields) do
    flat[#flat + 1] = field
    flat[#flat + 1] = value
  end
  if #flat > 0 then redis.call('HSET', name, unpack(flat)) end
end

-- Of a stream Redis sets four kilobytes aside, and as much for each further part of it; a copy takes what it needs.
local function tighten(stream)
  if redis.call('COPY', stream, key('tight'), 'REPLACE') == 1 then redis.call('RENAME', key('tight'), stream) end
end

local function final(status) return FINAL[status] or false end

-- Does `worker` own `id` under this very fence? A frozen process that wakes up does not.
local function owns(id, worker, fence)
  local h = redis.call('HMGET', key('hash', id), 'owner', 'fence')
  return h[1] == worker and h[2] == fence
end

-- Where its owner hears of one of its lanes; '' for nobody.
local function channel(lane, owner) return owner ~= '' and lane .. '.' .. owner or '' end

-- What an owner keeps in its memory, as it stands: in the order of FOLLOWED.
local function followed(id) return redis.call('HMGET', key('hash', id), unpack(FOLLOWED)) end
