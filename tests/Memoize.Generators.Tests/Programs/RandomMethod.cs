namespace Memoize.Generators.Tests.Programs;

/// <summary>One cached method of a random program, its plain twin, and what calls of them look like.</summary>
sealed class RandomMethod
{
    // Names that generated code might like for itself.
    static readonly string[] _names = ["key", "self", "cache", "hit", "value", "id", "_", "@class", "token", "entry", "Key", "M", "load", "args", "found", "result", "T0", "memo", "@event", "other"];

    static readonly string[] _options = ["", "VaryBy = \"culture\"", "Ttl = 300, Tags = [\"all\"], VaryBy = \"culture\"", "Ttl = 300", "MaxSize = 1000", "Ttl = 300, MaxSize = 900", "Sliding = 60", "Eviction = Eviction.Lfu, MaxSize = 900", "Ttl = 60, StaleWhileRevalidate = 60", "Ttl = 60, RefreshAhead = 0.9, Jitter = 0.1"];

    readonly Random _random;
    readonly string _name;
    readonly Door _door;
    readonly (Thing Thing, string Name, bool IsOptional)[] _parameters;
    readonly Thing? _argument;
    readonly string _result;
    readonly string _option;

    public RandomMethod(Random random, int number)
    {
        _random = random;
        _door = (Door)(number % (int)Door.Count);
        _name = $"C{number}";
        var names = _names.OrderBy(_ => random.Next()).ToArray();
        var things = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Any(Things.All)).DistinctBy(thing => thing.Type == "CancellationToken" ? thing : (object)new()).ToArray();
        _result = Array.Exists(things, thing => thing.IsSpan) ? "string" : Any(["string", "string", "Task<string>", "ValueTask<string>"]);
        _option = Any(_options);
        _argument = _door is Door.GenericClass or Door.GenericMethod or Door.Nested ? Any([.. Things.All.Where(thing => thing.IsArgument)]) : null;
        if (_argument is not null)
            things = [_argument with { Type = "T", Look = "Any(x)", Default = null, Attribute = "" }, .. things];
        var parameters = things.Select((thing, i) => (thing, names[i], thing.Default is not null && random.Next(2) == 0)).ToArray();

