using System.ComponentModel;
using System.Runtime.CompilerServices;
using Memoize.Flights;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize;

/// <summary>
/// What a load in the background (<c>StaleWhileRevalidate</c>, <c>RefreshAhead</c>) runs on. It outlives the call that has started it,
/// and perhaps the scope of services that the instance of that call belongs to; so for an instance that came from a container it has a
/// scope of its own, and runs on the instance of that. Safe for use by many threads.
/// </summary>
public static class BackgroundLoad
{
    // Weakly: an instance is not kept for the sake of loads that may never come.
    private static readonly ConditionalWeakTable<object, InstanceOrigin> Origins = new();

    /// <summary>
    /// Says that an instance came from a container, where <c>AddMemoize</c> cannot know: a class of an open generic registration, or of
    /// a container of another kind. Usually called in its constructor, with the factory that the container gives it.
    /// </summary>
    /// <typeparam name="T">The service type under which the container has the class.</typeparam>
    /// <param name="instance">The instance that cached methods are called on.</param>
    /// <param name="scopes">Opens a scope for each load; it is disposed when the load has ended.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void UseScopes<T>(T instance, IServiceScopeFactory scopes)
        where T : class
        => UseScopes(instance, scopes, static provider => provider.GetRequiredService<T>());

    /// <summary>The same, where the container knows the class by another name, or by a key.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="instance">The instance that cached methods are called on.</param>
    /// <param name="scopes">Opens a scope for each load; it is disposed when the load has ended.</param>
    /// <param name="resolve">Gives an instance of the same kind out of a scope, which disposes it.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void UseScopes<T>(T instance, IServiceScopeFactory scopes, Func<IServiceProvider, T> resolve)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(resolve);
        Track(instance, new(scopes, resolve, disposesInstance: false));
    }

    /// <summary>The instance that the load which is running now is to use; for generated code.</summary>
    /// <typeparam name="T">The type that declares the method.</typeparam>
    /// <param name="self">The instance that the call was made on.</param>
    /// <returns>
    /// In the background, and if the instance is known to have come from a container, one out of a scope of its own, which is disposed
    /// when the load has ended; otherwise <paramref name="self"/>.
    /// </returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static T Scoped<T>(T self)
        where T : class
        => LoadContext.Background is { } background && Origins.TryGetValue(self, out var origin)
            ? CachedDecorators.Inner(origin.Resolve(self, background))
            : self;

    /// <summary>The same for a method in whose key the instance takes part.</summary>
    /// <typeparam name="T">The type that declares the method.</typeparam>
    /// <param name="self">The instance that the call was made on.</param>
    /// <param name="isSameKey">Whether another instance gives the same key.</param>
    /// <returns>
    /// The instance out of the scope if it gives the same key. If not, it is not one that may load the value, and there is no load.
    /// </returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static T Scoped<T>(T self, Func<T, bool> isSameKey)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(isSameKey);
        var instance = Scoped(self);
        return ReferenceEquals(instance, self) || isSameKey(instance)
            ? instance
            : throw new BackgroundSkippedException("The instance of the scope gives another key.", null);
    }

    /// <summary>Who has said first where an instance came from knows best.</summary>
    internal static void Track(object instance, InstanceOrigin origin) => Origins.TryAdd(instance, origin);
}
