-- One person under several ids: those that came together, and those that were seen together before.

local TOGETHER, MOST_IDS = 90 * 86400, 12  -- seconds that it is remembered; a person has two or three

-- All ids of the person who has these, in this order.  Two or more that come together are remembered as one person.
local function one_person(bot, ids)
  local all, there = {}, {}
  local function add(id)
    if id ~= '' and not there[id] and #all < MOST_IDS then
      there[id] = true
      all[#all + 1] = id
    end
  end
  for _, id in ipairs(ids) do add(id) end
  for i = 1, #all do
    for _, other in ipairs(redis.call('SMEMBERS', key('aliases', bot, all[i]))) do add(other) end
  end
  if #ids > 1 then
    for _, id in ipairs(all) do
      local name = key('aliases', bot, id)
      if redis.call('SADD', name, unpack(all)) > 0 and redis.call('SCARD', name) > MOST_IDS then
        redis.call('DEL', name)  -- the oldest go: an id that comes must lead to the others
        redis.call('SADD', name, unpack(all))
      end
      redis.call('EXPIRE', name, TOGETHER)
    end
  end
  return all
end

-- The open interconnection of a person, under whichever of their ids it runs; nil where there is none.
local function open_of(bot, ids)
  for _, id in ipairs(ids) do
    local found = redis.call('GET', key('user', bot, id))
    if found then return found end
  end
end

local REMEMBERED = 30 * 86400  -- seconds after the last word of a person

local MOMENT = {last = 'saidAt', heldBy = 'heldAt'}  -- when a field was so; the others are moments themselves

-- What they did last: fields of their hash.  Moments only grow: what comes late, or again, sets nothing back.
local function remember(bot, user, fields)
  local name, later, new = key('person', bot, user), {}, {}
  local names = {'saidAt', 'windowUntil', 'heldAt'}
  local known = redis.call('HMGET', name, unpack(names))
  for i, field in ipairs(names) do
    later[field] = fields[field] and tonumber(fields[field]) >= tonumber(known[i] or '0')
  end
  for field, value in pairs(fields) do
    if later[MOMENT[field] or field] then
      new[#new + 1] = field
      new[#new + 1] = value
    end
  end
  if #new > 0 then redis.call('HSET', name, unpack(new)) end
  redis.call('EXPIRE', name, REMEMBERED)
end
