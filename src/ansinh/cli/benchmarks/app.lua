-- Load for wrk: uniform citizens, each pulling what is their own through one app. Arguments: file of tokens, number of persons, addresses joined by commas, seed.
-- Heads are made once, so that the generator spends as little as possible of the processors it shares with what is measured.
local heads = {}
local persons = 0
local random, format = math.random, string.format
local shape = '{"key":"%s","purpose":"own_record","on_behalf_of":"%s"}'

function init(args)
  local body = format(shape, format("%012d", 0), format("%012d", 0))
  for line in io.lines(args[1]) do
    for path in args[3]:gmatch("[^,]+") do
      heads[#heads + 1] = "POST " .. path .. " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " .. line
        .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n"
    end
  end
  persons = tonumber(args[2])
  math.randomseed(tonumber(args[4]))
end

function request()
  local pin = format("%012d", 1000000000 + random(persons) * 7919)
  return heads[random(#heads)] .. format(shape, pin, pin)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
