-- Load for wrk: uniform keys, uniform facilities. Arguments: file of queries with credentials, number of cards, seed.
-- Heads are made once; bodies differ in length, so the head ends with the length.
local heads = {}
local cards = 0
local random, format, floor = math.random, string.format, math.floor
local first = { [0] = "Nguyễn Thị", "Trần Văn", "Lê Hoàng", "Phạm Thị Quỳnh" }
local last = { [0] = "Như", "Đức", "Hạnh", "Ứng" }

function init(args)
  for line in io.lines(args[1]) do
    heads[#heads + 1] = "POST /api/egw/KQNhanLichSuKCB2024?" .. line
      .. " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
  end
  cards = tonumber(args[2])
  math.randomseed(tonumber(args[3]))
end

local shape = '{"maThe":"%012d","hoTen":"%s %s","ngaySinh":"%02d/%02d/%04d","hoTenCb":"Trần Thị Hòa","cccdCb":"001090123456"}'

function request()
  local n = random(cards)
  local body = format(shape, 1000000000 + n * 7919, first[n % 4], last[floor(n / 4) % 4], 1 + n % 28, 1 + n % 12, 1950 + n % 70)
  return heads[random(#heads)] .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
