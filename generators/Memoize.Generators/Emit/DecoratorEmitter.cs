using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>Writes the decorator of an interface.</summary>
internal sealed partial class DecoratorEmitter
{
    private const string Hidden = "[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]";

    private readonly SourceWriter _writer = GeneratedFile.Start();
    private readonly DecoratorModel _model;
    private readonly string _inner;
    private readonly string _caches;
    private readonly string _owns;
    private readonly string _registration;
    private readonly string _decorator;
    private readonly string _typeArguments;
    private readonly Dictionary<DecoratorMemberModel, string> _fields = [];

    private DecoratorEmitter(DecoratorModel model)
    {
        _model = model;
        _inner = Names.Unique("_inner", model.TakenNames);
        _caches = Names.Unique("_caches", model.TakenNames);
        _owns = Names.Unique("_disposesInner", model.TakenNames);
        _registration = Names.Unique("Registration", model.TakenNames);
        _decorator = Names.Unique("Decorator", model.TakenNames);
        _typeArguments = Words.TypeArguments(model.TypeParameters.Select(p => p.Name));
        foreach (var member in model.Members.Where(m => m.Cached is { Method.TypeParameters.Count: 0 }))
        {
            var method = member.Cached!.Method;
            var name = Names.Unescape(method.Name);
            var field = method.Cell.Name.Substring(Math.Max(0, method.Cell.Name.LastIndexOf(name, StringComparison.Ordinal)));
            _fields.Add(member, Names.Unique(field, _fields.Values.Append(_registration)));
        }
    }

    public static string HintName(DecoratorModel model)
    {
        var arity = model.TypeParameters.Count;
        var readable = (model.Namespace.Length == 0 ? "" : model.Namespace.Replace("@", "") + ".") + model.Name + (arity == 0 ? "" : "-" + arity);
        return readable + "." + StableHash.Hex(readable + "|decorator", 6) + ".g.cs";
    }

    public static SourceWriter Emit(DecoratorModel model)
    {
        var emitter = new DecoratorEmitter(model);
        emitter.File();
        return emitter._writer;
    }

    // Of a generic one, containers make a derived class.
    private bool IsMadeByContainers => _model is { UnboundInterface: not null, KnowsContainers: true, TypeParameters.Count: > 0 };

    private bool LoadsInBackground => _model.Members.Any(m => m.Call is { Method: CachedMethodModel { LoadsOnOwnInstance: true } });

    private bool Disposes => _model.Members.Any(m => m.Disposes);

    private void File()
    {
        if (_model.Namespace.Length > 0)
        {
            _writer.Open("namespace " + _model.Namespace);
        }

        foreach (var call in _model.Members.Select(m => m.Call).OfType<DecoratorCallModel>().Where(c => c.Alias is not null).GroupBy(CellOf))
        {
            _writer.Line($"using {call.Key} = {call.First().Cell};");
        }

        if (_model.Members.Any(m => m.Call is { Alias: not null }))
        {
            _writer.Line();
        }

        _writer.Line($"/// <summary>{GeneratedFile.Xml(_model.Display)} with {GeneratedFile.Xml(Describe())}; everything else is passed on.</summary>");
        _writer.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"Memoize\", \"0.1.0\")]");
        _writer.Line("[global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]");
        _writer.Line($"{_model.Accessibility} {(IsMadeByContainers ? "" : "sealed ")}class {_model.Name}{_typeArguments} : {_model.Interface}, global::Memoize.ICachedDecorator");
        GeneratedFile.Constraints(_writer, _model.TypeParameters);
        _writer.OpenBrace();
        Construction();
        foreach (var member in _model.Members)
        {
            _writer.Line();
            Member(member);
        }

        _writer.Line();
        _writer.Line($"object global::Memoize.ICachedDecorator.Inner => {_inner};").Line();
        _writer.Line($"object global::Memoize.ICachedDecorator.Owner => {_caches};").Line();
        Registration();
        _writer.Close();
        if (_model.Namespace.Length > 0)
        {
            _writer.Close();
        }

