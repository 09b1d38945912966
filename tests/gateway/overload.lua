-- Asks about persons at random and looks at each answer: arguments are the token, how many people there are, and a folder for the answers' audit numbers.
-- At most 64 threads. Prints RESULT and an object of counts.
local threads = {}

function setup(thread)
   thread:set("number", #threads)
   threads[#threads + 1] = thread
end

function init(arguments)
   people = tonumber(arguments[2])
   math.randomseed(number + 1)
   headers = { ["Authorization"] = "Bearer " .. arguments[1], ["Content-Type"] = "application/json" }
   answers = io.open(string.format("%s/answers-%d", arguments[3], number), "w")
   answered, refused, wrong, silent, other = 0, 0, 0, 0, 0
end

function request()
   local body = string.format('{"key":"001%09d","purpose":"treatment","officer":"BS-17"}', math.random(people))
   return wrk.format("POST", "/v1/standing", headers, body)
end

function response(status, heads, body)
   if status == 200 then
      local asked = body:match('"asked":{"key":"(%d+)"')
      local told = body:match('"pin":"(%d+)"')
      local audit = body:match('"audit_id":"(%d+)"')
      if asked and asked == told and audit then
         answered = answered + 1
         answers:write(told, " ", audit, "\n")
      else
         wrong = wrong + 1
      end
   elseif status == 503 then
      refused = refused + 1
      if not (heads["retry-after"] or heads["Retry-After"]) then silent = silent + 1 end
   else
      other = other + 1
   end
end

function done(summary, latency)
   local sums = {}
   for _, name in ipairs({ "answered", "refused", "wrong", "silent", "other" }) do
      sums[name] = 0
      for _, thread in ipairs(threads) do sums[name] = sums[name] + thread:get(name) end
   end
   local cut = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
   print(string.format(
      'RESULT {"answered":%d,"refused":%d,"wrong":%d,"silent":%d,"other":%d,"cut":%d,"seconds":%.3f}',
      sums.answered, sums.refused, sums.wrong, sums.silent, sums.other, cut, summary.duration / 1e6))
end