        // The receiver of an extension stays where it is, and so does what has the type argument.
        var first = _door == Door.Extension || _argument is not null ? 1 : 0;
        if (first == 1)
            parameters[0].Item3 = false;
        _parameters = [.. parameters.Take(first), .. parameters.Skip(first).OrderBy(parameter => parameter.Item3)];
    }

    public string Name => _name;

    bool IsAsync => _result != "string";

    bool HasHandle => _door is not (Door.GenericClass or Door.GenericMethod or Door.Nested or Door.Decorator);

    string Cached => _option.Length == 0 && _door != Door.PerInstance ? "[Cached]" : $"[Cached({string.Join(", ", new[] { _option, _door == Door.PerInstance ? "PerInstance = true" : "" }.Where(text => text.Length > 0))})]";

    // A static method has its own text; one of an instance may have more.
    string State => _door is Door.Keyed or Door.PerInstance ? "Text(State) + \";\" + " : _door == Door.Collected ? "Each(State) + Each(_more) + \";\" + " : _door == Door.Virtual ? "\"base;\" + " : _argument is not null ? "typeof(T).Name + \";\" + " : "";

    string Names => string.Join(", ", _parameters.Select(parameter => parameter.Name));

    string Declared(bool withDefaults, bool withAttributes, string before = "") => before + string.Join(", ", _parameters.Select(parameter =>
        (withAttributes ? parameter.Thing.Attribute : "")
        + (_door == Door.Extension && parameter == _parameters[0] && before.Length == 0 ? "this " : "")
        + $"{parameter.Thing.Type} {parameter.Name}"
        + (withDefaults && parameter.IsOptional ? " = " + parameter.Thing.Default : "")));

    string Body(string state) => state + string.Join(" + \";\" + ", _parameters.Select(parameter => "Look" + Array.IndexOf(_parameters, parameter) + "(" + parameter.Name + ")"));

    string Looks => string.Join("\n", _parameters.Select((parameter, i) =>
        $"    static string Look{i}{(parameter.Thing.Type == "T" && _door == Door.GenericMethod ? "<T>" : "")}({parameter.Thing.Type} x) => ({parameter.Thing.Look}) + \"\";"));

    string Ran(string plain) => IsAsync
        ? _random.Next(2) == 0 ? $"async {{0}} {{ await Task.Yield(); return Book.Ran(\"{_name}\", {plain}); }}" : $"{{0}} => {_result[..^"<string>".Length]}.FromResult(Book.Ran(\"{_name}\", {plain}));"
        : $"{{0}} => Book.Ran(\"{_name}\", {plain});";

    // A method whose head stands between "async", if it is that, and its body.
    string Method(string modifiers, string name, string generic, string constraint, string plain, bool withAttributes = true, bool withDefaults = true)
    {
        var text = Ran(plain);
        var head = $"{_result} {name}{generic}({Declared(withDefaults, withAttributes)}){constraint}";
        return text.StartsWith("async", StringComparison.Ordinal) ? $"{modifiers} async {text["async ".Length..].Replace("{0}", head, StringComparison.Ordinal)}" : $"{modifiers} {text.Replace("{0}", head, StringComparison.Ordinal)}";
    }

    public string Declaration
    {
        get
        {
            var plainArguments = _door == Door.Virtual ? Body(State) : $"Plain{(_door == Door.GenericMethod ? "<T>" : "")}({Names})";
            var plain = $"string Plain{(_door == Door.GenericMethod ? "<T>" : "")}({Declared(true, false)}){(_door == Door.GenericMethod ? " where T : IEquatable<T>" : "")} => {Body(State)};";
            const string Equatable = " where T : IEquatable<T>";
            return _door switch
            {
                Door.Static or Door.Extension => $"public static class {_name}\n{{\n    {Cached} {Method("public static", "M", "", "", plainArguments)}\n    public static {plain}\n{Looks}\n}}",
                Door.GenericMethod => $"public static class {_name}\n{{\n    {Cached} {Method("public static", "M", "<T>", Equatable, plainArguments)}\n    public static {plain}\n{Looks}\n}}",
                Door.GenericClass => $"public static class {_name}<T>{Equatable}\n{{\n    {Cached} {Method("public static", "M", "", "", plainArguments)}\n    public static {plain}\n{Looks}\n}}",
                Door.Nested => $"public class {_name}<T>{Equatable}\n{{\n    public static class Inner\n    {{\n    {Cached} {Method("internal static", "M", "", "", plainArguments)}\n    public static {plain}\n{Looks}\n    }}\n}}",
                Door.Service => $"public sealed class {_name}\n{{\n    {Cached} {Method("public", "M", "", "", plainArguments)}\n    public {plain}\n{Looks}\n}}",
                Door.Struct => $"public readonly struct {_name}\n{{\n    {Cached} {Method("public", "M", "", "", plainArguments)}\n    public {plain}\n{Looks}\n}}",
                Door.Keyed => $"public sealed class {_name}\n{{\n    [CacheKey] public string? State;\n    {Cached} {Method("public", "M", "", "", plainArguments)}\n    public {plain}\n{Looks}\n}}",
                Door.Collected => $"public class {_name}(params int[] more)\n{{\n    [CacheKey(Structural = true)] internal List<string> State = [];\n    [CacheKey(Structural = true)] private readonly HashSet<int> _more = [.. more];\n    {Cached} {Method("public virtual", "M", "", "", plainArguments)}\n    public {plain}\n{Looks}\n}}",
                Door.PerInstance => $"public sealed class {_name}\n{{\n    public string? State;\n    {Cached} {Method("public", "M", "", "", plainArguments)}\n    public {plain}\n{Looks}\n}}",
                Door.Virtual => $"public class {_name}\n{{\n    {Cached} {Method("public virtual", "M", "", "", plainArguments)}\n    public virtual {plain}\n{Looks}\n}}\n"
                    + $"public sealed class {_name}Heir : {_name}\n{{\n    {Method("public override", "M", "", "", "\"heir;\" + " + plainArguments, withAttributes: false)}\n    public override string Plain({Declared(true, false)}) => \"heir;\" + base.Plain({Names});\n{Looks}\n}}",
                Door.Partial => $"public static partial class {_name}\n{{\n    {Cached} public static partial {_result} M({Declared(true, true)});\n    {Method("static", "MCore", "", "", plainArguments, withAttributes: false, withDefaults: false)}\n    public static {plain}\n{Looks}\n}}",
                Door.Interface => $"public interface I{_name}\n{{\n    {_result} M({Declared(true, false)});\n    string Plain({Declared(true, false)});\n}}\n"
                    + $"public sealed partial class {_name} : I{_name}\n{{\n    {Cached} public partial {_result} M({Declared(true, true)});\n    {Method("", "MCore", "", "", plainArguments, withAttributes: false, withDefaults: false)}\n    public {plain}\n{Looks}\n}}",
                _ => $"public interface I{_name}\n{{\n    {Cached} {_result} M({Declared(true, true)});\n    string Plain({Declared(true, false)});\n}}\n"
                    + $"public sealed class Inner{_name} : I{_name}\n{{\n    {Method("public", "M", "", "", plainArguments, withAttributes: false)}\n    public {plain}\n{Looks}\n}}",
            };
        }
    }

    /// <summary>What calls use: a field, or nothing.</summary>
    public string Setup => Owners == 0 ? "" : "static readonly " + _door switch
    {
        Door.Service or Door.Struct or Door.PerInstance => $"{_name}[] o{_name} = [new(), new()];",
        Door.Keyed => $"{_name}[] o{_name} = [new() {{ State = null }}, new() {{ State = \"a\" }}, new() {{ State = \"A\" }}, new() {{ State = \"a\" }}];",
        Door.Collected => $"{_name}[] o{_name} = [new(1), new(1) {{ State = [\"a\"] }}, new(2) {{ State = [\"a\"] }}, new(1) {{ State = [\"a\"] }}];",
        Door.Virtual => $"{_name}[] o{_name} = [new(), new {_name}Heir(), new()];",
        Door.Interface => $"I{_name}[] o{_name} = [new {_name}(), new {_name}()];",
        _ => $"I{_name}[] o{_name} = [new Cached{_name}(new Inner{_name}()), new Cached{_name}(new Inner{_name}())];",
    };

    int Owners => _door switch { Door.Keyed or Door.Collected => 4, Door.Virtual => 3, Door.Service or Door.Struct or Door.PerInstance or Door.Interface or Door.Decorator => 2, _ => 0 };

    /// <summary>Takes something out of the cache, and says so in the book.</summary>
    public string Removal()
    {
        if (!HasHandle)
            return Check();
        if (Array.Exists(_parameters, parameter => parameter.Thing.IsLeftOut) || _random.Next(4) == 0)
            return $"{_name}Cache.M.Clear(); Book.Clear(\"{_name}\");";

        var owner = Owners == 0 ? 0 : _random.Next(Owners);
        var (arguments, _) = Arguments();
        var receiver = _door is Door.Keyed or Door.Collected or Door.PerInstance or Door.Virtual ? $"o{_name}[{owner}]" + (arguments.Length > 0 ? ", " : "") : "";
        return $"Book.Evict(\"{_name}\", {Tag(owner)}, {_name}Cache.M.Evict({receiver}{arguments}), {Receiver(owner)}.Plain({arguments}));";
    }

    /// <summary>A call beside its twin.</summary>
    public string Check()
    {
        var owner = Owners == 0 ? 0 : _random.Next(Owners);
        var (arguments, _) = Arguments();
        var called = _door == Door.Extension && _random.Next(2) == 0 ? AsExtension() : $"{Receiver(owner)}{(Owners > 0 && _door != Door.Struct && !IsAsync && _random.Next(4) == 0 ? "?" : "")}.{{0}}({arguments})";
        var cached = called.Replace("{0}", "M", StringComparison.Ordinal);
        var plain = called.Replace("{0}", "Plain", StringComparison.Ordinal);
        if (called.Contains("?.", StringComparison.Ordinal))
            (cached, plain) = (cached + "!", plain + "!");
        var check = $"Book.Check(\"{_name}\", {Tag(owner)}, {(IsAsync ? "await " : "")}{cached}, {plain});";
        return _random.Next(6) switch
        {
            0 when !IsAsync => $"{{ Action call = () => {check} call(); call(); }}",
            1 when IsAsync => $"{{ async Task Local() {{ {check} }} await Local(); }}",
            2 => $"for (var i = 0; i < 2; i++) {{ {check} }}",
            _ => check,
        };
    }

    // Whose cache it is, where each has one.
    string Tag(int owner) => _door is Door.PerInstance or Door.Decorator ? $"\"{owner}:\"" : "\"\"";

    string Receiver(int owner) => Owners > 0 ? $"o{_name}[{owner}]"
        : _door switch
        {
            Door.GenericClass => $"{_name}<{_argument!.Type}>",
            Door.Nested => $"{_name}<{_argument!.Type}>.Inner",
            _ => _name,
        };

    string AsExtension()
    {
        var (arguments, first) = Arguments();
        var rest = arguments.Length > first.Length ? arguments[(first.Length + 2)..] : "";
        return first.Contains(": ", StringComparison.Ordinal) && arguments.StartsWith(_parameters[0].Name + ":", StringComparison.Ordinal)
            ? $"{_name}.{{0}}({arguments})" : $"(({_parameters[0].Thing.Type})({first})).{{0}}({rest})";
    }

    // As somebody would write them: positional, then by name in any order, what is optional at times not at all.
    (string Text, string First) Arguments()
    {
        var positional = _random.Next(3) == 0 ? _random.Next(_door == Door.Extension ? 1 : 0, _parameters.Length + 1) : _parameters.Length;
        var given = new List<string>();
        var isOpen = true;
        for (var i = 0; i < positional && isOpen; i++)
        {
            isOpen = !_parameters[i].IsOptional || _random.Next(3) > 0;
            if (isOpen)
                given.Add(Value(i));
        }

        var named = Enumerable.Range(given.Count, _parameters.Length - given.Count).Where(i => !_parameters[i].IsOptional || (positional < _parameters.Length && _random.Next(2) == 0));
        return (string.Join(", ", given.Concat(named.OrderBy(_ => _random.Next()).Select(i => $"{_parameters[i].Name}: {Value(i)}"))), given.Count > 0 ? given[0] : "");
    }

    string Value(int parameter) => Any(_parameters[parameter].Thing.Values) is var value && value == "default" && parameter == 0 && _argument is not null
        ? $"default({_argument.Type})" : value;

    T Any<T>(T[] all) => all[_random.Next(all.Length)];
}

/// <summary>How a method is reached.</summary>
enum Door
{
    Static,
    Service,
    Keyed,
    Collected,
    PerInstance,
    Struct,
    GenericClass,
    GenericMethod,
    Nested,
    Extension,
    Virtual,
    Partial,
    Interface,
    Decorator,
    Count,
}
