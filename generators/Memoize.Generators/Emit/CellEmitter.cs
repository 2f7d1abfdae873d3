using System.Globalization;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>
/// Writes the declaration file of one cached method: its cell, which holds cache and key, and for a partial method the wrapper.
/// The file does not change when callers are edited.
/// </summary>
internal sealed partial class CellEmitter
{
    private readonly CachedMethodModel _method;
    private readonly Words _words;
    private readonly SourceWriter _writer = GeneratedFile.Start();

    // In Memoize.Generated everything of Memoize is in scope; in the user's namespace nothing can be taken for granted.
    private readonly string _library;

    private CellEmitter(CachedMethodModel method)
    {
        _method = method;
        _words = new Words(method);
        _library = method.Door == Door.Plain ? "" : "global::Memoize.";
    }

    public static string HintName(CachedMethodModel method)
    {
        var arity = method.Containers.Sum(c => c.TypeParameters.Count);
        var containers = string.Join("_", method.Containers.Select(c => Names.Unescape(c.Name)));
        var cell = method.Door == Door.Plain ? method.Cell.Name : containers + "_" + method.Cell.Name;
        var readable = (method.Namespace.Length == 0 ? "" : method.Namespace.Replace("@", "") + ".") + cell + (arity == 0 ? "" : "-" + arity);

        // Two names that differ only in case are one file on some machines.
        return readable + "." + StableHash.Hex(readable + "|" + method.Signature, 6) + ".g.cs";
    }

    public static SourceWriter Emit(CachedMethodModel method)
    {
        var emitter = new CellEmitter(method);
        emitter.File();
        return emitter._writer;
    }

    private void File()
    {
        if (_method.Door == Door.Plain)
        {
            var ns = Names.GeneratedNamespace + (_method.Namespace.Length == 0 ? "" : "." + _method.Namespace);
            _writer.Open("namespace " + ns);
            _writer.Line("using KeyPart = global::Memoize.Keys.KeyPart;").Line();
            Cell(_method.Containers.SelectMany(c => c.TypeParameters).ToList());
            _writer.Close();
            return;
        }

        if (_method.Namespace.Length > 0)
        {
            _writer.Open("namespace " + _method.Namespace);
        }

        foreach (var container in _method.Containers)
        {
            _writer.Open($"partial {container.Keyword} {container.Name}{Words.TypeArguments(container.TypeParameters.Select(p => p.Name))}");
        }

        Wrapper();
        _writer.Line();
        Cell([]);
        foreach (var _ in _method.Containers)
        {
            _writer.Close();
        }

        if (_method.Namespace.Length > 0)
        {
            _writer.Close();
        }
    }

    // The other half of the user's partial method.
    private void Wrapper()
    {
        var typeArguments = Words.TypeArguments(_method.TypeParameters.Select(p => p.Name));
        var parameters = string.Join(", ", _method.Parameters.Select(p => (p.IsThis ? "this " : p.IsParams ? "params " : "") + p.Declaration));
        _writer.Line("[global::Memoize.CacheWrapper]");
        _writer.Line($"{_method.PartialModifiers} partial {_method.ReturnType} {_method.Name}{typeArguments}({parameters})");
        GeneratedFile.Constraints(_writer, _method.PartialModifiers.Contains("override") ? _method.TypeParameters.Select(Inherited) : _method.TypeParameters);
        var arguments = (_method.Receiver is { } ? ["this"] : Array.Empty<string>()).Concat(_method.Parameters.Select(p => p.Argument));
        _writer.Indent().Line($"=> {_method.Cell.Name}.Invoke{typeArguments}({string.Join(", ", arguments)});").Outdent();
    }

    // An override inherits its constraints; it may only repeat whether T? is a reference or a Nullable<T>.
    private static TypeParameterModel Inherited(TypeParameterModel parameter)
    {
        var start = $"where {parameter.Name} : ";
        var first = parameter.Constraints.Length == 0 ? "" : parameter.Constraints.Substring(start.Length).Split(',')[0];
        return parameter with { Constraints = first switch { "class" or "class?" => start + "class", "struct" or "unmanaged" => start + "struct", _ => "" } };
    }

