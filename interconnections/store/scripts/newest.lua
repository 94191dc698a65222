-- What may be on a page of the list: of each cell of the index, from the newest on.
-- Always by rank: an offset by score costs its length.  One cell's own ranks are the page's; of several, each gives
-- what can be on the page, from the moment on after which at most `start` rows come.
-- ARGV: start, stop ('' = all), low, high (ms, '' = open), keys of the cells
-- -> {how many rows of the slice were passed over, {id, score, id, score, ...}, ... for each cell}
local start, stop, low, high = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local cells = {unpack(ARGV, 5)}

local function text(score) return string.format('%.0f', score) end

local function after(moment)
  local found = 0
  for _, cell in ipairs(cells) do
    found = found + redis.call('ZCOUNT', cell, '(' .. text(moment), high and text(high) or '+inf')
  end
  return found
end

local border, passed = high, 0
if #cells > 1 and start > 0 then
  local below, found = span(cells, low and text(low) or '-inf', high and text(high) or '+inf')
  if below then
    below = below - 1
    while found - below > 1 do  -- some forty steps for years of milliseconds
      local middle = math.floor((below + found) / 2)
      if after(middle) <= start then found = middle else below = middle end
    end
    border, passed = found, after(found)
  end
end

local found = {passed}
for i, cell in ipairs(cells) do
  local skip = border and redis.call('ZCOUNT', cell, '(' .. text(border), '+inf') or 0
  local last = stop and skip + stop - passed - 1 or -1
  found[i + 1] = redis.call('ZRANGE', cell, text(#cells == 1 and skip + start or skip), text(last), 'REV', 'WITHSCORES')
end
return found
