-- Settle what was delivered, then take the next of the lane: one round trip a message.
-- The head's sequence number is bound to it here, durably, before it is sent, and never used for another.
-- ARGV: id, worker, fence, lane, settled (JSON or ''), then of the taking (shared/head.lua): limits (JSON or ''),
--   goodbye_limit, ticket, shows
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
--   aside, of what was delivered: elsewhere than in the chat
--   silent, of a retry: it may have been taken all the same
--   change: applied once the item is settled, whichever way it leaves the lane
-- -> {'lost'} | as take_head answers, and behind it {followed fields} where what was settled has a change
local id, me, fence, lane = unpack(ARGV)
local at, name, list = now(), key('hash', id), key('lane', id, lane)
local mine = redis.call('HMGET', name, 'owner', 'fence', 'botSlug', 'status', 'attempts:' .. lane, 'failing:' .. lane)
if mine[1] ~= me or mine[2] ~= fence then return {'lost'} end
local bot, status = mine[3] or '', mine[4]
local was_tried = mine[5] or mine[6]
local POISON = 8  -- attempts after which a message that alone is refused is given up

-- The desk was not sent it, so another one is the first that it is sent, and has to say so.
local function begins_nothing(number)
  if redis.call('HGET', name, 'firstNumber') == number then redis.call('HDEL', name, 'firstNumber') end
end

local function dead(settled, item, why)
  give_up(id, lane, settled.number, item, why, at)
  pop(id, lane, true)
  begins_nothing(settled.number)
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
  if settled.whose == 'shore' or asked then
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
    and final(redis.call('HGET', name, 'status')) then state_first(id, lane, at) end
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
    if not elsewhere(lane, head) then shore_took(lane, bot, at) end
    pop(id, lane, was_tried)
    checkpoint(id, settled.number, 'delivered', at)
    count('delivered:' .. lane)
    if settled.aside then begins_nothing(settled.number) end
    if settled.named then named_by_desk(id, settled.number, settled.named) end
    if settled.sent_as then note_sent(id, settled.sent_as, settled.number, at - settled.took, settled.quotable) end
    return true
  end,
  replaced = function(settled)
    pop(id, lane, was_tried)
    begins_nothing(settled.number)
    checkpoint(id, settled.number, 'replaced', at, settled.argument)
    return true
  end,
}

-- What leaves the item at the head can be told from its own repeat only by what it did before.
local function repeated(settled)
  local stays = settled.outcome == 'retry' or settled.outcome == 'rebind'
  return stays and (mine[5] or '') ~= settled.attempts
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

local changes = false
if ARGV[5] ~= '' then
  if lane == 'salesforce' then redis.call('HDEL', name, 'flying') end
  local settled = cjson.decode(ARGV[5])
  changes = settled.change
  local number, _, item
  if head then number, _, item = parts(head) end
  if number == settled.number and not repeated(settled) then
    local refused = settled.outcome == 'retry' and settled.whose == 'message'
    if (refused or settled.outcome == 'dead' or settled.outcome == 'rebind') and not elsewhere(lane, head) then
      shore_answered(lane, bot)
    end
    if SETTLE[settled.outcome](settled, item) and settled.change then
      apply(id, settled.change, at)
      status = redis.call('HGET', name, 'status')
      arm(id, lane == 'salesforce' and 'integration' or 'salesforce', at)
    end
    head = redis.call('LINDEX', list, 0)
    if lane == 'integration' and not head and final(status) and redis.call('EXISTS', key('lane', id, 'bot')) == 1 then
      arm(id, 'bot', at)  -- its last word may wait for this
    end
  elseif number ~= settled.number then
    settle_uncertain(settled)  -- or it was settled already, and the answer lost
  end
end

local answer = take_head({
  id = id, lane = lane, bot = bot, me = me, at = at, head = head, status = status, listed = ARGV[5] == '',
  limits = ARGV[6] ~= '' and cjson.decode(ARGV[6]) or {}, goodbye_limit = tonumber(ARGV[7]), ticket = ARGV[8],
  shows = lane == 'integration' and tonumber(ARGV[9]) or 0,
})
if changes then answer[#answer + 1] = followed(id) end  -- by this call, or by one of which the answer was lost
return answer
