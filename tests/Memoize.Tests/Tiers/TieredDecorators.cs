using Memoize.Keys;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>A method of an interface with tiers, as the generator would make it: one of these is one process.</summary>
internal sealed class TieredDecorators(CacheOptions options)
{
    private readonly CachedMethod method = new(TieredCache<string>.Name, options);
    private DecoratorCaches<string, string>? caches;

    // As the container of the process does: the cache of a registration that nobody holds any longer goes with it.
    private readonly List<Registration> registrations = [];

    internal TieredDecorators(string tiers)
        : this(new CacheOptions { Ttl = 300, Tiers = tiers })
    {
    }

    internal CachedMethod Method => method;

    internal DecoratorCaches<string, string> Caches => caches ??= method.CreateDecoratorCaches<string, string>(
        tiers: new TierCodec<string>(1, static key => "id:" + KeyPart.Shared(key)));

    internal int Runs;

    /// <summary>Another process with the same method.</summary>
    internal TieredDecorators Another() => new(method.Options);

    /// <summary>A registration in a container.</summary>
    /// <param name="implementation">The class behind it.</param>
    /// <param name="key">Its key; null for none.</param>
    /// <param name="isAlone">Whether there is no other registration of the interface.</param>
    internal Registration Register(Type implementation, object? key = null, bool isAlone = true)
    {
        var registration = new Registration(this);
        EntryIdentity.Name(registration.Owner, EntryIdentity.Of(implementation, key, isAlone));
        registrations.Add(registration);
        return registration;
    }

    /// <summary>A decorator that somebody has constructed.</summary>
    internal Registration Construct() => new(this);

    /// <summary>A decorator of a registration, with the caches of that.</summary>
    internal sealed class Registration : ICachedDecorator
    {
        private readonly TieredDecorators process;

        internal Registration(TieredDecorators process)
        {
            this.process = process;
            Cache = process.Caches.For(Owner);
        }

        public object Inner => this;

        public object Owner { get; } = new();

        internal MethodCache<string, string> Cache { get; }

        /// <summary>What the call of the method would do.</summary>
        internal string Call(string id, string value, EntryRules<string> rules = default) => Call(id, () => value, rules);

        internal string Call(string id, Func<string> original, EntryRules<string> rules = default)
            => Cache.TryGet(id, out var hit) ? hit : Cache.Load(
                id,
                _ =>
                {
                    Interlocked.Increment(ref process.Runs);
                    return original();
                },
                rules);
    }
}
