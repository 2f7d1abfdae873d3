namespace Memoize.Flights;

/// <summary>Why somebody wants a load.</summary>
internal enum Purpose
{
    /// <summary>A call that has found no entry.</summary>
    Call,

    /// <summary>A load is wanted although there may be an entry.</summary>
    Refresh,

    /// <summary>A call was given an entry that is due for renewal, and does not wait for the load.</summary>
    Background,
}
