using Memoize.Tags;

namespace Memoize.Flights;

/// <summary>A part of a <see cref="FlightTable{TKey, TValue}"/>, and its lock: all members need it to be held.</summary>
internal sealed class FlightStripe<TKey, TValue>
    where TKey : IEquatable<TKey>
{
    private Dictionary<HashedKey<TKey>, KeyedFlight<TKey, TValue>>? flights;

    /// <summary>The flight of the key that can be joined, if there is one.</summary>
    internal KeyedFlight<TKey, TValue>? Find(HashedKey<TKey> key)
        => flights is not null && flights.TryGetValue(key, out var flight) && flight is { IsRunning: true, IsDetached: false } ? flight : null;

    internal void Add(KeyedFlight<TKey, TValue> flight) => (flights ??= [])[flight.Key] = flight;

    /// <summary>Takes the flight out, so that nobody joins it any more and its value is not kept. Does nothing the second time.</summary>
    internal void Detach(KeyedFlight<TKey, TValue> flight)
    {
        if (flight.IsDetached)
            return;

        flight.OnDetached();
        try
        {
            flights!.Remove(flight.Key);
        }
        catch (Exception)
        {
            // The equality of the key throws. A detached flight is passed over wherever it is, and must still be able to end.
        }
    }

    /// <summary>The same for whichever flight the key has.</summary>
    internal void Detach(HashedKey<TKey> key)
    {
        if (flights is not null && flights.Remove(key, out var flight))
            flight.OnDetached();
    }

    /// <summary>The same for all flights that have all of the tags.</summary>
    internal void DetachTagged(EntryTag[] tags)
    {
        if (flights is null)
            return;

        foreach (var flight in flights.Values.Where(flight => flight.HasAll(tags)).ToList())
            Detach(flight);
    }

    /// <summary>The same for all flights.</summary>
    internal void DetachAll()
    {
        if (flights is null)
            return;

        foreach (var flight in flights.Values)
            flight.OnDetached();
        flights.Clear();
    }
}
