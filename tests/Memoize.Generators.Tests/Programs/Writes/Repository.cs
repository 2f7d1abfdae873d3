using Memoize.Generators.Tests.Programs.Results;

namespace Memoize.Generators.Tests.Programs.Writes;

/// <summary>
/// One type of a random program that reads and writes: a cached method, perhaps one for many, and all ways to write what they read. What it
/// stores is a number that grows with every write.
/// </summary>
sealed class Repository
{
    /// <summary>How many different arguments it is called with.</summary>
    public const int Keys = 6;

    sealed record Parameter(string Type, string Name, string[] Values, bool HasTag = true, string Attribute = "", string? Identity = null)
    {
        public string Identity { get; } = Identity ?? Name;
    }

    /// <summary>A method; in its parameters, <c>{0}</c> stands for those of the cached one.</summary>
    sealed record Member(string Attribute, string Type, string Name, string Parameters, string Body)
    {
        public string Async => Body.Contains("await ", StringComparison.Ordinal) ? "async " : "";
    }

    static readonly Parameter _name = new("string", "name", ["\"a\"", "\"b:|,\"", "\"\""]);
    static readonly Parameter _folded = new("string", "name", ["\"a\"", "\"A\"", "\"ß\""], HasTag: false, "[CacheKey(IgnoreCase = true)] ", "name.ToUpperInvariant()");
    static readonly Parameter _part = new("int", "part", ["0", "-1", "7"], Attribute: "[CacheKey(Indexed = true)] ");
    static readonly Parameter _day = new("DayOfWeek?", "day", ["null", "DayOfWeek.Monday", "(DayOfWeek)9"], HasTag: false);
    static readonly Parameter _guid = new("Guid", "id", ["default", "new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)", "new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)"]);
    static readonly Parameter _pair = new("(int A, string B)", "pair", ["(1, \"a\")", "(1, \"b\")", "(2, \"a\")"], HasTag: false);

    static readonly Parameter[][] _lists = [[_name], [_folded], [_guid], [_pair], [_name, _part], [_folded, _part], [_part, _day], [_guid, _part], [_pair, _part], [_name, _part, _day]];

    readonly Random _random;
    readonly int _number;
    readonly bool _isDecorated;
    readonly bool _isPartial;
    readonly bool _isStatic;
    readonly string? _tier;
    readonly Parameter[] _parameters;
    readonly string _options;
    readonly bool _hasTags;
    readonly string[][] _arguments;
    readonly List<Member> _members = [];
    readonly List<string> _writes = [];

    /// <summary>A repository.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="number">Which one of its program.</param>
    /// <param name="tier">The name of the tier that it may have.</param>
    public Repository(Random random, int number, string tier)
    {
        _random = random;
        _number = number;
        _isDecorated = number % 4 == 3;
        _isPartial = number % 4 == 2;
        _isStatic = number % 4 == 1;
        _parameters = random.Any(_lists);
        _hasTags = random.Next(2) == 0;

        // A decorator that somebody constructs has memory alone.
        // One that ignores case cannot be shared.
        _tier = !_isDecorated && !_parameters.Contains(_folded) && random.Next(3) == 0 ? tier : null;
        IsSmall = random.Next(3) == 0;
        _options = string.Join(", ", new[]
        {
            "Ttl = 300", IsSmall ? "MaxSize = 3" : "", random.Next(3) == 0 ? "Eviction = Eviction.Lfu" : "", random.Next(4) == 0 ? "Sliding = 200" : "",
            _hasTags ? $"Tags = [{Tags}]" : "", _tier is null ? "" : $"Tiers = \"{_tier}\"",
        }.Where(text => text.Length > 0));
        _arguments = [.. Enumerable.Range(0, Keys).Select(_ => _parameters.Select(parameter => random.Any(parameter.Values)).ToArray())];
        Read();
        if (random.Next(2) == 0)
            ReadMany();
        Write("Evicts", "[Evicts(nameof(Get))]");
        Write("EvictsBefore", "[Evicts(nameof(Get), Before = true)]", mayThrow: true);
        Write("EvictsAll", "[Evicts(nameof(Get), All = true)]");
        Write("Updates", "[Updates(nameof(Get))]", returns: true);
        if (_hasTags)
        {
            Write("EvictsTag", $"[EvictsTag({Tag(onlyOfAll: false)})]");
            Write("EvictsTags", $"[EvictsTag({Tag(onlyOfAll: true)})]");
        }

        ByHand();
        Declaration = Declare();
    }

