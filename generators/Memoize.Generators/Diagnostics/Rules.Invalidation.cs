using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// Methods that evict and update what others remember, and tags.
internal static partial class Rules
{
    /// <summary>There is no such method.</summary>
    public static readonly DiagnosticDescriptor UnknownTarget = Error(
        "MEMO0701",
        "The method to evict or update does not exist",
        "[{0}] on '{1}' names '{2}', which is no method of '{3}'{4}");

    /// <summary>The method remembers nothing.</summary>
    public static readonly DiagnosticDescriptor TargetNotCached = Error(
        "MEMO0702",
        "The method to evict or update is not cached",
        "[{0}] on '{1}' names '{2}', which is not cached: {3}, or remove the attribute here");

    /// <summary>A parameter of the cached method is nowhere to be found.</summary>
    public static readonly DiagnosticDescriptor UnmatchedParameter = Error(
        "MEMO0703",
        "Nothing says which entry is meant",
        "[{0}] on '{1}' does not say which entry of '{2}' is meant, because '{1}' has no parameter '{3}': {4}");

    /// <summary>A parameter is there and does not fit.</summary>
    public static readonly DiagnosticDescriptor WrongParameterType = Error(
        "MEMO0704",
        "A parameter of the same name has another type",
        "[{0}] on '{1}' cannot name an entry of '{2}': {3}");

    /// <summary>A mapping that cannot be followed.</summary>
    public static readonly DiagnosticDescriptor Mapping = Error(
        "MEMO0705",
        "This mapping leads nowhere",
        "\"{0}\" in [{1}] on '{2}' leads nowhere: {3}");

    /// <summary>The cache exists, and generated code cannot name it.</summary>
    public static readonly DiagnosticDescriptor UnreachableTarget = Error(
        "MEMO0706",
        "The cache of that method cannot be reached",
        "[{0}] on '{1}' cannot reach the cache of '{2}': {3}");

    /// <summary>A result that the cached method could not have returned.</summary>
    public static readonly DiagnosticDescriptor UpdateResult = Error(
        "MEMO0707",
        "This result cannot be stored there",
        "[Updates] on '{0}' cannot store its result as one of '{1}': {2}");

    /// <summary>Several overloads fit.</summary>
    public static readonly DiagnosticDescriptor AmbiguousUpdate = Error(
        "MEMO0708",
        "Several overloads could be updated",
        "[Updates] on '{0}' fits {1}, and its result belongs to one of them only: rename the others, or evict with [Evicts], which evicts from all that fit");

    /// <summary>The method has a shape whose success nobody can wait for.</summary>
    public static readonly DiagnosticDescriptor EvictingMethod = Error(
        "MEMO0709", "This method cannot evict or update", "'{0}' cannot evict or update: {1}");

    /// <summary>Two names mapped crosswise.</summary>
    public static readonly DiagnosticDescriptor CrossedMapping = Warning(
        "MEMO0710",
        "Two parameters are mapped crosswise",
        "[{0}] on '{1}' takes '{2}' for '{3}' and '{3}' for '{2}', although both methods use both names: remove the two from Map, and each is matched with its own name");

    /// <summary>Matched by name, where the order differs.</summary>
    public static readonly DiagnosticDescriptor OtherOrder = Info(
        "MEMO0711",
        "Parameters are matched by name, and their order differs",
        "'{0}' takes '{1}' before '{2}', and '{3}' takes them the other way round: they are matched by name, so make sure that the names mean the same");

    /// <summary>A template that is no tag.</summary>
    public static readonly DiagnosticDescriptor TagTemplate = Error(
        "MEMO0712", "This is no tag", "\"{0}\" on '{1}' is no tag: {2}");
}
