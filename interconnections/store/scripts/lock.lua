-- All of these, or none. ARGV: token, ttl ms, name, ... -> 1 | 0 somebody else has one of them
for i = 3, #ARGV do
  local there = redis.call('GET', key('lock', ARGV[i]))
  if there and there ~= ARGV[1] then return 0 end
end
for i = 3, #ARGV do redis.call('SET', key('lock', ARGV[i]), ARGV[1], 'PX', ARGV[2]) end
return 1