    /// <summary>The type.</summary>
    public string Declaration { get; }

    /// <summary>Whether it holds fewer entries than there are.</summary>
    public bool IsSmall { get; }

    /// <summary>Whether a read that was answered once is answered from memory from then on.</summary>
    public bool Remembers => !IsSmall && _tier is null;

    string Name => $"R{_number}";

    string Tags => _parameters.Where(parameter => parameter.HasTag).Aggregate($"\"r{_number}\"", (all, parameter) => $"{all}, \"r{_number}:{{{parameter.Name}}}\"");

    string Tag(bool onlyOfAll) => !onlyOfAll && _parameters.FirstOrDefault(parameter => parameter.HasTag) is { } one ? $"\"r{_number}:{{{one.Name}}}\"" : $"\"r{_number}\"";

    string Declared(bool withAttributes) => string.Join(", ", _parameters.Select(parameter => $"{(withAttributes ? parameter.Attribute : "")}{parameter.Type} {parameter.Name}"));

    // What the truth calls an entry.
    string Identity(string? item = null) => $"Truth.Key({_number}, {string.Join(", ", _parameters.Select((parameter, i) => i == 0 && item is not null ? parameter.Identity.Replace(parameter.Name, item, StringComparison.Ordinal) : parameter.Identity))})";

    void Read()
    {
        var (type, isAsync) = _random.Any([("int", false), ("Task<int>", true), ("ValueTask<int>", true)]);
        ReadIsAsync = isAsync;
        _members.Add(new($"[Cached({_options})]", type, "Get", "{0}", isAsync ? $"{{ await Task.Yield(); var read = Truth.Read({Identity()}); await Truth.Pause(); return read; }}" : $"{{ var read = Truth.Read({Identity()}); Thread.Yield(); return read; }}"));
    }

    bool ReadIsAsync { get; set; }

    void ReadMany()
    {
        var item = _parameters[0];
        var type = $"IReadOnlyDictionary<{item.Type}, int>";
        var parameters = $"IReadOnlyCollection<{item.Type}> many{string.Concat(_parameters.Skip(1).Select(parameter => $", {parameter.Type} {parameter.Name}"))}";
        var found = $"many.Distinct().ToDictionary(item => item, item => Truth.Read({Identity("item")}))";
        _members.Add(new("[CachedBatch(nameof(Get))]", ReadIsAsync ? $"Task<{type}>" : type, "GetMany", parameters,
            ReadIsAsync ? $"{{ await Task.Yield(); var found = {found}; await Truth.Pause(); return found; }}" : $"{{ return {found}; }}"));
        ManyReader = ByKey(key =>
        {
            var rest = string.Concat(_arguments[key].Skip(1).Select(argument => ", " + argument));
            return $"({(ReadIsAsync ? "await " : "")}{Self}.GetMany(new {item.Type}[] {{ {_arguments[key][0]}, {_random.Any(item.Values)} }}{rest}))[{_arguments[key][0]}]";
        });
    }

    void Write(string name, string attribute, bool mayThrow = false, bool returns = false)
    {
        var isAsync = _random.Next(2) == 0;
        var type = (returns, isAsync) switch { (true, true) => "Task<int>", (true, false) => "int", (false, true) => _random.Any(["Task", "ValueTask"]), _ => "void" };
        var written = $"receipt.Version = Truth.Write({Identity()});{(mayThrow ? " if (receipt.Version % 3 == 0) throw new Refused();" : "")}";
        var after = returns ? " return receipt.Version;" : "";
        _members.Add(new(attribute, type, name, "{0}, Receipt receipt", isAsync ? $"{{ await Truth.Pause(); {written} await Task.Yield();{after} }}" : $"{{ {written}{after} }}"));
        var call = $"{(isAsync ? "await " : "")}{Self}.{name}({{0}}, receipt);";
        _writes.Add(mayThrow ? $"try {{ {call} }} catch (Refused) {{ }}" : call);
    }

