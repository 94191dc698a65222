-- Workers: who carries conversations, and who gives them to the others.
--
-- draining holds the ticket of the order by the worker's name; one that was let again has a '-' before it.

local function is_draining(worker)
  local ticket = redis.call('HGET', key('draining'), worker)
  return (ticket and string.sub(ticket, 1, 1) ~= '-') or false
end

local function is_leaving(worker) return redis.call('HGET', key('report', worker), 'leaving') == '1' end

-- How many more it may own. One of the release before does not say, and is taken to have room.
local function room_of(worker, owned)
  local capacity = redis.call('HGET', key('report', worker), 'capacity')
  return capacity and math.max(0, capacity - owned) or math.huge
end

local function is_staying(worker) return not is_leaving(worker) and not is_draining(worker) end
