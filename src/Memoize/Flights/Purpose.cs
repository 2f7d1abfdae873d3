namespace Memoize.Flights;

/// <summary>Why somebody wants a load.</summary>
internal enum Purpose
{
    /// <summary>A call that has found no entry.</summary>
    Call,

    /// <summary>A load is wanted although there may be an entry.</summary>
    Refresh,
}