    private void Cell(IReadOnlyCollection<TypeParameterModel> typeParameters)
    {
        _writer.Line($"/// <summary>{GeneratedFile.Xml(Description())}</summary>");
        _writer.Line(GeneratedFile.ClassAttributes);
        _writer.Line($"{_method.Cell.Accessibility} static class {_method.Cell.Name}{Words.TypeArguments(typeParameters.Select(p => p.Name))}");
        GeneratedFile.Constraints(_writer, typeParameters);
        _writer.OpenBrace();
        _writer.Line($"internal static readonly {_library}CachedMethod {_words.Method} = new({Literals.Of(_method.Options.Name)}, new {_library}CacheOptions {{ {Options()} }});");
        _writer.Line();

        if (_method.TypeParameters.Count == 0)
        {
            CacheField();
            _writer.Line();
        }

        Invoke();
        Load();
        Refresh();
        Original();
        _writer.Line();

        if (_method.TypeParameters.Count > 0)
        {
            _writer.Line("/// <summary>Each combination of type arguments has a cache of its own.</summary>");
            _writer.Line($"internal static class {_words.Of}{Words.TypeArguments(_method.TypeParameters.Select(p => p.Name))}");
            GeneratedFile.Constraints(_writer, _method.TypeParameters);
            _writer.OpenBrace();
            CacheField();
            _writer.Line();
            Key();
            _writer.Close();
        }
        else
        {
            Key();
        }

        _writer.Close();
    }

    private void CacheField()
    {
        var tasks = _method.ReturnKind == ReturnKind.Task ? "tasks: true" : "";
        if (_method.Receiver is { PerInstance: true } receiver)
        {
            var arguments = $"{receiver.Type}, {_words.Key}, {_method.ValueType}";
            _writer.Line($"internal static readonly {_library}InstanceCaches<{arguments}> {_words.Cache} = {_words.Method}.CreateInstanceCaches<{arguments}>({tasks});");
        }
        else
        {
            var arguments = $"{_words.Key}, {_method.ValueType}";
            _writer.Line($"internal static readonly {_library}MethodCache<{arguments}> {_words.Cache} = {_words.Method}.CreateCache<{arguments}>({tasks});");
        }
    }

    private string Options()
    {
        var options = new List<string>();
        if (_method.Options.Ttl != "0")
        {
            options.Add("Ttl = " + _method.Options.Ttl);
        }

        if (_method.Options.Sliding != "0")
        {
            options.Add("Sliding = " + _method.Options.Sliding);
        }

        options.Add("MaxSize = " + _method.Options.MaxSize.ToString(CultureInfo.InvariantCulture));
        if (_method.Options.Lfu)
        {
            options.Add($"Eviction = {_library}Eviction.Lfu");
        }

        return string.Join(", ", options);
    }

    /// <summary>The options in words: <c>300 s, at most 1,000 entries, LRU, shared by all instances</c>.</summary>
    public static string DescribeOptions(CachedMethodModel method)
    {
        var parts = new List<string> { method.Options.Ttl == "0" ? "no time limit" : method.Options.Ttl + " s" };
        if (method.Options.Sliding != "0")
        {
            parts.Add(method.Options.Sliding + " s after the last read");
        }

        parts.Add($"at most {method.Options.MaxSize.ToString("N0", CultureInfo.InvariantCulture)} entries");
        parts.Add(method.Options.Lfu ? "LFU" : "LRU");
        parts.Add(method.Receiver switch
        {
            null => "static",
            { PerInstance: true } => "one cache per instance",
            { InKey: true } => "the instance is part of the key",
            _ => "shared by all instances",
        });
        return string.Join(", ", parts);
    }

    private string Description() => $"{_method.Signature}: {DescribeOptions(_method)}.";
}
