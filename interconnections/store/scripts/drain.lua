-- A worker gives its conversations to the others and takes no more, until it is let again or stops.
-- ARGV: worker, '1' or '0', ticket
-- -> {'no such'} it does not live | {'last'} nobody else would carry them | {'full'} nobody has room for them | {'twice'} it was so already | {'done'}
local worker, drains, ticket = ARGV[1], ARGV[2] == '1', ARGV[3]
local name, at = key('draining'), now()
if tonumber(redis.call('ZSCORE', key('workers'), worker) or '0') < at then return {'no such'} end
local was = redis.call('HGET', name, worker)
if was == (drains and ticket or '-' .. ticket) then return {'done'} end  -- our first answer was lost
if is_draining(worker) == drains then return {'twice'} end
if drains then
  local others, room = 0, 0
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', key('workers'), at, '+inf')) do
    if other ~= worker and is_staying(other) then
      others, room = others + 1, room + room_of(other, redis.call('SCARD', key('owned', other)))
    end
  end
  if others == 0 then return {'last'} end
  if room < redis.call('SCARD', key('owned', worker)) then return {'full'} end
end
redis.call('HSET', name, worker, drains and ticket or '-' .. ticket)
changed()
return {'done'}
