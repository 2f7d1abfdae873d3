using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>Writes the decorator of an interface.</summary>
internal sealed class DecoratorEmitter
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

    private bool LoadsInBackground => _model.Members.Any(m => m.Cached is { Method.LoadsOnOwnInstance: true });

    private bool Disposes => _model.Members.Any(m => m.Disposes);

    private void File()
    {
        if (_model.Namespace.Length > 0)
        {
            _writer.Open("namespace " + _model.Namespace);
        }

        foreach (var call in _model.Members.Select(m => m.Cached).Where(c => c is not null && CellOf(c) != c.Cell).Select(c => c!).GroupBy(CellOf))
        {
            _writer.Line($"using {call.Key} = {call.First().Cell};");
        }

        var cached = string.Join(", ", _model.Members.Where(m => m.Cached is not null).Select(m => Names.Unescape(m.Cached!.Method.Name)).Distinct());
        _writer.Line($"/// <summary>{GeneratedFile.Xml(_model.Display)} with caches before {GeneratedFile.Xml(cached)}; everything else is passed on.</summary>");
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
            if (member.Cached is { } call)
            {
                _writer.Indent().Line($"=> {CellOf(call)}.Invoke{TypeArguments(call)}({CacheOf(member, call)}, {_inner}{call.Arguments});").Outdent();
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

    // AddMemoize learns of the decorator when the assembly is loaded; nothing is made until then.
    private void Announcement()
    {
        _writer.Open("namespace " + Names.GeneratedNamespace + (_model.Namespace.Length == 0 ? "" : "." + _model.Namespace));
        var name = Names.Unescape(_model.Name);
        var arity = _model.TypeParameters.Count;
        var type = "global::" + (_model.Namespace.Length == 0 ? "" : _model.Namespace + ".") + _model.Name;
        if (IsMadeByContainers)
        {
            MadeByContainers(name + "_Registered", type + _typeArguments);
            _writer.Line();
        }

        _writer.Line("/// <summary>Tells <c>AddMemoize</c> of the decorator.</summary>");
        _writer.Line(GeneratedFile.ClassAttributes);
        _writer.Open($"internal static class {name}_Announcement{(arity == 0 ? "" : arity.ToString(System.Globalization.CultureInfo.InvariantCulture))}");
        _writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        _writer.Line("internal static void Announce()");
        _writer.Indent().Line(arity == 0
            ? $"=> global::Memoize.CachedDecorators.Announce(typeof({_model.UnboundInterface}), static () => {type}.{_decorator});"
            : $"=> global::Memoize.CachedDecorators.AnnounceGeneric(typeof({_model.UnboundInterface}), \"{name}\", {(IsMadeByContainers ? $"typeof({name}_Registered<{new string(',', arity - 1)}>)" : "null")}{(LoadsInBackground ? ", loadsInBackground: true" : "")});").Outdent();
        _writer.Close();
        _writer.Close();
    }

    // A container knows the type arguments, and by its key the decorator knows what it stands before.
    private void MadeByContainers(string name, string type)
    {
        var registration = type + "." + _registration;
        _writer.Line("/// <summary>The decorator as a container makes it, which alone knows the type arguments of an open registration.</summary>");
        _writer.Line(GeneratedFile.ClassAttributes);
        _writer.Line($"internal sealed class {name}{_typeArguments} : {type}");
        GeneratedFile.Constraints(_writer, _model.TypeParameters);
        _writer.OpenBrace();
        _writer.Line($"public {name}(global::System.IServiceProvider services, [global::Microsoft.Extensions.DependencyInjection.ServiceKey] object? key = null)");
        _writer.Indent().Line($": this(global::Memoize.CachedDecorators.Registered<{_model.Interface}, {registration}>(services, key, static () => new {registration}()))").Outdent();
        _writer.OpenBrace().Close();
        _writer.Line();
        _writer.Line($"private {name}(({_model.Interface} Inner, {registration} Caches) service)");
        _writer.Indent().Line(": base(service.Inner, service.Caches)").Outdent();
        _writer.OpenBrace().Close();
        _writer.Close();
    }

    private void Registration()
    {
        _writer.Line("/// <summary>How <c>AddMemoize</c> makes decorators of a registration.</summary>");
        _writer.Line($"public static global::Memoize.CachedDecorator {_decorator} {{ get; }} = global::Memoize.CachedDecorator.Of<{_model.Interface}, {_registration}>(");
        _writer.Indent().Line($"static () => new {_registration}(), static (inner, caches) => new {_model.Name}{_typeArguments}(inner, caches){(LoadsInBackground ? ", loadsInBackground: true" : "")});").Outdent();
        _writer.Line();
        _writer.Line("/// <summary>The caches of one registration.</summary>");
        _writer.Line(Hidden);
        _writer.Open($"public sealed class {_registration}");
        foreach (var pair in _fields)
        {
            var call = pair.Key.Cached!;
            var words = new Words(call.Method);
            var cell = CellOf(call);
            _writer.Line($"internal readonly global::Memoize.MethodCache<{cell}.{words.Key}, {call.ValueType}> {pair.Value};");
        }

        if (_fields.Count > 0)
        {
            _writer.Line();
            _writer.Line("/// <summary>Makes the caches, empty.</summary>");
            _writer.Open($"public {_registration}()");
            foreach (var pair in _fields)
            {
                var call = pair.Key.Cached!;
                _writer.Line($"{pair.Value} = {CellOf(call)}.{new Words(call.Method).Cache}.For(this);");
            }

            _writer.Close();
        }

        _writer.Close();
    }

    private string CacheOf(DecoratorMemberModel member, DecoratorCallModel call)
    {
        if (_fields.TryGetValue(member, out var field))
        {
            return $"{_caches}.{field}";
        }

        var words = new Words(call.Method);
        return $"{CellOf(call)}.{words.Scope}{words.Cache}.For({_caches})";
    }

    private static string TypeArguments(DecoratorCallModel call) => Words.TypeArguments(call.Method.TypeParameters.Select(p => p.Name));

    // Short where the namespace has no type of that name.
    private string CellOf(DecoratorCallModel call) =>
        call.Method.Namespace == _model.Namespace && call.Method.Handle?.CellAlias is { } alias ? alias : call.Cell;

    private string Through(string body) => body.Replace("{0}", _inner);
}
