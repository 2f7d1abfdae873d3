namespace Memoize.Tiers;

/// <summary>A lease that a load of this process has, until the load ends.</summary>
/// <param name="keeper">What renews it meanwhile.</param>
/// <param name="key">The key in the store.</param>
/// <param name="lease">The lease.</param>
/// <param name="abandoned">Cancelled when nobody wants the value of the load any longer, so that it will not be stored.</param>
internal sealed class HeldLease(LeaseKeeper keeper, string key, CacheLease lease, CancellationToken abandoned)
{
    internal string Key => key;

    internal CacheLease Lease => lease;

    internal bool IsAbandoned => abandoned.IsCancellationRequested;

    /// <summary>When it was given.</summary>
    internal long Taken { get; init; }

    /// <summary>When it was last tried to renew it, or given. Guarded by the keeper.</summary>
    internal long Tried { get; set; }

    /// <summary>From when on its duration counts: the last time that the store has said that it is good.</summary>
    internal long Since { get; set; }

    /// <summary>Whether its load has ended, or the lease itself. Guarded by the keeper.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>Its place in the list of the keeper. Guarded by it.</summary>
    internal LinkedListNode<HeldLease>? Place { get; set; }

    /// <summary>The load has ended, and stores its value or gives the lease back: it is not renewed any more.</summary>
    internal void End() => keeper.End(this);
}
