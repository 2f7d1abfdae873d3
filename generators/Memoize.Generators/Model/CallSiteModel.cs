using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>One call to a cached method.</summary>
/// <param name="Line">The line of the call, from 1.</param>
/// <param name="Attribute">The interceptor attribute, ready to print.</param>
/// <param name="Forwarder">The method that takes the call.</param>
internal sealed record CallSiteModel(int Line, string Attribute, ForwarderModel Forwarder);

/// <summary>The interceptor of one cached method, in one file.</summary>
/// <param name="Name">The name of the method.</param>
/// <param name="ReturnType">Its return type.</param>
/// <param name="TypeParameters">Those of the declaring types, outermost first, then its own.</param>
/// <param name="Parameters">The parameter list, receiver first.</param>
/// <param name="Invocation">The call of the cell that it forwards to.</param>
internal sealed record ForwarderModel(
    string Name,
    string ReturnType,
    EquatableArray<TypeParameterModel> TypeParameters,
    string Parameters,
    string Invocation);

/// <summary>The calls in one file.</summary>
/// <param name="File">The path of the user's file, as the compiler knows it.</param>
/// <param name="ContentHash">What was in the file: the locations of its calls hold for exactly that text.</param>
/// <param name="Sites">Its calls, in the order of the text.</param>
internal sealed record CallSiteFileModel(string File, string ContentHash, EquatableArray<CallSiteModel> Sites);

/// <summary>The calls for which one file of interceptors is generated.</summary>
/// <param name="Bucket">Which of the buckets that many files share; null for the calls of one file.</param>
/// <param name="Files">The files.</param>
internal sealed record InterceptorFileModel(string? Bucket, EquatableArray<CallSiteFileModel> Files)
{
    /// <summary>
    /// From so many on, files share. Every generated file declares the interceptor attribute for itself, because other generators
    /// declare theirs; and each look for the name passes by all of them, so their number costs its square. There are sixteen to share:
    /// the fewer, the more calls of one method meet in one forwarder, which is what the compiler then has less of to compile.
    /// </summary>
    private const int Most = 256;

    /// <summary>Each file has one of its own, as long as there are not too many. Files without a path, or of the same, have one together.</summary>
    public static IEnumerable<InterceptorFileModel> Of(IReadOnlyList<CallSiteFileModel> files) => files.Count <= Most
        ? files.GroupBy(file => file.File, StringComparer.Ordinal).Select(same => new InterceptorFileModel(null, same.ToEquatableArray()))
        : files
            .GroupBy(file => StableHash.Hex(file.File, digits: 1))
            .OrderBy(bucket => bucket.Key, StringComparer.Ordinal)
            .Select(bucket => new InterceptorFileModel(bucket.Key, bucket.ToEquatableArray()));
}
