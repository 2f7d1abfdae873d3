-- Any of 2,020 templates, from each connection some 20 times a second: 50 connections make 1,000 requests a second.
local seeded = false
request = function()
    if not seeded then math.randomseed(os.time()) seeded = true end
    return wrk.format("GET", string.format("/templates/T-%04d", math.random(1, 2020)))
end
delay = function() return math.random(35, 60) end
