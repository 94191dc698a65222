-- A supervisor says something to the user: at the end of the lane, once, however often their form is sent.
-- ARGV: id, ticket of the form, ticket of this call, seconds that the form is remembered, items (JSON)
-- -> {'no such'} | {'over'} it is, or is being ended | {'twice'} | {'said', sessionId, channel ('' = nobody owns it)}
local id, form, ticket, kept = unpack(ARGV)
local h = redis.call('HMGET', key('hash', id), 'sessionId', 'status', 'leaving', 'owner', 'botSlug')
if not h[1] then return {'no such'} end
local said = {'said', h[1], channel('integration', h[4])}
local mark = key('seen', h[5], 'say:' .. h[1] .. ':' .. form)
local before = redis.call('GET', mark)
if before then return before == ticket and said or {'twice'} end  -- equal: the answer to our first try was lost
if final(h[2]) or h[3] == '1' then return {'over'} end
local at = now()
redis.call('SET', mark, ticket, 'EX', kept)
push(id, 'integration', cjson.decode(ARGV[5]), at)
arm(id, 'integration', at)
changed()
return said
