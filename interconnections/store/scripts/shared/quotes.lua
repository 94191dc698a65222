-- Which message an agent's answer quotes: the desk names it in its own way, and the platform in another.
--
-- quotes:<id> holds "desk <name>" -> number, "platform <number>" -> its id, and "answers <number>" -> the desk's name
-- of what that one answers.  It is apart from the items, as a release before quotes could not read them with one.

--
-- It goes with its conversation; by itself after a week in which nobody says a thing, as a release before quotes, which
-- may be back by then, does not know it. The end leaves it an hour, which what is delivered after that does not prolong.

local WEEK = 604800  -- seconds

local function named_by_desk(id, number, name)
  redis.call('HSET', key('quotes', id), 'desk ' .. name, number)
  redis.call('EXPIRE', key('quotes', id), WEEK)
end

-- The first name stays: a repeat of it, whose answer had been lost, may be in front of the user under a second one.
local function named_by_platform(id, number, name)
  redis.call('HSETNX', key('quotes', id), 'platform ' .. number, name)
  redis.call('EXPIRE', key('quotes', id), WEEK, 'NX')
end

-- `name` failed, so that nobody sees it; `other`: the platform's name of a repeat that did not, or none.
local function lost_by_platform(id, number, name, other)
  local field = 'platform ' .. number
  if redis.call('HGET', key('quotes', id), field) ~= name then return end
  if other then
    redis.call('HSET', key('quotes', id), field, other)
  else
    redis.call('HDEL', key('quotes', id), field)
  end
end

-- What message `number` said is said by `new`: who quotes it means that one, which quotes what it did.
local function quoted_as(id, number, new)
  local name = key('quotes', id)
  local all = redis.call('HGETALL', name)
  for i = 1, #all, 2 do
    if all[i + 1] == number and string.find(all[i], '^desk ') then redis.call('HSET', name, all[i], new) end
    if all[i] == 'answers ' .. number then
      redis.call('HDEL', name, all[i])
      redis.call('HSET', name, 'answers ' .. new, all[i + 1])
    end
  end
end

local function answers_to(id, number, name)
  redis.call('HSET', key('quotes', id), 'answers ' .. number, name)
  redis.call('EXPIRE', key('quotes', id), WEEK, 'NX')
  redis.call('HSET', key('hash', id), 'answers', '1')  -- nobody looks for quotes where there are none
end

-- The platform's id of what this one answers; '' where it answers nothing that the user could be shown.
local function quoted_by(id, number)
  local name = redis.call('HGET', key('quotes', id), 'answers ' .. number)
  local found = name and redis.call('HGET', key('quotes', id), 'desk ' .. name)
  return found and redis.call('HGET', key('quotes', id), 'platform ' .. found) or ''
end
