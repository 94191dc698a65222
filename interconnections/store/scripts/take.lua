-- Settle what was delivered, then take the next of the lane: one round trip a message.
-- The head's sequence number is bound to it here, durably, before it is sent, and never used for another.
-- ARGV: id, worker, fence, lane, number ('' = settle nothing), outcome, argument, change (JSON or '')
--   outcomes: delivered | retry (argument: ms) | dead (argument: why) | rebind (argument: sequence)
-- -> {'lost'} | {'empty', retired} | {'wait', ms} | {'item', number, item, sequence, tries, waited ms, status, again}
local id, me, fence, lane, number, outcome, argument = unpack(ARGV)
if not owns(id, me, fence) then return {'lost'} end
local at, name, list = now(), key('hash', id), key('lane', id, lane)
local head = redis.call('LINDEX', list, 0)
local head_number = head and parts(head)

if number ~= '' and head_number == number then  -- else it was settled already, and the answer lost
  if outcome == 'retry' then
    redis.call('HINCRBY', name, 'tries:' .. lane, 1)
    redis.call('HSET', name, 'retry:' .. lane, at + argument)
    count('retries:' .. lane)
  elseif outcome == 'rebind' then
    redis.call('HSET', name, 'boundSequence', argument, 'sequence', argument, 'unsent', '1')
    redis.call('HINCRBY', name, 'tries:' .. lane, 1)
  else
    local _, _, item = parts(head)
    redis.call('LPOP', list)
    redis.call('HDEL', name, 'tries:' .. lane, 'retry:' .. lane)
    if outcome == 'dead' then
      give_up(id, lane, number, item, argument, at)
    else
      checkpoint(id, number, 'delivered', at)
      count('delivered:' .. lane)
    end
    if ARGV[8] ~= '' then apply(id, cjson.decode(ARGV[8]), at) end
  end
  head = redis.call('LINDEX', list, 0)
end

local wait = arm(id, lane, at)
if wait < 0 then return {'empty', retire(id)} end
if wait > 0 then return {'wait', wait} end
local due, item
head_number, due, item = parts(head)
local sequence, again = '', 0
if lane == 'salesforce' then
  local bound = redis.call('HMGET', name, 'boundNumber', 'boundSequence', 'unsent')
  if bound[1] == head_number then
    sequence, again = bound[2], bound[3] == '1' and 0 or 1
    redis.call('HDEL', name, 'unsent')
  else
    sequence = tostring(redis.call('HINCRBY', name, 'sequence', 1))
    redis.call('HSET', name, 'boundNumber', head_number, 'boundSequence', sequence)
  end
end
local h = redis.call('HMGET', name, 'tries:' .. lane, 'status')
return {'item', head_number, item, sequence, tonumber(h[1] or '0'), math.max(0, at - tonumber(due)), h[2], again}
