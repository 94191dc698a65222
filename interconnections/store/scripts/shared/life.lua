-- The row of an interconnection and its life: the index, who may be freed, and a Change as one step.

local function cells(status, provider, bot)
  local all = {}
  for _, s in ipairs({status, '*'}) do
    for _, p in ipairs({provider, '*'}) do
      for _, b in ipairs({bot, '*'}) do all[#all + 1] = key('index', s, p, b) end
    end
  end
  return all
end

local function index(id, h, status, at)
  for _, cell in ipairs(cells(status, h.provider, h.bot)) do redis.call('ZADD', cell, at, id) end
end

local function unindex(id, h, status)
  for _, cell in ipairs(cells(status, h.provider, h.bot)) do redis.call('ZREM', cell, id) end
end

-- The user may open a new chat from here on; compare first, a newer one may be open already.
local function free_user(id, bot, user)
  local name = key('user', bot, user)
  if redis.call('GET', name) == id then redis.call('DEL', name) end
end

-- Nobody's any more: off its owner's lists, and wanted by whoever claims next, unless nobody need have it.
local function disown(id, owner, at)
  if owner and owner ~= '' then
    redis.call('SREM', key('owned', owner), id)
    for _, lane in ipairs(LANES) do redis.call('ZREM', key('due', lane, owner), id) end
  end
  redis.call('HSET', key('hash', id), 'owner', '')
  if at then redis.call('ZADD', key('free'), at, id) else redis.call('ZREM', key('free'), id) end
end

-- Does anything wait in one of its lanes?
local function waits_in_a_lane(id)
  local names = {}
  for i, lane in ipairs(LANES) do names[i] = key('lane', id, lane) end
  return redis.call('EXISTS', unpack(names)) > 0
end

-- Over, all lanes empty, and nothing on the wire: nobody needs to own it any more. Returns 1 when it is so.
local function retire(id)
  local h = redis.call('HMGET', key('hash', id), 'status', 'owner', 'uncertain')
  if not final(h[1]) or h[3] then return 0 end
  if waits_in_a_lane(id) then return 0 end
  if h[2] and h[2] ~= '' then  -- little is written from here on, and it stays for weeks
    tighten(key('messages', id))
    tighten(key('events', id))
  end
  disown(id, h[2])
  return 1
end

-- What happened, for a bot that is told of its chats: with the moment, and what the conversation says now, so that
-- whoever tells it later, and again, tells the same. events: BotEvents (bot_events.py)
local function tell_bot(id, events, at)
  if #events == 0 then return end
  local h = redis.call('HMGET', key('hash', id), 'agentName', 'reason', 'caseId')
  local items = {}
  for i, event in ipairs(events) do
    local reason = event.reason ~= '' and event.reason or h[2] or ''
    local happened = {event.state, reason, h[3] or '', at, event.patience}
    items[i] = {event.delay, cjson.encode({'event', 'bridge', event.type, h[1] or '', happened})}
  end
  push(id, 'bot', items, at)
  arm(id, 'bot', at)
end

-- Does an agent say something in it?
local function answers(to_user)
  for _, item in ipairs(to_user) do
    if said_by(item[2], 'agent') then return true end
  end
end

-- Apply a Change (items.py) as one: {to, from = {status = true}, reason, fields, secrets (sealed) or none,
-- first_to_agent, to_user, said_as, answers, to_bot, if_lost, retention, day}; what says nothing is not there.
-- The caller arms both lanes after its last one.
-- Returns the number of the first of `to_user` (0: there is none); false when its move is not allowed from the present
-- status: somebody got there first.
local function apply(id, change, at)
  local name = key('hash', id)
  local h = redis.call('HMGET', name, 'status', 'provider', 'botSlug', 'userId', 'openedAt', 'leaving',
    'leavingReason', 'acceptedAt', 'answeredAt', 'unansweredSince')
  if change.to and not change.from[h[1]] then return false end
  if change.unless_leaving and h[6] == '1' then return false end
  local to_user, to_agent = change.to_user or {}, change.first_to_agent or {}
  if change.arrived then
    local head = redis.call('LINDEX', key('lane', id, 'salesforce'), 0)
    if head and parts(head) == change.arrived then
      pop(id, 'salesforce', true)
      checkpoint(id, change.arrived, 'delivered', at, 'seen after the hand-over')
      count('delivered:salesforce')
    end
  end
  for _, number in ipairs(change.sent_again or {}) do
    checkpoint(id, number, 'sent again', at, 'missing after the hand-over')
    count('sent again')
  end
  if not final(h[1]) then
    for _, mark in ipairs(change.agent_said or {}) do redis.call('RPUSH', key('agent', id), mark) end
  end
  local sums, accepted = {}, tonumber(h[8] or change.fields.acceptedAt)
  if answers(to_user) then
    local said = {'agentSaidAt', at}
    if h[10] then
      redis.call('HDEL', name, 'unansweredSince')
      redis.call('ZREM', key('unanswered', h[3]), id)
    end
    if not h[9] and not final(h[1]) then
      said = {'agentSaidAt', at, 'answeredAt', at}
      if accepted then took(sums, 'firstResponse', at - accepted) end
    end
    redis.call('HSET', name, unpack(said))
  end
  set_fields(name, change.fields)
  if change.secrets and not final(h[1]) then
    set_fields(key('tokens', id), change.secrets)
  end
  -- What a new server misses was said before anything that stands there; all else lets go what is on its way.
  push(id, 'salesforce', to_agent, at, true, #to_agent > 0 and not change.sent_again and head_that_went(id) or nil)
  if final(h[1]) and #to_agent > 0 then
    bury(id, 'salesforce', redis.call('HGET', name, 'reason') or '', at)  -- nobody is there to read it
  end
  if change.to then
    local cell = {provider = h[2], bot = h[3]}
    unindex(id, cell, h[1])
    index(id, cell, change.to, h[5])
    redis.call('HSET', name, 'status', change.to)
    count('became:' .. change.to)
    local reason = h[6] == '1' and h[7] or change.reason
    note_move(sums, h[3], h[1], change.to, reason, tonumber(h[5]), accepted, at)
    if final(change.to) then
      redis.call('HSET', name, 'reason', reason, 'endedAt', at)
      local lost, doubted = bury(id, 'salesforce', reason, at)
      lost = lost + tonumber(redis.call('HGET', name, 'unread') or '0')  -- buried as the end was ordered
      if lost > 0 then
        tell_sender(id, 'salesforce', change.if_lost, at)
      elseif doubted and #change.if_lost > 0 then
        redis.call('HSET', name, 'ifLost', cjson.encode(change.if_lost))
      end
      redis.call('DEL', key('tokens', id), key('agent', id), key('origins', id), key('receipts', id))
      redis.call('ZREM', key('starting'), id)
      free_user(id, h[3], h[4])
      redis.call('ZADD', key('over'), at + (redis.call('HGET', name, 'keptFor') or change.retention), id)
      redis.call('PEXPIRE', key('quotes', id), 3600000)  -- for what is still to be said
      redis.call('PEXPIRE', key('entries', id), 3600000)  -- for as long as an answer of ours may be repeated
    end
  end
  local first = push(id, 'integration', to_user, at)
  if change.said_as and not final(redis.call('HGET', name, 'status')) then
    redis.call('HSET', key('origins', id), redis.call('HGET', name, 'numMessage'), change.said_as)  -- its last piece
    if first then named_by_desk(id, first, change.said_as) end
  end
  if first and change.answers then answers_to(id, first, change.answers) end
  if change.to_bot then tell_bot(id, change.to_bot, at) end
  add_to_day(change.day or '', h[3], sums)
  if change.to or change.fields.waitingAgain then stand(id) end
  changed()
  return tonumber(first) or 0
end

-- Order the end from our side: an item of its own in the lane, so that it is tried again like any other.
-- The user is free at once. Behind an agent it goes after what the user said; in the queue nobody will read that.
-- Returns what the caller answers: {'over', status} | {'leaving'} | {'ordered', sessionId, channel ('' = nobody owns it)}
local function order_end(id, reason, item, at, ticket)
  local name = key('hash', id)
  local h = redis.call('HMGET', name, 'status', 'leaving', 'sessionId', 'salesforceMessageChannel', 'owner',
    'botSlug', 'userId', 'leaveTicket', 'waits')
  local ordered = {'ordered', h[3], h[5] ~= '' and h[4] or ''}
  if ticket and h[8] == ticket then return ordered end  -- our first answer was lost
  if final(h[1]) then return {'over', h[1]} end
  if h[2] == '1' then return {'leaving'} end
  if h[1] == 'OnHold' and h[9] ~= '0' then
    local lost = bury(id, 'salesforce', reason, at)
    if lost > 0 then redis.call('HSET', name, 'unread', lost) end
  end
  redis.call('HSET', name, 'leaving', '1', 'leavingReason', reason, 'leaveTicket', ticket or '')
  push(id, 'salesforce', {{0, item}}, at)
  arm(id, 'salesforce', at)
  stand(id)
  free_user(id, h[6], h[7])
  changed()
  return ordered
end
