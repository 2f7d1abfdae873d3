using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>The cached methods of one type, for the static class of their handles.</summary>
internal sealed record HandlesModel(string Namespace, HandleModel Class, EquatableArray<CachedMethodModel> Methods);
