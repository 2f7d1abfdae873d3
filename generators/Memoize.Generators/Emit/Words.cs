using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>
/// The names that one cell uses for its own things: the obvious ones, unless the user's parameters or type parameters have them.
/// </summary>
internal sealed class Words
{
    private readonly string _typeArguments;

    public Words(WrappedMethodModel method)
    {
        var typeParameters = method.TypeParameters.Concat(method.Containers.SelectMany(c => c.TypeParameters)).Select(p => p.Name).ToList();
        var taken = method.Parameters.Select(p => p.Name).Concat(typeParameters).Append(method.Receiver?.Name ?? "")
            .Concat(method is CachedMethodModel { Ambient: var ambient } ? ambient.Select(value => value.Name) : [])
            .ToList();
        Key = Names.Unique("Key", taken.Concat(method is CachedMethodModel cached ? cached.Key.Select(field => field.Name) : []));
        Cache = Names.Unique(method.Receiver?.PerInstance == true || method.Door == Door.Decorator ? "Caches" : "Cache", taken);
        Method = Names.Unique("Method", taken);
        Of = Names.Unique("Of", taken);
        Load = Names.Unique("Load", taken);
        Refresh = Names.Unique("Refresh", taken);
        Rules = Names.Unique("Rules", taken);
        Original = Names.Unique("Original", taken);
        Value = Names.Unique("value", taken);
        KeyLocal = Names.Unique("key", taken);
        Hit = Names.Unique("hit", taken);
        Token = Names.Unique("token", taken);
        CacheLocal = Names.Unique("cache", taken);
        Found = Names.Unique("found", taken);
        Unused = taken.Contains("_") ? Token : "_";
        Probe = name => Names.Unique(Names.Unescape(name) + "Probe", taken);
        _typeArguments = TypeArguments(method.TypeParameters.Select(p => p.Name));
        Scope = method.TypeParameters.Count == 0 ? "" : Of + _typeArguments + ".";
    }

    public string Key { get; }

    public string Cache { get; }

    public string Method { get; }

    public string Of { get; }

    public string Load { get; }

    public string Refresh { get; }

    public string Rules { get; }

    public string Original { get; }

    public string Value { get; }

    public string KeyLocal { get; }

    public string Hit { get; }

    public string Token { get; }

    public string CacheLocal { get; }

    public string Found { get; }

    /// <summary>The parameter of a lambda that does not need it: it would hide a parameter that is called <c>_</c>.</summary>
    public string Unused { get; }

    public Func<string, string> Probe { get; }

    /// <summary>What stands before key and cache: nothing, or the generic class that holds them for a generic method.</summary>
    public string Scope { get; }

    public string KeyType => Scope + Key;

    public static string TypeArguments(IEnumerable<string> names)
    {
        var list = string.Join(", ", names);
        return list.Length == 0 ? "" : "<" + list + ">";
    }
}
