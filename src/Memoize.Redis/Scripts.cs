namespace Memoize.Redis;

/// <summary>
/// What is done in the server in one step. All keys of a script are in one slot; all times are the server's, so that the clocks of the
/// processes need not agree.
/// </summary>
internal static class Scripts
{
    /// <summary>
    /// Stores a value and ends the lease. KEYS: value, lease. ARGV: the lease that is needed or nothing, the value, its lifetime in
    /// milliseconds or 0, the window in milliseconds or -1 for a value without a header, the mark. Gives 0 if the lease is no longer good.
    /// </summary>
    internal const string Store = """
        if ARGV[1] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[1] then
          return 0
        end
        local value, life, window = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
        if window >= 0 then
          local ends = 0
          if window > 0 and life > 0 then
            local now = redis.call('TIME')
            ends = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000) + life
          end
          value = ARGV[5] .. string.format('%016.0f%016.0f', window, ends) .. value
          if window > 0 and (life == 0 or window < life) then
            life = window
          end
        end
        if life > 0 then
          redis.call('SET', KEYS[1], value, 'PX', string.format('%.0f', life))
        else
          redis.call('SET', KEYS[1], value)
        end
        redis.call('DEL', KEYS[2])
        return 1
        """;

    /// <summary>Moves the expiry of a sliding value, up to its absolute end. KEYS: value. ARGV: the mark.</summary>
    internal const string Slide = """
        local header = redis.call('GETRANGE', KEYS[1], 0, 39)
        if #header < 40 or string.sub(header, 1, 8) ~= ARGV[1] then
          return 0
        end
        local life, ends = tonumber(string.sub(header, 9, 24)), tonumber(string.sub(header, 25, 40))
        if life == 0 then
          return 0
        end
        if ends > 0 then
          local now = redis.call('TIME')
          local left = ends - tonumber(now[1]) * 1000 - math.floor(tonumber(now[2]) / 1000)
          if left < life then
            life = left
          end
        end
        return redis.call('PEXPIRE', KEYS[1], string.format('%.0f', life))
        """;

    /// <summary>
    /// Gives the value; if there is none, 1 if the lease is the caller's now, 0 if there is no memory for it, which is no error that every call would
    /// have to throw and catch, or a list with the one that somebody else has. KEYS: value, lease. ARGV: the lease, its duration in milliseconds.
    /// </summary>
    internal const string GetOrLease = """
        local value = redis.call('GET', KEYS[1])
        if value then
          return value
        end
        local taken = redis.pcall('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
        if taken and taken.err then
          return string.find(taken.err, 'OOM', 1, true) and 0 or taken
        end
        if taken then
          return 1
        end
        return {redis.call('GET', KEYS[2])}
        """;

    /// <summary>Ends a lease if it is still this one. KEYS: lease. ARGV: the lease.</summary>
    internal const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then
          return redis.call('DEL', KEYS[1])
        end
        return 0
        """;

    /// <summary>Begins the time of a lease anew if it is still this one. KEYS: lease. ARGV: the lease, its duration in milliseconds.</summary>
    internal const string Renew = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then
          return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        end
        return 0
        """;

    /// <summary>What a node of a cluster knows of all nodes. A script may ask that, while the library lets only administrators ask.</summary>
    internal const string Nodes = "return redis.call('CLUSTER', 'NODES')";

    /// <summary>
    /// The epoch of the shard of the node that is asked: another one whenever somebody has taken over there, be it the one that was there before.
    /// -1 where there is none.
    /// </summary>
    internal const string Epoch = """
        for row in string.gmatch(redis.call('CLUSTER', 'NODES'), '[^\n]+') do
          local epoch = string.match(row, '^%S+ %S+ %S*myself%S* %S+ %S+ %S+ (%d+)')
          if epoch then
            return tonumber(epoch)
          end
        end
        return -1
        """;
}
