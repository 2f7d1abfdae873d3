using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.DependencyInjection;

/// <summary>A tier that <c>AddMemoize</c> was told of.</summary>
internal sealed record TierRegistration(string Name, Func<IServiceProvider, IDistributedCache> Store, CacheTierOptions Options, Action<CacheTier>? Configure);
