-- ARGV: token, name, ...
for i = 2, #ARGV do
  if redis.call('GET', key('lock', ARGV[i])) == ARGV[1] then redis.call('DEL', key('lock', ARGV[i])) end
end
return 1
