-- Submits files of several facilities at the native door, each file once: a comment with a number before the root makes its bytes its own.
-- Arguments: folder with 1.xml, 1.token ..., how many of them, where numbers begin, connections.
local files, tokens, count, number = {}, {}, 0, 0
local broken = 0

local function whole(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

function init(arguments)
    count = tonumber(arguments[2])
    number = tonumber(arguments[3])
    for n = 1, count do
        files[n] = whole(arguments[1] .. "/" .. n .. ".xml")
        tokens[n] = whole(arguments[1] .. "/" .. n .. ".token")
    end
end

function request()
    number = number + 1
    local n = number % count + 1
    local headers = {["content-type"] = "application/xml", ["authorization"] = "Bearer " .. tokens[n]}
    return wrk.format("POST", "/v1/submissions", headers, string.format("<!--%012d-->", number) .. files[n])
end

function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f}\n',
        summary.requests, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
