-- The named fields of conversations. ARGV: how many fields, the fields, then ids
-- -> {{value of each field, nil where it is missing}, ...}
local many = tonumber(ARGV[1])
local fields, found = {unpack(ARGV, 2, many + 1)}, {}
for i = many + 2, #ARGV do found[#found + 1] = redis.call('HMGET', key('hash', ARGV[i]), unpack(fields)) end
return found
