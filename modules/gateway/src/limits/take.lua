-- Takes one of each bucket in turn, up to the first that has none.
-- ARGV[1]: the time in microseconds, or 0 for that of this server. Then for each key its interval and its depth.
-- Answers for each that was asked: whether it was let in, and the backlog after it.
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local answers = {}
for i, key in ipairs(KEYS) do
  local interval, depth = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local full_at = tonumber(redis.call('GET', key) or '0')
  -- A clock that was set back, or a setting that was made smaller, shuts nobody out for longer than a window.
  local backlog = math.min(math.max(full_at - now, 0), depth)
  if backlog + interval > depth then
    answers[#answers + 1] = 0
    answers[#answers + 1] = backlog
    break
  end
  backlog = backlog + interval
  -- Ten seconds longer than it says anything.
  redis.call('SET', key, string.format('%.0f', now + backlog), 'PX', math.ceil(backlog / 1000) + 10000)
  answers[#answers + 1] = 1
  answers[#answers + 1] = backlog
end
return answers
