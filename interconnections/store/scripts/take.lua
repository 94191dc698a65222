-- Settle what was delivered, then take the next of the lane: one round trip a message.
-- The head's sequence number is bound to it here, durably, before it is sent, and never used for another.
-- ARGV: id, worker, fence, lane, settled (JSON or ''), limits (JSON: token buckets, or ''), goodbye_limit ms, ticket,
--   ms within which the platform shows what it took though its answer was lost (0: it never does)
--   settled: {number, attempts, outcome, argument, cause, why, whose, change, told, delivery_limit ms,
--     goodbye_limit ms}; 0: no limit
--   attempts: as they were handed out with the item; a retry or rebind of others is a repeat, and changes nothing
--   cause, of a retry: what it is counted under
--   outcomes: delivered | retry (argument: ms) | dead (argument: why) | rebind (argument: sequence)
--     | replaced (argument: why; by what the change puts in front)
--   whose, of a retry: shore (it is unwell for all) | asked (it asked for this pause) | message (only this one)
--   told: items for the sender, should the message be given up; to_bot: events for the bot, then
--   sent_as, of what was delivered: the platform's id of it, "" for none; took: ms that its exchange lasted;
--     quotable: an agent may quote it
--   named, of what was delivered: the desk's name of it, where somebody may quote it
--   silent, of a retry: it may have been taken all the same
--   change: applied once the item is settled, whichever way it leaves the lane
-- -> {'lost'} | {'empty', retired, status} | {'wait', ms, status}
--   | {'item', number, item, sequence, attempts (JSON: cause -> n, or ''), waited ms, status, again, first,
--     shown, quoted}
-- quoted: the platform's id of what it answers, '' for none; shown: the platform told of it, so that it took it, though its answer never came.
-- again: another call than this one had it in hand before; a repeat of the call that had it first is no attempt.
local id, me, fence, lane = unpack(ARGV)
local at, name, list = now(), key('hash', id), key('lane', id, lane)
local mine = redis.call('HMGET', name, 'owner', 'fence', 'botSlug')
if mine[1] ~= me or mine[2] ~= fence then return {'lost'} end
local bot = mine[3] or ''
local POISON = 8  -- attempts after which a message that alone is refused is given up

-- Behind a goodbye that nobody takes, the bot must not wait for its user for ever; and the other way round.
local function state_first()
  local head = redis.call('LINDEX', list, 0)
  local _, _, item = parts(head)
  if string.find(item, '^%["state"') then
    if redis.call('LLEN', list) == 1 then return end
    redis.call('LPOP', list)
    redis.call('RPUSH', list, head)
    redis.call('HDEL', name, 'attempts:' .. lane, 'retry:' .. lane, 'failing:' .. lane)
    return
  end
  for _, entry in ipairs(redis.call('LRANGE', list, 1, -1)) do
    local number, _, waiting = parts(entry)
    if string.find(waiting, '^%["state"') then
      redis.call('LREM', list, 1, entry)
      redis.call('LPUSH', list, entry)
      redis.call('HDEL', name, 'attempts:' .. lane, 'retry:' .. lane, 'failing:' .. lane)
      checkpoint(id, number, 'brought forward', at, 'what stands before it is not taken')
      return true
    end
  end
end

local function dead(settled, item, why)
  give_up(id, lane, settled.number, item, why, at)
  pop(id, lane)
  if redis.call('HGET', name, 'firstNumber') == settled.number then redis.call('HDEL', name, 'firstNumber') end
  tell_sender(id, lane, settled.told, at)
  tell_bot(id, settled.to_bot, at)
  return true
end

-- One more attempt that this cause made vain; gives how many it has made vain by now.
local function attempted(settled)
  local attempts = settled.attempts ~= '' and cjson.decode(settled.attempts) or {}
  attempts[settled.cause] = (attempts[settled.cause] or 0) + 1
  redis.call('HSET', name, 'attempts:' .. lane, cjson.encode(attempts))
  return attempts[settled.cause]
end

