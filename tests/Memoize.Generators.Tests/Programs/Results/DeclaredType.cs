namespace Memoize.Generators.Tests.Programs.Results;

/// <summary>A type of the program's own, as people declare them; those that no serializer gives back as they were, too.</summary>
sealed class DeclaredType
{
    readonly string _name;
    readonly string _kind;
    readonly List<Member> _members;
    readonly Random _random;

    sealed record Member(string Name, ResultType Type, string Style);

    static readonly string[] _styles =
    [
        "{ get; set; }", "{ get; set; }", "{ get; init; }", "{ get; init; }", "required", "{ get; private set; }", "[JsonInclude] { get; private set; }", "{ get; internal set; }",
        ";", "[JsonInclude] ;", "[JsonIgnore] { get; set; }", "[JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] { get; set; }", "[JsonPropertyName(\"other\")] { get; set; }",
        "{ get; set => field = value; }", "private", "around", "[JsonInclude] private", "[JsonConverter] { get; set; }", "virtual", "explicit",
        "[NonSerialized]", "initial",
    ];

    static readonly string[] _kinds =
    [
        "record", "record", "record struct", "record class", "class", "class", "class", "struct", "made", "made struct", "derived", "derived record", "hidden", "kinds", "kinds", "interface", "abstract", "open", "chain", "list", "generic", "filled",
    ];

