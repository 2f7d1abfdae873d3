using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>A call of a cached method, for the report.</summary>
/// <param name="Method">The method's signature.</param>
/// <param name="File">The name of the file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Reason">Why it is not cached; null where it is.</param>
internal sealed record ReportedCall(string Method, string File, int Line, string? Reason);

/// <summary>All that <c>MemoizeReport=true</c> asks for.</summary>
internal sealed record ReportModel(EquatableArray<CachedMethodModel> Methods, EquatableArray<EvictingMethodModel> Evicting, EquatableArray<ReportedCall> Calls);
