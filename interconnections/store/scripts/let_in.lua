-- A user may reach agents again, under whichever of their ids; also one of whom no conversation is kept any more.
-- ARGV: bot, user -> {'done'}
local bot, user = unpack(ARGV)
for _, id in ipairs(one_person(bot, {user})) do
  redis.call('DEL', key('blocked', bot, id))
  redis.call('ZREM', key('blocks'), bot .. ':' .. id)
end
changed()
return {'done'}
