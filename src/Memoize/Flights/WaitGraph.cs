namespace Memoize.Flights;

/// <summary>
/// Who waits for whom: an edge leads from a load to another that some caller within the first waits for. A wait that would close a
/// circle would never end, so it is refused.
/// </summary>
/// <remarks>
/// A new load waits for nobody, so only joining a load that is under way can close a circle, and only when the caller who joins is
/// itself within a load. Calls from outside never come here. The edge and the search before it are one step under one lock, so of
/// two waits that close a circle together, the second is refused.
/// </remarks>
internal static class WaitGraph
{
    private static readonly object Gate = new();

    /// <summary>Adds the edge from <paramref name="asker"/> to <paramref name="flight"/>, unless it would close a circle.</summary>
    /// <returns>Null, or the circle: from <paramref name="flight"/> to <paramref name="asker"/>, each waiting for the next.</returns>
    internal static List<Flight>? Join(Flight asker, Flight flight)
    {
        lock (Gate)
        {
            var circle = Search(asker, flight);
            if (circle is null)
                (flight.Askers ??= []).Add(asker);
            return circle;
        }
    }

    /// <summary>Adds the edge from a flight of a batch to the load of the batch, which has not begun and so waits for nobody.</summary>
    internal static void Link(Flight flight, BatchFlight batch)
    {
        lock (Gate)
            (batch.Askers ??= []).Add(flight);
    }

    /// <summary>What <see cref="Join"/> would return, without joining.</summary>
    internal static List<Flight>? FindCircle(Flight asker, Flight flight)
    {
        lock (Gate)
            return Search(asker, flight);
    }

    /// <summary>Takes back one edge: a caller has left.</summary>
    internal static void Leave(Flight asker, Flight flight)
    {
        lock (Gate)
            flight.Askers?.Remove(asker);
    }

    // Backwards, from the asker to those who wait for it, and so on: that is the way the edges are kept. Whoever has ended waits for
    // nobody, whatever its edges say.
    private static List<Flight>? Search(Flight asker, Flight flight)
    {
        var waitsFor = new Dictionary<Flight, Flight?> { [asker] = null };
        var open = new Stack<Flight>();
        open.Push(asker);
        while (open.TryPop(out var found))
        {
            if (found == flight)
                return Path(flight, waitsFor);

            if (found.ParentWaits && found.Parent is { } parent)
                Visit(parent, found);
            foreach (var other in found.Askers ?? [])
                Visit(other, found);
        }

        return null;

        void Visit(Flight waiting, Flight awaited)
        {
            if (waiting.IsRunning && waitsFor.TryAdd(waiting, awaited))
                open.Push(waiting);
        }
    }

    private static List<Flight> Path(Flight first, Dictionary<Flight, Flight?> waitsFor)
    {
        var path = new List<Flight>();
        for (var next = first; next is not null; next = waitsFor[next])
            path.Add(next);
        return path;
    }
}
