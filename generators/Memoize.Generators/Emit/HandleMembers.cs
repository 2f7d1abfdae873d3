using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>Writes what one handle can do with one overload of its method.</summary>
internal sealed class HandleMembers
{
    private readonly SourceWriter _writer;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly IReadOnlyCollection<CachedMethodModel> _overloads;

    public HandleMembers(SourceWriter writer, IReadOnlyCollection<CachedMethodModel> overloads)
    {
        _writer = writer;
        _overloads = overloads;
    }

    /// <summary>What names an entry of the method: more than the key only where overloads could not be told apart by it.</summary>
    public static IReadOnlyList<ParameterModel> EntryParametersOf(CachedMethodModel method, IReadOnlyCollection<CachedMethodModel> overloads)
    {
        var signature = Signature(method, EntryParameters(method));
        return overloads.Count(other => Signature(other, EntryParameters(other)) == signature) > 1
            ? method.Parameters.Where(p => !p.IsThis || p.NamesEntry).ToList()
            : EntryParameters(method);
    }

    /// <summary>How the file of the handles calls the cell: by an alias, except where the type is generic and an alias cannot be.</summary>
    public static string CellOf(CachedMethodModel method) => method.Handle!.CellAlias ?? method.Cell.FullName;

    public void Write(CachedMethodModel method)
    {
        var words = new Words(method);
        var accessibility = method.Handle!.Accessibility == "public" ? "public" : "internal";
        var typeArguments = Words.TypeArguments(method.TypeParameters.Select(p => p.Name));
        var constraints = GeneratedFile.Constraints(method.TypeParameters);
        var cell = CellOf(method);
        var entry = EntryParametersOf(method, _overloads).ToList();
        var receiver = method.Receiver;
        var instance = receiver is { NamesEntry: true } ? receiver.Type + " " + receiver.Name : null;
        string KeyOf(IEnumerable<string> ambient) => $"new {cell}.{words.KeyType}({string.Join(", ", KeyArguments(method).Concat(ambient))})";
        var key = KeyOf([]);
        var cache = $"{cell}.{words.Scope}{words.Cache}" + (receiver is { PerInstance: true } ? $".For({receiver.Name})" : "");
        var taken = method.Parameters.Select(p => p.Name).Append(receiver?.Name ?? "").ToList();
        var value = Names.Unique("value", taken);
        var update = Names.Unique("update", taken);
        var rules = method.HasRules ? $"{cell}.{CellEmitter.CallRules(method, words, p => p.Name)}" : method.ValueType.StartsWith("dynamic", StringComparison.Ordinal) ? $"default(global::Memoize.EntryRules<{method.ValueType}>)" : "default";

        Member(
            $"Removes this entry{CurrentCaller(method)}; a load of it that is under way is not remembered. True if there was one.",
            $"{accessibility} bool Evict{typeArguments}({List(method, instance, entry, defaults: true)}){constraints}",
            $"{cache}.Evict({key})",
            Signature(method, entry, "Evict"));
        if (method.Ambient.Count > 0)
        {
            var named = method.Ambient.Select(ambient => ambient.Type + " " + ambient.Name);
            Member(
                $"Removes this entry of the {Ambient(method)} that is named; a load of it that is under way is not remembered. True if there was one.",
                $"{accessibility} bool EvictFor{typeArguments}({string.Join(", ", named.Append(List(method, instance, entry, defaults: true)).Where(part => part.Length > 0))}){constraints}",
                $"{cache}.Evict({KeyOf(method.Ambient.Select(ambient => ambient.Name))})",
                Signature(method, entry, "EvictFor"));
        }

        Trailing(entry, shorter => Member(
            $"Looks for this entry{CurrentCaller(method)} without loading it and without counting as a use.",
            $"{accessibility} bool TryGet{typeArguments}({Join(List(method, instance, shorter, defaults: false), $"[global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out {method.ValueType} {value}")}){constraints}",
            shorter.Count == entry.Count ? $"{cache}.Peek({key}, out {value})" : $"TryGet{typeArguments}({Join(Arguments(instance is null ? null : receiver!.Name, shorter, entry), "out " + value)})",
            Signature(method, shorter, "TryGet")));
        Trailing(entry, shorter => Member(
            $"Stores a value{CurrentCaller(method)} as if the method had returned it just now; after a write, give the update that was begun before it.",
            $"{accessibility} void Set{typeArguments}({Join(List(method, instance, shorter, defaults: false), $"{method.ValueType} {value}, global::Memoize.CacheUpdate? {update} = null")}){constraints}",
            shorter.Count == entry.Count ? $"{cache}.Set({key}, {value}, {rules}, {update})" : $"Set{typeArguments}({Join(Arguments(instance is null ? null : receiver!.Name, shorter, entry), $"{value}, {update}")})",
            Signature(method, shorter, "Set:" + method.ValueType)));

        if (method.Door == Door.Decorator)
        {
            var decorator = receiver!.Type + " " + receiver.Name;
            Trailing(entry, shorter => Member(
                "Stores a value in the cache behind this decorator alone; after a write, give the update that was begun before it, and the others forget the entry.",
                $"{accessibility} void Set{typeArguments}({Join(List(method, decorator, shorter, defaults: false), $"{method.ValueType} {value}, global::Memoize.CacheUpdate? {update} = null")}){constraints}",
                shorter.Count == entry.Count ? $"{cache}.Set({receiver.Name}, {key}, {value}, {rules}, {update})" : $"Set{typeArguments}({Join(Arguments(receiver.Name, shorter, entry), $"{value}, {update}")})",
                Signature(method, shorter, "Set behind:" + method.ValueType)));
        }

        if (method.Shape is not null)
        {
            Member(
                $"The same as <c>Evict</c>, without holding the thread while the tiers work.",
                $"{accessibility} global::System.Threading.Tasks.ValueTask<bool> EvictAsync{typeArguments}({List(method, instance, entry, defaults: true)}){constraints}",
                $"{cache}.EvictAsync({key})",
                Signature(method, entry, "EvictAsync"));
            Trailing(entry, shorter => Member(
                "The same as <c>Set</c>, without holding the thread while the tiers work.",
                $"{accessibility} global::System.Threading.Tasks.ValueTask SetAsync{typeArguments}({Join(List(method, instance, shorter, defaults: false), $"{method.ValueType} {value}, global::Memoize.CacheUpdate? {update} = null")}){constraints}",
                shorter.Count == entry.Count ? $"{cache}.SetAsync({key}, {value}, {rules}, {update})" : $"SetAsync{typeArguments}({Join(Arguments(instance is null ? null : receiver!.Name, shorter, entry), $"{value}, {update}")})",
                Signature(method, shorter, "SetAsync:" + method.ValueType)));
            if (method.Door == Door.Decorator)
            {
                Trailing(entry, shorter => Member(
                    "The same as <c>Set</c> behind this decorator, without holding the thread while the tiers work.",
                    $"{accessibility} global::System.Threading.Tasks.ValueTask SetAsync{typeArguments}({Join(List(method, receiver!.Type + " " + receiver.Name, shorter, defaults: false), $"{method.ValueType} {value}, global::Memoize.CacheUpdate? {update} = null")}){constraints}",
                    shorter.Count == entry.Count ? $"{cache}.SetAsync({receiver.Name}, {key}, {value}, {rules}, {update})" : $"SetAsync{typeArguments}({Join(Arguments(receiver.Name, shorter, entry), $"{value}, {update}")})",
                    Signature(method, shorter, "SetAsync behind:" + method.ValueType)));
            }
        }

        if (CellEmitter.Indexed(method) is { Count: > 0 } parts)
        {
            EvictWhere(method, parts, cache, accessibility, typeArguments, constraints);
        }

        var all = List(method, receiver is null ? null : receiver.Type + " " + receiver.Name, method.Parameters.ToList(), defaults: true);
        var passed = string.Join(", ", (receiver is null ? [] : new[] { receiver.Name }).Concat(method.Parameters.Select(p => p.Name)));
        Member(
            "Runs the method now and replaces the entry; if it fails, the entry stays.",
            $"{accessibility} {method.ReturnType} Refresh{typeArguments}({all}){constraints}",
            $"{cell}.{words.Refresh}{typeArguments}({passed})",
            Signature(method, method.Parameters.ToList(), "Refresh"));
        if (method.Door == Door.Decorator)
        {
            passed = string.Join(", ", new[] { $"global::Memoize.CachedDecorators.Inner({receiver!.Name})" }.Concat(method.Parameters.Select(p => p.Name)));
        }

        Member(
            "Runs the method without the cache.",
            $"{accessibility} {method.ReturnType} Uncached{typeArguments}({all}){constraints}",
            $"{cell}.{words.Original}{typeArguments}({passed})",
            Signature(method, method.Parameters.ToList(), "Uncached"));
    }

    private static string Ambient(CachedMethodModel method) => string.Join(" and ", method.Ambient.Select(ambient => Names.Unescape(ambient.Name)));

    private static string CurrentCaller(CachedMethodModel method) => method.Ambient.Count == 0 ? "" : $" for the current {Ambient(method)}";
    // By one part of the key, or by several, each of which may be left out.
    private void EvictWhere(CachedMethodModel method, IReadOnlyList<KeyFieldModel> parts, string cache, string accessibility, string typeArguments, string constraints)
    {
        const string Tag = "global::Memoize.Tags.EntryTag.";
        var instance = method.Receiver is { PerInstance: true } receiver ? new[] { receiver.Type + " " + receiver.Name } : [];
        var names = new List<string>();
        foreach (var part in parts)
        {
            names.Add(Names.Escape(Names.Unique(PartName(part), names.Append(method.Receiver?.Name ?? ""))));
        }

        var one = parts.Count == 1;
        var parameters = instance.Concat(parts.Select((part, i) => one ? $"{part.Type} {names[i]}" : $"global::Memoize.Match<{part.Type}> {names[i]} = default"));
        var tags = parts.Select((part, i) => one ? $"{Tag}{CellEmitter.Part(part)}({i}, {names[i]})" : $"{Tag}Where{CellEmitter.Part(part)}({i}, {names[i]}{(CellEmitter.Part(part) == "Part" ? "" : "!")})");
        Member(
            one
                ? $"Removes all entries with this {names[0]}; loads of them that are under way are not remembered. How many there were."
                : "Removes all entries with these values, of which any may be left out but not all; loads of them that are under way are not remembered. How many there were.",
            $"{accessibility} int EvictWhere{typeArguments}({string.Join(", ", parameters)}){constraints}",
            $"{cache}.EvictWhere({string.Join(", ", tags)})",
            Signature(method, [], "EvictWhere"));
    }

    // The parameter, or its member: user.Id is userId.
    private static string PartName(KeyFieldModel part) =>
        string.Concat(part.Label.Split('.').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word.Substring(1)));

