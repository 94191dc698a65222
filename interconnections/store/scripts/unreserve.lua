-- Give a reservation back that led nowhere. ARGV: bot, user, token
local bot, user, token = unpack(ARGV)
if redis.call('GET', key('reserved', bot, user)) == token then redis.call('DEL', key('reserved', bot, user)) end
return 1
