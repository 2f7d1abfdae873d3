using System.ComponentModel;

namespace Memoize;

/// <summary>
/// The caches of a method that gives every instance its own; see <see cref="OwnedCaches{TOwner, TKey, TValue}"/>. For generated code;
/// safe for use by many threads.
/// </summary>
/// <typeparam name="TReceiver">The type that declares the method.</typeparam>
/// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
/// <typeparam name="TValue">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class InstanceCaches<TReceiver, TKey, TValue> : OwnedCaches<TReceiver, TKey, TValue>
    where TReceiver : class
    where TKey : IEquatable<TKey>
{
    internal InstanceCaches(CachedMethod method, bool tasks)
        : base(method, shared: false, tasks)
    {
    }

    private protected override string? NameOf(TReceiver owner) => CacheEntry.NameOf(owner);
}