    private void Member(string summary, string declaration, string body, string signature)
    {
        if (!_written.Add(signature))
        {
            return;
        }

        _writer.Line();
        _writer.Line($"/// <summary>{summary}</summary>");
        _writer.Line(declaration);
        _writer.Indent().Line($"=> {body};").Outdent();
    }

    // What comes after optional parameters cannot be required, so where a value follows, each default is an overload of its own.
    private static void Trailing(List<ParameterModel> parameters, Action<List<ParameterModel>> write)
    {
        write(parameters);
        for (var count = parameters.Count - 1; count >= 0 && parameters[count].Default is not null; count--)
        {
            write(parameters.Take(count).ToList());
        }
    }

    private static List<ParameterModel> EntryParameters(CachedMethodModel method) => method.Parameters.Where(p => p.NamesEntry).ToList();

    private static IEnumerable<string> KeyArguments(CachedMethodModel method) =>
        (method.Receiver is { InKey: true } receiver ? [receiver.Name] : Array.Empty<string>())
        .Concat(method.Parameters.Where(p => p.NamesEntry).Select(p => p.Lasting));

    // Whether an overload is told apart from this one by nothing but how an argument is passed.
    private bool HasTwin(CachedMethodModel method) =>
        _overloads.Any(other => other != method && other.Parameters.Select(p => p.Identity).SequenceEqual(method.Parameters.Select(p => p.Identity)));