    // Somebody writes past the type, and says so to its handle.
    void ByHand()
    {
        const string Written = "receipt.Version = Truth.Write({1}); ";
        _writes.Add(Written + (_random.Next(2) == 0 && _tier is not null ? $"await {Name}Cache.Get.EvictAsync({{0}});" : $"{Name}Cache.Get.Evict({{0}});"));
        _writes.Add(Written + $"{Name}Cache.Get.Clear();");
        if (_hasTags)
            _writes.Add(Written + $"{(_random.Next(2) == 0 ? "await Memo.EvictTagAsync" : "Memo.EvictTag")}(\"r{_number}\");");
        if (Array.IndexOf(_parameters, _part) is var part and >= 0)
            _writes.Add(Written + $"{Name}Cache.Get.EvictWhere({{p{part}}});");
    }

    string Self => _isStatic ? Name : $"o{_number}";

    string Declare()
    {
        // Only the cached method says what its parameters are in the key.
        string Marked(Member member) => $"{member.Type} {{0}}({member.Parameters.Replace("{0}", Declared(member.Name == "Get"), StringComparison.Ordinal)})";
        string Plain(Member member) => $"{member.Type} {{0}}({member.Parameters.Replace("{0}", Declared(false), StringComparison.Ordinal)})";
        static string Named(string head, string name) => head.Replace("{0}", name, StringComparison.Ordinal);
        if (_isDecorated)
        {
            return $"public interface I{Name}\n{{\n{string.Join("\n", _members.Select(member => $"    {member.Attribute} {Named(Marked(member), member.Name)};"))}\n}}\n"
                + $"public sealed class Inner{Name} : I{Name}\n{{\n{string.Join("\n", _members.Select(member => $"    public {member.Async}{Named(Plain(member), member.Name)} {member.Body}"))}\n}}";
        }

        var modifier = _isStatic ? "public static " : "public ";
        return $"public {(_isStatic ? "static " : "sealed ")}{(_isPartial ? "partial " : "")}class {Name}\n{{\n{string.Join("\n", _members.Select(member => _isPartial && _random.Next(3) > 0
            ? $"    {member.Attribute} {modifier}partial {Named(Marked(member), member.Name)};\n    {member.Async}{Named(Plain(member), member.Name + "Core")} {member.Body}"
            : $"    {member.Attribute} {modifier}{member.Async}{Named(Marked(member), member.Name)} {member.Body}"))}\n}}";
    }

    /// <summary>The instance that is called, if there is one.</summary>
    public string Setup => _isStatic ? "" : _isDecorated ? $"static readonly I{Name} o{_number} = new Cached{Name}(new Inner{Name}());" : $"static readonly {Name} o{_number} = new();";

    string Arguments(int key) => string.Join(", ", _arguments[key]);

    string TruthOf(int key) => $"Truth.Key({_number}, {string.Join(", ", _parameters.Select((parameter, i) => Typed(parameter, _arguments[key][i])))})";

    static string Typed(Parameter parameter, string value)
    {
        var typed = $"(({parameter.Type})({(value.StartsWith("new(", StringComparison.Ordinal) ? "new " + parameter.Type + value[3..] : value)}))";
        return parameter.Identity == parameter.Name ? typed : parameter.Identity.Replace(parameter.Name, typed, StringComparison.Ordinal);
    }

    static string ByKey(Func<int, string> read) => $"async key => key switch {{ {string.Join(", ", Enumerable.Range(0, Keys).Select(key => $"{(key == Keys - 1 ? "_" : $"{key}")} => {read(key)}"))} }}";

    /// <summary>Reads an entry: the number, by its key.</summary>
    public string Reader => ByKey(key => $"{(ReadIsAsync ? "await " : "")}{Self}.Get({Arguments(key)})");

    /// <summary>The same by the method that reads many, which is asked for another entry as well; null where there is none.</summary>
    public string? ManyReader { get; private set; }

    /// <summary>What the truth calls each entry.</summary>
    public string Truths => $"[{string.Join(", ", Enumerable.Range(0, Keys).Select(TruthOf))}]";

    /// <summary>All ways to write an entry.</summary>
    public string Writers => string.Join(",\n            ", _writes.Select(write => $"async (key, receipt) => {{ switch (key) {{ {string.Join(" ", Enumerable.Range(0, Keys).Select(key =>
        $"case {key}: {Filled(write, key)} break;"))} }} }}"));

    string Filled(string write, int key)
    {
        var filled = write.Replace("{0}", Arguments(key), StringComparison.Ordinal).Replace("{1}", TruthOf(key), StringComparison.Ordinal);
        for (var i = 0; i < _parameters.Length; i++)
            filled = filled.Replace($"{{p{i}}}", _arguments[key][i], StringComparison.Ordinal);
        return filled;
    }
}
