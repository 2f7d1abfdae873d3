using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>Writes the handles of one type: a static class with one handle per method name.</summary>
internal sealed class HandlesEmitter
{
    private readonly HandlesModel _type;
    private readonly SourceWriter _writer = GeneratedFile.Start();

    private HandlesEmitter(HandlesModel type) => _type = type;

    public static string HintName(HandlesModel type)
    {
        var arity = type.Class.TypeParameters.Count;
        var readable = (type.Namespace.Length == 0 ? "" : type.Namespace.Replace("@", "") + ".") + Names.Unescape(type.Class.ClassName) + (arity == 0 ? "" : "-" + arity);
        return readable + "." + StableHash.Hex(readable + "|handles", 6) + ".g.cs";
    }

    public static SourceWriter Emit(HandlesModel type)
    {
        var emitter = new HandlesEmitter(type);
        emitter.File();
        return emitter._writer;
    }

    private void File()
    {
        if (_type.Namespace.Length > 0)
        {
            _writer.Open("namespace " + _type.Namespace);
        }

        foreach (var method in _type.Methods.Where(m => m.Handle!.CellAlias is not null))
        {
            _writer.Line($"using {method.Handle!.CellAlias} = {method.Cell.FullName};");
        }

        if (_type.Methods.Any(m => m.Handle!.CellAlias is not null))
        {
            _writer.Line();
        }

        var containing = string.Join(".", _type.Methods[0].Containers.Select(c => c.Name + Words.TypeArguments(c.TypeParameters.Select(p => p.Name))));
        _writer.Line($"/// <summary>Handles to the caches of {GeneratedFile.Xml(containing)}: evict, look, set, refresh, and count.</summary>");
        _writer.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"Memoize\", \"0.1.0\")]");
        _writer.Line("[global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]");
        _writer.Line($"{_type.Class.ClassAccessibility} static class {_type.Class.ClassName}{Words.TypeArguments(_type.Class.TypeParameters.Select(p => p.Name))}");
        GeneratedFile.Constraints(_writer, _type.Class.TypeParameters);
        _writer.OpenBrace();
        var groups = _type.Methods.GroupBy(m => m.Name).ToList();
        for (var i = 0; i < groups.Count; i++)
        {
            if (i > 0)
            {
                _writer.Line();
            }

            Handle(groups[i].Key, groups[i].ToList());
        }

        _writer.Close();
        if (_type.Namespace.Length > 0)
        {
            _writer.Close();
        }
    }

    private void Handle(string name, List<CachedMethodModel> overloads)
    {
        var accessibility = overloads.Any(m => m.Handle!.Accessibility == "public") ? "public" : "internal";
        var handle = Names.Unescape(name) + "Handle";
        var signatures = string.Join(" and ", overloads.Select(m => m.Signature));
        _writer.Line($"/// <summary>The cache of {GeneratedFile.Xml(signatures)}.</summary>");
        _writer.Line($"{accessibility} static {handle} {name} {{ get; }} = new();").Line();
        _writer.Line($"/// <summary>The operations on the cache of {GeneratedFile.Xml(signatures)}.</summary>");
        _writer.Open($"{accessibility} sealed class {handle} : global::Memoize.CacheHandle");
        var methods = overloads.Select(m => $"{HandleMembers.CellOf(m)}.{new Words(m).Method}");
        _writer.Line($"internal {handle}()").Indent().Line($": base({string.Join(", ", methods)})").Outdent().OpenBrace().Close();
        var members = new HandleMembers(_writer, overloads);
        foreach (var method in overloads)
        {
            members.Write(method);
        }

        _writer.Close();
    }
}
