-- Which message an agent's answer quotes: the desk names it in its own way, and the platform in another.
--
-- quotes:<id> holds "desk <name>" -> number, "platform <number>" -> its id, and "answers <number>" -> the desk's name
-- of what that one answers.  It is apart from the items, as a release before quotes could not read them with one.

local function named_by_desk(id, number, name) redis.call('HSET', key('quotes', id), 'desk ' .. name, number) end

local function named_by_platform(id, number, name)
  redis.call('HSET', key('quotes', id), 'platform ' .. number, name)
end

local function answers_to(id, number, name)
  redis.call('HSET', key('quotes', id), 'answers ' .. number, name)
  redis.call('HSET', key('hash', id), 'answers', '1')  -- nobody looks for quotes where there are none
end

-- The platform's id of what this one answers; '' where it answers nothing that the user could be shown.
local function quoted_by(id, number)
  local name = redis.call('HGET', key('quotes', id), 'answers ' .. number)
  local found = name and redis.call('HGET', key('quotes', id), 'desk ' .. name)
  return found and redis.call('HGET', key('quotes', id), 'platform ' .. found) or ''
end
