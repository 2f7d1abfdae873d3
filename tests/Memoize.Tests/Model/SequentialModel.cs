namespace Memoize.Tests.Model;

/// <summary>
/// What a cache is supposed to do, one step after the other, written down without a thread, a lock or a task: the truth that the
/// real one is compared with.
/// </summary>
internal sealed class SequentialModel(double ttl)
{
    private readonly Dictionary<int, (string Value, double Deadline)> entries = [];
    private readonly Dictionary<int, Load> table = [];
    private double now;

    public List<Load> Loads { get; } = [];

    public List<Caller> Callers { get; } = [];

    /// <summary>The writes under way, and the keys to which something was done since each began.</summary>
    public List<HashSet<int>> Updates { get; } = [];

    public CacheStatistics Statistics { get; private set; }

    public IEnumerable<Load> Running => Loads.Where(load => !load.HasEnded);

    public IEnumerable<Caller> CanLeave => Callers.Where(caller => caller is { HasToken: true, HasLeft: false, Outcome: null });

    public sealed class Load(int key, bool isRefresh, Caller starter)
    {
        public int Key => key;

        public bool IsRefresh => isRefresh;

        public Caller Starter => starter;

        public bool IsDetached, IsAbandoned, HasEnded;
    }

    public sealed class Caller(bool hasToken, bool blocks)
    {
        public bool HasToken => hasToken;

        public bool Blocks => blocks;

        public Load? WaitsFor;
        public bool HasLeft;

        /// <summary>A value, "failed" or "cancelled"; null while the caller waits.</summary>
        public string? Outcome;
    }

    public string? Peek(int key) => entries.TryGetValue(key, out var entry) && now < entry.Deadline ? entry.Value : null;

    public Caller Call(Operation operation)
    {
        var refresh = operation.Act == Act.Refresh;
        var caller = new Caller(operation.HasToken, operation.Blocks);
        Callers.Add(caller);
        if (!refresh && Peek(operation.Key) is { } hit)
        {
            caller.Outcome = hit;
            Statistics += new CacheStatistics { Hits = 1 };
            return caller;
        }

        if (!refresh)
            Statistics += new CacheStatistics { Misses = 1 };
        if (table.TryGetValue(operation.Key, out var load) && refresh && !load.IsRefresh)
        {
            Detach(operation.Key);
            load = null;
        }

        if (load is null)
        {
            load = new(operation.Key, refresh, caller);
            Loads.Add(load);
            table[operation.Key] = load;
            Statistics += new CacheStatistics { Loads = 1 };
        }

        caller.WaitsFor = load;
        return caller;
    }

    public void End(Load load, bool fails)
    {
        var value = ValueOf(load);
        load.HasEnded = true;
        if (load.IsAbandoned)
            Statistics += new CacheStatistics { NotStoredCancelled = 1 };
        else if (fails)
            Statistics += new CacheStatistics { LoadFailures = 1 };
        else if (load.IsDetached)
            Statistics += new CacheStatistics { NotStoredEvicted = 1 };
        else
            entries[load.Key] = (value, now + ttl);
        if (!load.IsDetached)
            table.Remove(load.Key);

        foreach (var caller in Callers.Where(caller => caller.WaitsFor == load && caller.Outcome is null))
            caller.Outcome = caller.HasLeft ? "cancelled" : fails ? "failed" : value;
    }

    public void Cancel(Caller caller)
    {
        caller.HasLeft = true;

        // A thread that runs the load itself cannot go before the load has ended; all others go at once.
        if (!(caller.Blocks && caller.WaitsFor!.Starter == caller))
            caller.Outcome = "cancelled";
        if (Callers.Any(other => other.WaitsFor == caller.WaitsFor && !other.HasLeft))
            return;

        caller.WaitsFor!.IsAbandoned = true;
        if (!caller.WaitsFor.IsDetached)
            Detach(caller.WaitsFor.Key);
    }

    public bool Evict(int key)
    {
        Updates.ForEach(update => update.Add(key));
        Detach(key);
        var found = Peek(key) is not null;
        if (found)
            Statistics += new CacheStatistics { EvictionsByRequest = 1 };
        entries.Remove(key);
        return found;
    }

    public void Set(int key, string value)
    {
        Updates.ForEach(update => update.Add(key));
        Detach(key);
        entries[key] = (value, now + ttl);
    }

    public void Clear()
    {
        TouchAll();
        foreach (var key in table.Keys.ToArray())
            Detach(key);
        entries.Clear();
    }

    /// <summary>Every key has one tag: whether it is odd.</summary>
    public int EvictTag(int parity)
    {
        return new[] { 0, 1, 2 }.Where(key => key % 2 == parity % 2).Count(Evict);
    }

    public void BeginUpdate() => Updates.Add([]);

    /// <summary>A write ends: its result is kept unless something was done to the key since it began.</summary>
    public void EndUpdate(HashSet<int> update, int key, string value)
    {
        Updates.Remove(update);
        if (update.Contains(key))
            Evict(key);
        else
            Set(key, value);
    }

    private void TouchAll() => Updates.ForEach(update => update.UnionWith([0, 1, 2]));

    public void Wait(double seconds) => now += seconds;

    public string ValueOf(Load load) => $"value of load {Loads.IndexOf(load)}";

    private void Detach(int key)
    {
        if (table.Remove(key, out var load))
            load.IsDetached = true;
    }
}