local function retry(settled, item)
  count('retries:' .. lane)
  redis.call('HSETNX', name, 'failing:' .. lane, at)
  local since = tonumber(redis.call('HGET', name, 'failing:' .. lane))
  local taken = tonumber(redis.call('HGET', key('shore', lane, bot), 'takenAt') or '0')
  local asked, pause = settled.whose == 'asked', tonumber(settled.argument)
  local tries = attempted(settled)
  if settled.whose ~= 'message' then
    shore_refused(lane, bot, id, at, settled.why, asked and pause or nil)
  end
  if settled.delivery_limit > 0 and at - since >= settled.delivery_limit then
    return dead(settled, item, 'not taken for too long: ' .. settled.why)
  end
  if settled.whose == 'shore' and lane ~= 'bot' and tries >= POISON and taken > since then
    return dead(settled, item, 'refused alone, while others were taken: ' .. settled.why)
  end
  redis.call('HSET', name, 'retry:' .. lane, string.format('%.0f', at + pause))
  if lane == 'integration' and not settled.silent then redis.call('HDEL', name, 'inHand') end
  if lane == 'integration' and settled.goodbye_limit > 0 and at - since >= settled.goodbye_limit
    and final(redis.call('HGET', name, 'status')) then state_first() end
end

-- States and files go to another server than the words of the same lane.
local function elsewhere(entry)
  local _, _, item = parts(entry)
  return string.find(item, '^%["state"') or (lane == 'salesforce' and string.find(item, '^%["file"'))
end

local head = redis.call('LINDEX', list, 0)

local SETTLE = {  -- each returns whether the item has left the lane
  retry = retry,
  dead = function(settled, item) return dead(settled, item, settled.argument) end,
  rebind = function(settled)
    redis.call('HSET', name, 'boundSequence', settled.argument, 'sequence', settled.argument, 'unsent', '1')
    attempted(settled)
  end,
  delivered = function(settled)
    if not elsewhere(head) then shore_took(lane, bot, at) end
    pop(id, lane)
    checkpoint(id, settled.number, 'delivered', at)
    count('delivered:' .. lane)
    if settled.named then named_by_desk(id, settled.number, settled.named) end
    if settled.sent_as then note_sent(id, settled.sent_as, settled.number, at - settled.took, settled.quotable) end
    return true
  end,
  replaced = function(settled)
    pop(id, lane)
    checkpoint(id, settled.number, 'replaced', at, settled.argument)
    return true
  end,
}

-- What leaves the item at the head can be told from its own repeat only by what it did before.
local function repeated(settled)
  local stays = settled.outcome == 'retry' or settled.outcome == 'rebind'
  return stays and (redis.call('HGET', name, 'attempts:' .. lane) or '') ~= settled.attempts
end

-- The chat ended while this one was on the wire: now it is known whether it arrived.
local function settle_uncertain(settled)
  local letter = redis.call('HGET', name, 'uncertain')
  local number, dead_id = string.match(letter or '', '^(%d+) (.*)$')
  if number ~= settled.number then return end
  redis.call('HDEL', name, 'uncertain', 'ifLost')
  if settled.outcome == 'delivered' then
    take_letter(dead_id, bot)
    checkpoint(id, number, 'delivered', at, 'as the chat ended')
  else
    tell_sender(id, lane, settled.told, at)
  end
end

if ARGV[5] ~= '' then
  if lane == 'salesforce' then redis.call('HDEL', name, 'flying') end
  local settled = cjson.decode(ARGV[5])
  local number, _, item
  if head then number, _, item = parts(head) end
  if number == settled.number and not repeated(settled) then
    local refused = settled.outcome == 'retry' and settled.whose == 'message'
    if (refused or settled.outcome == 'dead' or settled.outcome == 'rebind') and not elsewhere(head) then
      shore_answered(lane, bot)
    end
    if SETTLE[settled.outcome](settled, item) and settled.change then
      apply(id, settled.change, at)
      arm(id, lane == 'salesforce' and 'integration' or 'salesforce', at)
    end
    head = redis.call('LINDEX', list, 0)
    if lane == 'integration' and not head and redis.call('EXISTS', key('lane', id, 'bot')) == 1 then
      arm(id, 'bot', at)  -- its last word may wait for this
    end
  elseif number ~= settled.number then
    settle_uncertain(settled)  -- or it was settled already, and the answer lost
  end
end

local shows, shown = lane == 'integration' and tonumber(ARGV[9] or '0') or 0, false

-- ms for which one that may have been taken still waits to be shown. Whoever had it in hand died, or heard no answer.
local function in_doubt()
  local number = parts(head)
  local h = redis.call('HMGET', name, 'inHand', 'inHandAt', 'inHandTicket', 'shown')
  shown = h[4] == number
  if shown or h[1] ~= number or h[3] == ARGV[8] then return 0 end
  return math.max(0, tonumber(h[2]) + shows - at)
end

local stands  -- how the lane stands, as it was read last