    private string List(CachedMethodModel method, string? instance, IReadOnlyList<ParameterModel> parameters, bool defaults)
    {
        var says = HasTwin(method) ? "in " : "";
        // A default in front of a parameter without one would not compile.
        var required = parameters.ToList().FindLastIndex(p => p.Default is null);
        var declarations = parameters.Select((p, i) => (p.IsIn ? says : "") + p.Type + " " + p.Name + (defaults && i > required ? " = " + p.Default : ""));
        return string.Join(", ", (instance is null ? [] : new[] { instance }).Concat(declarations));
    }

    private static string Arguments(string? instance, IReadOnlyCollection<ParameterModel> shorter, IEnumerable<ParameterModel> all) =>
        string.Join(", ", (instance is null ? [] : new[] { instance })
            .Concat(shorter.Select(p => p.Name))
            .Concat(all.Skip(shorter.Count).Select(Typed)));

    // Between overloads the type decides: a 1 is an int, and a null is anything.
    private static string Typed(ParameterModel parameter) =>
        parameter.Default!.StartsWith("(", StringComparison.Ordinal)
        || (parameter.Type is "int" or "uint" or "long" or "ulong" or "string" or "bool" or "char" or "double" or "float" or "decimal" && parameter.Default is not ("null!" or "default"))
            ? parameter.Default : $"({parameter.Type}){parameter.Default}";

    private static string Join(string left, string right) => left.Length == 0 ? right : left + ", " + right;

    private static string Signature(CachedMethodModel method, IReadOnlyCollection<ParameterModel> parameters, string name = "") =>
        $"{name}`{method.TypeParameters.Count}({method.Receiver is { NamesEntry: true }}; {string.Join(", ", parameters.Select(p => (p.IsIn ? "in " : "") + p.Identity))})";
}
