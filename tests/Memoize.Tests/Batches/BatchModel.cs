namespace Memoize.Tests.Batches;

/// <summary>
/// What must happen, told step by step and without a thread: who gets what, which loads start with which keys, what is remembered.
/// </summary>
internal sealed class BatchModel
{
    /// <summary>The key that no load of a batch ever finds.</summary>
    public const int Absent = 5;

    public Dictionary<int, string> Entries { get; } = [];

    public List<Load> Loads { get; } = [];

    public List<Caller> Callers { get; } = [];

    /// <summary>Keys whose load has ended, by what became of it.</summary>
    public (long Failed, long Cancelled, long Evicted, long Absent) Counts;

    private readonly Dictionary<int, Flight> flights = [];

    public sealed class Load(int id, bool isBatch)
    {
        public int Id => id;
        public bool IsBatch => isBatch;
        public List<Flight> Flights { get; } = [];
        public bool HasEnded { get; set; }
        public bool IsCancelled => Flights.TrueForAll(flight => flight.Callers.Count == 0);
    }

    public sealed class Flight(int key, Load load)
    {
        public int Key => key;
        public Load Load => load;
        public HashSet<Caller> Callers { get; } = [];
    }

    public sealed class Caller(bool isBatch, bool hasToken)
    {
        public bool IsBatch => isBatch;
        public bool HasToken => hasToken;
        public Dictionary<int, string> Found { get; } = [];
        public HashSet<Flight> Waits { get; } = [];
        public string? Failure { get; set; }
        public bool IsCancelled { get; set; }
        public bool HasEnded => IsCancelled || Waits.Count == 0;

        public string Outcome => !HasEnded ? "waits"
            : IsCancelled ? "cancelled"
            : Failure ?? string.Join(" ", Found.OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    public Caller Call(int[] keys, bool isBatch, bool hasToken)
    {
        var caller = new Caller(isBatch, hasToken);
        Callers.Add(caller);
        TakeTurns(caller, keys);
        return caller;
    }

    public void Complete(Load load)
    {
        load.HasEnded = true;
        foreach (var flight in load.Flights)
        {
            var isAbsent = load.IsBatch && flight.Key == Absent;
            var value = $"{flight.Key}@{load.Id}";
            if (flight.Callers.Count == 0)
                Counts.Cancelled++;
            else if (isAbsent)
                Counts.Absent++;
            else if (!IsCurrent(flight))
                Counts.Evicted++;
            else
                Entries[flight.Key] = value;
            Detach(flight);
            foreach (var caller in flight.Callers.ToList())
            {
                caller.Waits.Remove(flight);
                if (!isAbsent)
                    caller.Found[flight.Key] = value;
                else if (!caller.IsBatch)
                    TakeTurns(caller, [flight.Key]);
            }
        }
    }

    public void Fail(Load load)
    {
        load.HasEnded = true;
        foreach (var flight in load.Flights)
        {
            if (flight.Callers.Count == 0)
                Counts.Cancelled++;
            else
                Counts.Failed++;
            Detach(flight);
            foreach (var caller in flight.Callers)
            {
                caller.Waits.Remove(flight);
                caller.Failure = "failed";
            }
        }
    }

    public void Cancel(Caller caller)
    {
        caller.IsCancelled = true;
        foreach (var flight in caller.Waits)
        {
            flight.Callers.Remove(caller);
            if (flight.Callers.Count == 0)
                Detach(flight);
        }
    }

    public void Evict(int key)
    {
        Entries.Remove(key);
        flights.Remove(key);
    }

    public void Set(int key, string value)
    {
        flights.Remove(key);
        Entries[key] = value;
    }

    private void TakeTurns(Caller caller, int[] keys)
    {
        var load = new Load(Loads.Count, caller.IsBatch);
        foreach (var key in keys.Distinct())
        {
            if (Entries.TryGetValue(key, out var value))
            {
                caller.Found[key] = value;
                continue;
            }

            if (!flights.TryGetValue(key, out var flight))
            {
                flights[key] = flight = new(key, load);
                load.Flights.Add(flight);
            }

            flight.Callers.Add(caller);
            caller.Waits.Add(flight);
        }

        if (load.Flights.Count > 0)
            Loads.Add(load);
    }

    private bool IsCurrent(Flight flight) => flights.TryGetValue(flight.Key, out var current) && current == flight;

    private void Detach(Flight flight)
    {
        if (IsCurrent(flight))
            flights.Remove(flight.Key);
    }
}
