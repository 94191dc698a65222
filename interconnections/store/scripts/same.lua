-- These ids are one person's, and so are those that each of them was known with. ARGV: bot, id, ... -> {'done'}
one_person(ARGV[1], {unpack(ARGV, 2)})
return {'done'}
