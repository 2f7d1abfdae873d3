namespace Memoize.Tiers;

/// <summary>A serializer of ours, which says in which way it writes; what is written in one way is not read in another.</summary>
internal interface IDialect
{
    /// <summary>All that makes it write otherwise than usual; empty for the usual way.</summary>
    string Dialect { get; }

    /// <summary>Whether every value comes back as it was if the first ones do; what shows in a value itself, the serializer refuses.</summary>
    bool IsTrusted { get; }
}
