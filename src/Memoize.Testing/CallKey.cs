using Memoize.Isolation;

namespace Memoize.Testing;

/// <summary>The key of a call: which entry of which cache it means. Two calls share an entry exactly if these are equal. Immutable.</summary>
public sealed class CallKey : IEquatable<CallKey>
{
    private readonly object cache;
    private readonly object key;

    private CallKey(CacheEvent reached)
    {
        Method = reached.Method;
        cache = reached.Cache;
        key = reached.Key!;
    }

    /// <summary>The cached method.</summary>
    public CachedMethod Method { get; }

    /// <summary>The key, readable: <c>id: 7</c>.</summary>
    public string Text => TextOf(key);

    /// <inheritdoc/>
    public bool Equals(CallKey? other) => other is not null && Method == other.Method && ReferenceEquals(cache, other.cache) && key.Equals(other.key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CallKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Method, key);

    /// <summary>Method and key: <c>Shop.Users.GetUser(int) (id: 7)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Method.Name} ({Text})";

    internal static CallKey Of(Action call, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(call);
        CacheEvent? reached = null;
        using (CacheIsolation.Begin(time, Stop))
        {
            try
            {
                call();
            }
            catch (CallReachedException)
            {
            }
            catch (Exception) when (reached is not null)
            {
                // The code around the call has made something else of it.
            }
        }

        return reached is null
            ? throw new MemoTestException("The call does not reach the cache of a cached method. Perhaps it is made where it is not intercepted, or its When said no.")
            : new(reached);

        void Stop(CacheEvent happened)
        {
            // The miss is told before anything is loaded; whatever else the code around the call does then, it is not asked.
            if (happened.Kind != CacheEventKind.Miss)
                return;
            reached ??= happened;
            throw new CallReachedException();
        }
    }

    // The text of a key is made of the user's objects.
    internal static string TextOf(object? key)
    {
        try
        {
            return key?.ToString() ?? "";
        }
        catch (Exception e)
        {
            return $"a key whose ToString throws {e.GetType().Name}";
        }
    }

    private sealed class CallReachedException() : Exception("The call has reached the cache; the test wants to know its key, and goes no further.");
}
