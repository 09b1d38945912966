-- Load for wrk: uniform keys, uniform facility tokens. Arguments: file of tokens, number of cards, seed.
local tokens = {}
local cards = 0

function init(args)
  for line in io.lines(args[1]) do tokens[#tokens + 1] = "Bearer " .. line end
  cards = tonumber(args[2])
  math.randomseed(tonumber(args[3]))
end

local headers = { ["Content-Type"] = "application/json" }

function request()
  headers["Authorization"] = tokens[math.random(#tokens)]
  local pin = 1000000000 + math.random(cards) * 7919
  return wrk.format("POST", "/v1/standing", headers, string.format('{"key":"%012d","purpose":"treatment","officer":"001090123456"}', pin))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