-- ms until the head may go; -1: there is none, or the lane is held. Second: the pace that it waits for, if it does.
local function until_head_goes()
  local limits = ARGV[6] ~= '' and cjson.decode(ARGV[6]) or {}
  stands = lane_state(id, lane)
  local goes, since = head_goes(id, lane, stands, head)
  local wait, tries_for_all, scope = goes and math.max(0, goes - at) or -1, false, nil
  -- One that may go as it is has its place on the lists from whoever put it there.
  if ARGV[5] ~= '' or wait ~= 0 then list_lane(id, lane, stands, goes, since) end
  if wait == 0 and shows > 0 then wait = in_doubt() end
  if wait ~= 0 or elsewhere(head) or shown then
    give_turns_back(limits, id)
    return wait
  end
  wait, tries_for_all = shore_wait(lane, bot, id, at)
  if wait == 0 then wait, scope = pace(limits, id, at, ARGV[8]) end
  if wait == 0 and tries_for_all then shore_probed(lane, bot, id, at) end
  return wait, scope
end

-- ms for which a goodbye may still hold up the bot's state, though nobody even tries it: its shore is spared.
local function patience_with_goodbye()
  local limit = tonumber(ARGV[7])
  local h = redis.call('HMGET', name, 'status', 'endedAt')
  if lane ~= 'integration' or limit == 0 or not final(h[1]) or elsewhere(head) then return nil end
  local taken = redis.call('HGET', key('shore', lane, bot), 'takenAt')
  return math.max(tonumber(h[2]), tonumber(taken or '0')) + limit - at
end

local wait, scope = until_head_goes()
local patience = wait > 0 and not scope and patience_with_goodbye()
if patience and patience > 0 then
  wait = math.min(wait, patience)
elseif patience and state_first() then
  head = redis.call('LINDEX', list, 0)
  wait = until_head_goes()
end
local status = stands.status
if wait < 0 then return {'empty', final(status) and retire(id) or 0, status} end
if wait > 0 then
  redis.call('ZADD', key('due', lane, me), at + wait, id)
  return {'wait', wait, status}
end

local number, due, item = parts(head)
local sequence, again = '', 0
if lane == 'salesforce' and string.find(item, '^%["file"') then
  -- No number of Live Agent's: what is said of it gets one of its own. It is remembered that it was in hand.
  local h = redis.call('HMGET', name, 'fileInHand', 'takenTicket')
  redis.call('HSET', name, 'flying', number)
  if h[1] ~= number then
    redis.call('HSET', name, 'fileInHand', number, 'takenTicket', ARGV[8])
  elseif h[2] ~= ARGV[8] then
    again = 1
  end
elseif lane == 'salesforce' then
  local bound = redis.call('HMGET', name, 'boundNumber', 'boundSequence', 'unsent', 'takenTicket')
  if bound[1] ~= number then
    sequence = tostring(redis.call('HINCRBY', name, 'sequence', 1))
    redis.call('HSET', name, 'boundNumber', number, 'boundSequence', sequence, 'takenTicket', ARGV[8], 'flying', number)
  else
    sequence = bound[2]
    redis.call('HSET', name, 'flying', number)
    if bound[3] then  -- under this number it is the first time
      redis.call('HDEL', name, 'unsent')
      redis.call('HSET', name, 'takenTicket', ARGV[8])
    elseif bound[4] ~= ARGV[8] then
      again = 1
    end
  end
end
if shows > 0 and not shown and not elsewhere(head) then
  local h = redis.call('HMGET', name, 'inHand', 'inHandTicket')
  if h[1] == number and h[2] ~= ARGV[8] then
    again = 1
    count('sent again in doubt')
  end
  redis.call('HSET', name, 'inHand', number, 'inHandTicket', ARGV[8], 'inHandAt', at)
end
local first, since = 0, tonumber(due)
if lane == 'salesforce' then
  since = math.max(since, tonumber(redis.call('HGET', name, 'acceptedAt') or '0'))
  if stands.at_once and not string.find(item, '^%["end"') then
    redis.call('HSETNX', name, 'firstNumber', number)
    first = redis.call('HGET', name, 'firstNumber') == number and 1 or 0
  end
end
local h = redis.call('HMGET', name, 'attempts:' .. lane, 'answers')
return {'item', number, item, sequence, h[1] or '', math.max(0, at - since), status, again, first,
  shown and redis.call('HGET', name, 'shownAs') or '',
  lane == 'integration' and h[2] and quoted_by(id, number) or ''}
