using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>
/// Writes the declaration file of one annotated method: its cell, which is a class of what the wrapper needs, and for a partial method
/// the other half. The file does not change when callers are edited.
/// </summary>
internal abstract class WrapperEmitter
{
    private readonly WrappedMethodModel _method;

    protected WrapperEmitter(WrappedMethodModel method)
    {
        _method = method;
        _words = new Words(method);
        _library = method.Door == Door.Partial ? "global::Memoize." : "";
    }

    protected readonly SourceWriter _writer = GeneratedFile.Start();

    protected readonly Words _words;

    // In Memoize.Generated everything of Memoize is in scope; in the user's namespace nothing can be taken for granted.
    protected readonly string _library;

    protected string TypeArguments => Words.TypeArguments(_method.TypeParameters.Select(p => p.Name));

    protected string Constraints => GeneratedFile.Constraints(_method.TypeParameters);

    protected IEnumerable<string> ReceiverName => _method.Receiver is { } receiver ? [receiver.Name] : [];

    /// <summary>How other members of the assembly may name the entry point of the cell.</summary>
    /// <remarks>
    /// Of a decorator's members, interfaces of other assemblies inherit those that evict, and decorators there call them. The others need a cache, and
    /// that is internal.
    /// </remarks>
    protected string InvokeAccessibility =>
        _method.Cell.Accessibility == "public" && (_method.Door != Door.Decorator || _method is EvictingMethodModel { TakesDecorator: false }) ? "public" : "internal";

    protected IEnumerable<string> Receiver(string modifier) =>
        _method.Receiver is { } receiver ? [(receiver.IsValueType ? modifier : "") + receiver.Type + " " + receiver.Name] : [];

    public static string HintName(WrappedMethodModel method)
    {
        var arity = method.Containers.Sum(c => c.TypeParameters.Count);
        var containers = string.Join("_", method.Containers.Select(c => Names.Unescape(c.Name)));
        var cell = method.Door == Door.Partial ? containers + "_" + method.Cell.Name : method.Cell.Name;
        var readable = (method.Namespace.Length == 0 ? "" : method.Namespace.Replace("@", "") + ".") + cell + (arity == 0 ? "" : "-" + arity);

        // Two names that differ only in case are one file on some machines.
        return readable + "." + StableHash.Hex(readable + "|" + method.Signature, 6) + ".g.cs";
    }

    protected void File()
    {
        if (_method.Door != Door.Partial)
        {
            var ns = Names.GeneratedNamespace + (_method.Namespace.Length == 0 ? "" : "." + _method.Namespace);
            _writer.Open("namespace " + ns);
            Usings();
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
        var arguments = (_method.Receiver is { } ? [InstanceArgument] : Array.Empty<string>()).Concat(_method.Parameters.Select(p => p.Argument));
        _writer.Indent().Line($"=> {_method.Cell.Name}.Invoke{typeArguments}({string.Join(", ", arguments)});").Outdent();
    }

    // An override inherits its constraints; it may only repeat whether T? is a reference or a Nullable<T>.
    private static TypeParameterModel Inherited(TypeParameterModel parameter)
    {
        var start = $"where {parameter.Name} : ";
        var first = parameter.Constraints.Length == 0 ? "" : parameter.Constraints.Substring(start.Length).Split(',')[0];
        return parameter with { Constraints = first switch { "class" or "class?" => start + "class", "struct" or "unmanaged" => start + "struct", _ => "" } };
    }

    /// <summary>What is passed to the original: by value, because a load may outlive its caller's stack.</summary>
    protected virtual IEnumerable<string> OriginalParameters => Receiver("").Concat(_method.Parameters.Select(p => p.Type + " " + p.Name));

    /// <summary>How the other half of a partial method passes its instance on.</summary>
    protected virtual string InstanceArgument => "this";

    /// <summary>What the cell is, in one sentence.</summary>
    protected abstract string Description { get; }

    /// <summary>The members of the cell.</summary>
    protected abstract void Members();

    /// <summary>What the file of a cell outside the user's types wants to name shortly.</summary>
    protected virtual void Usings()
    {
    }

    private void Cell(IReadOnlyCollection<TypeParameterModel> typeParameters)
    {
        _writer.Line($"/// <summary>{GeneratedFile.Xml(Description)}</summary>");
        _writer.Line(GeneratedFile.ClassAttributes);
        _writer.Line($"{_method.Cell.Accessibility} static class {_method.Cell.Name}{Words.TypeArguments(typeParameters.Select(p => p.Name))}");
        GeneratedFile.Constraints(_writer, typeParameters);
        _writer.OpenBrace();
        Members();
        _writer.Close();
    }

    protected void Original()
    {
        foreach (var accessor in _method.Original.Accessors)
        {
            _writer.Line(accessor.Attribute);
            _writer.Line(accessor.Declaration);
            _writer.Line();
        }

        var receiver = _method.Original.Receiver.Length > 0 ? new[] { _method.Original.Receiver } : [];
        var arguments = receiver.Concat(_method.Parameters.Select(p => p.Argument));
        _writer.Line($"/// <summary>The user's method, without {(_method is EvictingMethodModel ? "what follows it" : "the cache")}.</summary>");
        _writer.Line($"internal static {_method.ReturnType} {_words.Original}{TypeArguments}({string.Join(", ", OriginalParameters)}){Constraints}");
        _writer.Indent().Line($"=> {_method.Original.Call}({string.Join(", ", arguments)});").Outdent();
    }
}
