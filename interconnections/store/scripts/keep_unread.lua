-- A part of a webhook that nobody can read, kept once as a dead letter of its own kind: it was on its way to nobody.
-- ARGV: bot, mark of the part, dedupe ttl s, most within an hour, lane, item (JSON), why
-- -> {'kept'} | {'repeat'} | {'enough'}
local bot, mark, dedupe_ttl, most, lane, item, why = unpack(ARGV)
local seen, counted = key('seen', bot, mark), key('unread webhooks', bot)
if redis.call('EXISTS', seen) == 1 then
  count('duplicates suppressed')
  return {'repeat'}
end
local number = redis.call('INCR', counted)
if number == 1 then redis.call('EXPIRE', counted, 3600) end
if number > tonumber(most) then return {'enough'} end
redis.call('SET', seen, 'unread', 'EX', dedupe_ttl)
redis.call('XADD', key('dead'), 'MAXLEN', '~', 100000, '*', 'id', '', 'session', '', 'lane', lane, 'number', '',
  'item', item, 'why', why, 'at', now())
return {'kept'}
