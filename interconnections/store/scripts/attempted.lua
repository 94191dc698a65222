-- What became of a try: it was no failure, and is counted no more.
-- ARGV: token, the marker of name and address, ms for which the marker is kept (0: the password was not looked at),
--       then whom the try was counted for, name and address first
if ARGV[3] ~= '0' then
  redis.call('SET', key('login', ARGV[2]), '1', 'PX', ARGV[3])
  redis.call('DEL', key('attempts', ARGV[4]))
end
for i = 4, #ARGV do redis.call('ZREM', key('attempts', ARGV[i]), ARGV[1]) end
return 1