    /// <summary>A random one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="random">What it is like.</param>
    /// <param name="part">A type for a member.</param>
    /// <param name="change">What the next version of the program does to it; null for the first version.</param>
    public DeclaredType(string name, Random random, Func<ResultType> part, Random? change)
    {
        _name = name;
        _random = random;
        _kind = random.Any(_kinds);
        _members = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new Member(((char)('A' + i)).ToString(), part(), random.Any(_styles)))];

        // Most types are such that they come back, or else there would be little to read back.
        if (random.Next(3) > 0)
            _members = [.. _members.Select(member => member with { Style = random.Any(_styles[..5]) })];
        if (change is not null)
            (_kind, _members) = Changed(change, part);
    }

    public string Name => _name;

    // As it stands in a member's or a method's declaration.
    public ResultType Type => new(_kind == "interface" ? "I" + _name : _kind == "generic" ? $"{_name}<{_members[0].Type.Text}>" : _name, Value) { IsValueType = _kind.EndsWith("struct", StringComparison.Ordinal) };

    (string, List<Member>) Changed(Random change, Func<ResultType> part)
    {
        var members = _members.ToList();
        var at = change.Next(members.Count);
        var kind = _kind;
        switch (change.Next(10))
        {
            case 0: members[at] = members[at] with { Name = "Z" }; break;
            case 1: members.Insert(at, new("Y", part(), change.Any(_styles))); break;
            case 2 when members.Count > 1: members.RemoveAt(at); break;
            case 3: members[at] = members[at] with { Type = part() }; break;
            case 4: members.Reverse(); break;
            case 5: members = [.. members.Select((member, i) => member with { Name = members[^(i + 1)].Name })]; break;
            case 6: members[at] = members[at] with { Style = change.Any(_styles) }; break;
            case 7: kind = change.Any([.. _kinds.Where(one => one != "open")]); break;
            case 8: members = [.. members.Select(member => member with { Style = "{ get; init; }" })]; break;
        }

        return (kind, members);
    }

    string Value(string path, bool isTame)
    {
        var random = Chance.At(path + _name);
        var values = string.Join(", ", _members.Select(member => member.Type.Value($"{path}.{_name}.{member.Name}", isTame)));
        var type = Type.Text;
        return _kind switch
        {
            _ when !isTame && !Type.IsValueType && random.Next(12) == 0 => "null!",
            "record" or "record struct" or "record class" => $"new {type}({values})",
            "kinds" or "abstract" or "interface" when _kind != "kinds" || random.Next(isTame ? 1 : 4) > 0 => $"{_name}{random.Any("First", "Second", isTame ? "First" : "Third", isTame ? "First" : "Fourth")}.Make({values}, 7)",
            "open" when !isTame && random.Next(2) == 0 => $"{_name}Third.Make({values}, 7)",
            "chain" => $"{type}.Make({values}, {(path.Length < 40 && random.Next(3) > 0 ? Value(path + "+", isTame) : "null")})",
            "list" => $"{type}.Make({values}, {random.Next(isTame ? 1 : 3)})",
            "derived" or "derived record" or "hidden" => $"{type}.Make({values}, {(isTame ? 0 : random.Next(3))})",
            _ => $"{type}.Make({values})",
        };
    }

    /// <summary>The declaration, on lines of its own.</summary>
    public string Declaration
    {
        get
        {
            var kinds = $"[JsonDerivedType(typeof({_name}First), \"first\")] [JsonDerivedType(typeof({_name}Second){(Chance.At(_name).Next(3) == 0 ? "" : ", 2")})] {(Chance.At(_name + "b").Next(4) == 0 ? "[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)] " : "")}";
            var heirs = Heir("First", "sealed ") + Heir("Second", "sealed ") + Heir("Third", "") + $"public sealed class {_name}Fourth : {_name}First2 {{ public int W {{ get; set; }} {Make($"{_name}Fourth", "int w", "made.W = w;")} }}\n".Replace("First2", "Third", StringComparison.Ordinal);
            return _kind switch
            {
                "record" => $"public sealed record {_name}({Parameters});\n",
                "record class" => $"public sealed record class {_name}({Parameters}) {{ public int Length => 1; }}\n",
                "record struct" => $"public {(_random.Next(2) == 0 ? "readonly " : "")}record struct {_name}({Parameters});\n",
                "struct" => $"public struct {_name} {{ public {_name}() {{ }} {Body}{Make(_name)} }}\n",
                "made" or "made struct" => $"public {(_kind == "made" ? "sealed class" : "readonly struct")} {_name} {{ {string.Concat(_members.Select(member => $"public {member.Type.Text} {member.Name} {{ get; }} "))}public {_name}({Parameters}) {{ {string.Concat(_members.Select(member => $"this.{member.Name} = {member.Name}; "))}}} public static {_name} Make({Parameters}) => new({Names}); }}\n",
                "derived" => $"public class {_name}Base {{ public int X {{ get; set; }} }} public sealed class {_name} : {_name}Base {{ {Body}{Make(_name, "int x", "made.X = x;")} }}\n",
                "derived record" => $"public record {_name}Base(int X); public sealed record {_name}(int X) : {_name}Base(X) {{ {Body.Replace("required", "", StringComparison.Ordinal)}{Make(_name, "int x", "", "x")} }}\n",
                "hidden" => $"public class {_name}Base {{ public {_members[0].Type.Text.TrimEnd('?')}{(_members[0].Type.IsValueType ? "" : "?")} A {{ get; set; }} = default!; public virtual int X {{ get; set; }} }} public sealed class {_name} : {_name}Base {{ {Body} public override int X {{ get; set; }} {Make(_name, "int x", $"made.X = x; if (x > 0) (({_name}Base)made).A = a0;")} }}\n",
                "kinds" => $"{kinds}public class {_name} {{ {Body}{Make(_name)} }}\n{heirs}",
                "open" => $"public class {_name} {{ {Body}{Make(_name)} }}\n{Heir("Third", "")}",
                "abstract" => $"{kinds}public abstract class {_name} {{ {Body} }}\n{heirs}",
                "interface" => $"{kinds}public interface I{_name} {{ }} public class {_name} : I{_name} {{ {Body} }}\n{heirs}",
                "chain" => $"public sealed class {_name} {{ {Body}public {_name}? Next {{ get; set; }} {Make(_name, $"{_name}? next", "made.Next = next;")} }}\n",
                "list" => $"public sealed class {_name} : List<int> {{ {Body}{Make(_name, "int many", "for (var i = 0; i < many; i++) made.Add(i);")} }}\n",
                "generic" => $"public sealed class {_name}<T> {{ public T G {{ get; set; }} = default!; public List<T>? Gs {{ get; set; }} {Body}{Make($"{_name}<T>", "", "made.G = (T)(object)a0!; made.Gs = new() { made.G };").Replace("static new", "static", StringComparison.Ordinal)} }}\n",
                "filled" => $"public sealed class {_name} {{ {Body}public List<int> Filled {{ get; }} = new(); public int Twice => 2 * Filled.Count; {Make(_name, "", "made.Filled.Add(1);")} }}\n",
                _ => $"public sealed class {_name} {{ {Body}{Make(_name)} }}\n",
            };
        }
    }

    string Parameters => string.Join(", ", _members.Select(member => $"{member.Type.Text} {member.Name}"));

    string Names => string.Join(", ", _members.Select(member => member.Name));

    string Heir(string suffix, string modifier) => $"public {modifier}class {_name}{suffix} : {_name} {{ public int V {{ get; set; }} {Make($"{_name}{suffix}", "int v", "made.V = v;")} }}\n";

    // Filled where everything can be reached.
    string Body => string.Concat(_members.Select(Declare)) + $"internal void Fill({Arguments}) {{ {string.Concat(_members.Select((member, i) => IsInitial(member) ? "" : $"{member.Name} = a{i}; "))}}} ";

    string Arguments => string.Join(", ", _members.Select((member, i) => $"{member.Type.Text} a{i}"));

    static bool IsInitial(Member member) => member.Style is "required" or "{ get; init; }";

    string Declare(Member member, int i)
    {
        var (name, type, style) = member;
        return style switch
        {
            "required" => $"public required {type.Text} {name} {{ get; init; }} ",
            "private" => $"private {type.Text} {name} = default!; public {type.Text} Get{name}() => {name}; ",
            "around" => $"private {type.Text} _{name} = default!; public {type.Text} {name} {{ get => _{name}; set => _{name} = value; }} ",
            "[JsonInclude] private" => $"[JsonInclude] internal {type.Text} {name} {{ get; set; }} = default!; ",
            "[JsonConverter] { get; set; }" => $"[JsonConverter(typeof(Own<{type.Text.TrimEnd('?')}{(type.IsValueType && type.Text.EndsWith('?') ? "?" : "")}>))] public {type.Text} {name} {{ get; set; }} = default!; ",
            "virtual" => $"public virtual {type.Text} {name} {{ get; set; }} = default!; ".Replace(_kind is "struct" or "class" or "chain" or "list" or "generic" or "filled" or "derived" or "derived record" or "hidden" ? "virtual " : "\0", "", StringComparison.Ordinal),
            "explicit" => $"public {type.Text} {name} {{ get; protected internal set; }} = default!; ".Replace(_kind == "struct" ? "protected " : "\0", "", StringComparison.Ordinal),
            "[NonSerialized]" => $"[NonSerialized] public int N{i}; public {type.Text} {name} {{ get; set; }} = default!; ",
            "initial" => $"public {type.Text} {name} {{ get; set; }} = {type.Value("initial", true)}; ",
            ";" or "[JsonInclude] ;" => $"{style[..^1]}public {type.Text} {name} = default!; ",
            _ => $"{style[..style.IndexOf('{', StringComparison.Ordinal)]}public {type.Text} {name} {style[style.IndexOf('{', StringComparison.Ordinal)..]} = default!; ",
        };
    }

    string Make(string type, string more = "", string then = "", string arguments = "")
    {
        var initial = string.Join(", ", _members.Select((member, i) => IsInitial(member) ? $"{member.Name} = a{i}" : "").Where(text => text.Length > 0));
        var parameters = string.Join(", ", new[] { Arguments, more }.Where(text => text.Length > 0));
        return $"public static {(type == Type.Text ? "" : "new ")}{type} Make({parameters}) {{ var made = new {type}({arguments}) {{ {initial} }}; made.Fill({string.Join(", ", _members.Select((_, i) => $"a{i}"))}); {then} return made; }}";
    }
}
