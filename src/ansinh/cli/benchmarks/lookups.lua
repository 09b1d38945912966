-- Load for wrk: uniform keys, uniform facility tokens. Arguments: file of tokens, number of cards, seed.
-- Heads are made once, so that the generator spends as little as possible of the processors it shares with what is measured.
local heads = {}
local cards = 0
local random, format = math.random, string.format

function init(args)
  local body = format('{"key":"%012d","purpose":"treatment","officer":"001090123456"}', 0)
  for line in io.lines(args[1]) do
    heads[#heads + 1] = "POST /v1/standing HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " .. line
      .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n"
  end
  cards = tonumber(args[2])
  math.randomseed(tonumber(args[3]))
end

function request()
  local pin = 1000000000 + random(cards) * 7919
  return heads[random(#heads)] .. format('{"key":"%012d","purpose":"treatment","officer":"001090123456"}', pin)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