        if (_model.UnboundInterface is not null)
        {
            _writer.Line();
            Announcement();
        }
    }

    private void Construction()
    {
        _writer.Line($"private readonly {_model.Interface} {_inner};");
        _writer.Line($"private readonly {_registration} {_caches};");
        if (Disposes)
        {
            _writer.Line($"private readonly bool {_owns};");
        }

        _writer.Line();
        _writer.Line("/// <summary>A decorator with caches of its own.</summary>");
        _writer.Line($"public {_model.Name}({_model.Interface} inner)");
        _writer.Indent().Line($": this(inner, new {_registration}())").Outdent();
        _writer.OpenBrace();
        if (Disposes)
        {
            _writer.Line($"{_owns} = true;");
        }

        _writer.Close();
        _writer.Line();
        _writer.Line($"/// <summary>A decorator that shares its caches with all of its registration{(Disposes ? ", and leaves it to the container to dispose what it decorates" : "")}.</summary>");
        _writer.Line(Hidden);
        _writer.Open($"public {_model.Name}({_model.Interface} inner, {_registration} caches)");
        _writer.Line($"{_inner} = inner ?? throw new global::System.ArgumentNullException(nameof(inner));");
        _writer.Line($"{_caches} = caches ?? throw new global::System.ArgumentNullException(nameof(caches));");
        _writer.Close();
    }

    private void Member(DecoratorMemberModel member)
    {
        if (member.Body is { } body)
        {
            _writer.Line(member.Header);
            _writer.Indent();
            foreach (var constraint in member.Constraints)
            {
                _writer.Line(constraint);
            }

            _writer.Outdent();
            if (member.Call is { } call)
            {
                _writer.Indent().Line($"=> {CellOf(call)}.Invoke{TypeArguments(call)}({Before(member, call)}{_inner}{call.Arguments});").Outdent();
            }
            else if (member is { Disposes: true } && body.Contains("Async"))
            {
                _writer.Indent().Line($"=> {_owns} ? {Through(body)} : default;").Outdent();
            }
            else if (member.Disposes)
            {
                _writer.OpenBrace();
                _writer.Line($"if ({_owns}) {Through(body)};");
                _writer.Close();
            }
            else
            {
                _writer.Indent().Line($"=> {Through(body)};").Outdent();
            }

            return;
        }

        if (member.Accessors is [{ Keyword: "get" } only])
        {
            _writer.Line($"{member.Header} => {Through(only.Body)};");
            return;
        }

        _writer.Open(member.Header);
        foreach (var accessor in member.Accessors)
        {
            _writer.Line($"{accessor.Keyword} => {Through(accessor.Body)};");
        }

        _writer.Close();
    }

    // What the wrapper of the member needs besides the service and the arguments.
    private string Before(DecoratorMemberModel member, DecoratorCallModel call) => call.Method switch
    {
        BatchMethodModel batch => CacheFor(batch) + ", ",
        EvictingMethodModel evicting => evicting.TakesDecorator ? "this, " : "",
        _ => CacheOf(member) + ", ",
    };

    // The batch may be sure of a value that the cached method may be without.
    private string CacheFor(BatchMethodModel batch)
    {
        var single = _model.Members.First(m => m.Cached?.Method.Signature == batch.Single);
        return CacheOf(single) + (single.Call!.Method is CachedMethodModel cached && cached.ValueType != batch.ValueType ? "!" : "");
    }

    private string Describe()
    {
        string NamesOf<TMethod>() => string.Join(", ", _model.Members.Select(m => m.Call?.Method is TMethod ? Names.Unescape(m.Call!.Method.Name) : typeof(TMethod) == typeof(EvictingMethodModel) ? m.Elsewhere : null).OfType<string>().Distinct());
        var parts = new[] { ("caches before ", NamesOf<CachedMethodModel>()), ("batches in ", NamesOf<BatchMethodModel>()), ("evictions after ", NamesOf<EvictingMethodModel>()) };
        return string.Join(", ", parts.Where(part => part.Item2.Length > 0).Select(part => part.Item1 + part.Item2));
    }

    private string CacheOf(DecoratorMemberModel member)
    {
        if (_fields.TryGetValue(member, out var field))
        {
            return $"{_caches}.{field}";
        }

        var call = member.Cached!;
        var words = new Words(call.Method);
        return $"{CellOf(call)}.{words.Scope}{words.Cache}.For({_caches})";
    }

    private static string TypeArguments(DecoratorCallModel call) => Words.TypeArguments(call.Method.TypeParameters.Select(p => p.Name));

    // Short where the namespace has no type of that name.
    private static string CellOf(DecoratorCallModel call) => call.Alias ?? call.Cell;

    private string Through(string body) => body.Replace("{0}", _inner);
}
