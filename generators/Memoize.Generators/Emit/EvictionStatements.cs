using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>
/// The statements that evict and update for one method, whoever runs it: a wrapper of its own, or a decorator. They stand where its
/// parameters, its instance and its result have the names of the model.
/// </summary>
internal sealed class EvictionStatements
{
    private readonly EvictingMethodModel _method;
    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<InvalidationModel, string> _updates = [];

    public EvictionStatements(EvictingMethodModel method)
    {
        _method = method;
        _taken = new HashSet<string>(
            method.Parameters.Select(p => Names.Unescape(p.Name)).Append(method.Receiver?.Name ?? "").Append(method.Result)
                .Concat(method.TypeParameters.Select(p => p.Name)).Concat(method.Containers.SelectMany(c => c.TypeParameters).Select(p => p.Name)),
            StringComparer.Ordinal);
        RunningName = Local("running");
        AfterName = Local("After");
        EvictName = Local("Evict");
        DecoratorName = method.TakesDecorator ? Local("decorator") : "";
        foreach (var invalidation in method.Invalidations)
        {
            if (invalidation.Kind == InvalidationKind.Update)
            {
                _updates[invalidation] = Local(_updates.Count == 0 ? "update" : "update" + (_updates.Count + 1));
            }

            // Outside the user's types a handle has a short name, unless two of different namespaces would have the same.
            var name = invalidation.HandleClass;
            var alias = name.Substring(name.LastIndexOfAny(['.', ':']) + 1);
            if (method.Door != Door.Partial && name.Length > 0 && !_taken.Contains(alias) && _aliases.All(a => a.Value == name || a.Key != alias))
            {
                _aliases[alias] = name;
            }
        }
    }

    public string RunningName { get; }

    public string AfterName { get; }

    public string EvictName { get; }

    /// <summary>The decorator that runs the method; nothing where it does not matter.</summary>
    public string DecoratorName { get; }

    /// <summary>Short names of the classes of handles.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Aliases => _aliases.OrderBy(a => a.Key, StringComparer.Ordinal).ToList();

    public bool HasBefore => _method.Invalidations.Any(invalidation => invalidation.Before);

    /// <summary>The updates that begin before the method, and the handles that begin them.</summary>
    public IReadOnlyList<(string Name, string Handle)> Updates => _updates.Select(update => (update.Value, Handle(update.Key))).ToList();

    /// <summary>What happens when the method has succeeded.</summary>
    public IEnumerable<string> After => _method.Invalidations.Where(invalidation => !invalidation.Before)
        .Select(invalidation => Statement(invalidation, _method.ReturnKind != ReturnKind.Value && MayReachTiers(invalidation)));

    /// <summary>What happens before the method runs, and once more when it has ended.</summary>
    public IEnumerable<string> Before => _method.Invalidations.Where(invalidation => invalidation.Before).Select(invalidation => Statement(invalidation, BeforeAwaits && MayReachTiers(invalidation)));

    /// <summary>Whether these are awaited where they can be.</summary>
    public bool BeforeAwaits => _method.ReturnKind != ReturnKind.Value && _method.Invalidations.Any(invalidation => invalidation.Before && MayReachTiers(invalidation));

    /// <summary>Whether they can be before the method runs: an asynchronous method holds no reference meanwhile.</summary>
    public bool AwaitsBefore => BeforeAwaits && !_method.TakesReferences;

    private static bool MayReachTiers(InvalidationModel invalidation) => invalidation.HasTiers || invalidation.Kind == InvalidationKind.EvictTag;

    /// <summary>The parameters that these need, and the instance, in the order of the method.</summary>
    public IReadOnlyList<string> Uses =>
    [
        .. new[] { _method.Receiver?.Name ?? "" }.Concat(_method.Parameters.Select(p => p.Name))
            .Where(name => _method.Invalidations.Any(invalidation => invalidation.Uses.Contains(name))),
    ];

    /// <summary>In words: <c>evicts UserServiceCache.GetUser</c>.</summary>
    public string Describe() => string.Join(", ", _method.Invalidations.Select(invalidation => invalidation.Kind switch
    {
        InvalidationKind.Clear => "evicts all of " + Short(invalidation.Handle),
        InvalidationKind.Update => "updates " + Short(invalidation.Handle),
        InvalidationKind.EvictTag => "evicts the tag " + invalidation.Handle.TrimStart('$'),
        _ => "evicts " + Short(invalidation.Handle),
    } + (invalidation.Before ? " before and after" : "")).Distinct(StringComparer.Ordinal));

    /// <summary>What follows the method, for comments: <c>and evicts when it has succeeded</c>.</summary>
    public string Deed
    {
        get
        {
            var evicts = _method.Invalidations.Any(invalidation => invalidation is { Before: false, Kind: not InvalidationKind.Update });
            var succeeded = (_updates.Count > 0, evicts) switch
            {
                (true, true) => "evicts and stores its result when it has succeeded",
                (true, false) => "stores its result when it has succeeded",
                (false, true) => "evicts when it has succeeded",
                _ => "",
            };
            return string.Join(", and ", new[] { succeeded, HasBefore ? "evicts before it and after it" : "" }.Where(part => part.Length > 0));
        }
    }

    private static string Short(string handle) => handle.Replace("global::", "");

    private string Statement(InvalidationModel invalidation, bool awaits)
    {
        string Call(string target, string verb, string typeArguments, string arguments) => awaits
            ? $"await {target}.{verb}Async{typeArguments}({arguments}).ConfigureAwait(false);"
            : $"{target}.{verb}{typeArguments}({arguments});";
        if (invalidation.Kind == InvalidationKind.EvictTag)
        {
            return Call((_method.Door == Door.Partial ? "global::Memoize." : "") + "Memo", "EvictTag", "", invalidation.Handle);
        }

        var handle = Handle(invalidation);
        var entry = string.Join(", ", invalidation.Arguments);
        var evict = Call(handle, "Evict", invalidation.TypeArguments, entry);
        var set = string.Concat(new[] { invalidation.OfDecorator ? DecoratorName : "", entry }.Where(part => part.Length > 0).Select(part => part + ", "));
        var statement = invalidation.Kind switch
        {
            InvalidationKind.Clear => Call(handle, "Clear", "", ""),
            InvalidationKind.Evict => evict,
            _ when !invalidation.EvictsNull => Call(handle, "Set", invalidation.TypeArguments, $"{set}{_method.Result}, {_updates[invalidation]}"),
            _ => $"if ({_method.Result} is {{ }} {Value(invalidation)}) {Call(handle, "Set", invalidation.TypeArguments, $"{set}{Value(invalidation)}, {_updates[invalidation]}")}\nelse {evict}",
        };
        return invalidation.Condition.Length == 0 ? statement
            : statement.Contains('\n') ? $"if ({invalidation.Condition})\n{{\n    {statement.Replace("\n", "\n    ")}\n}}"
            : $"if ({invalidation.Condition}) {statement}";
    }

    private string Value(InvalidationModel invalidation) => Names.Unique(_updates[invalidation].Replace("update", "value"), _taken);

    private string Handle(InvalidationModel invalidation)
    {
        var alias = _aliases.FirstOrDefault(a => a.Value == invalidation.HandleClass && a.Value.Length > 0);
        return alias.Key is null ? invalidation.Handle : alias.Key + invalidation.Handle.Substring(alias.Value.Length);
    }

    private string Local(string wish)
    {
        var name = Names.Unique(wish, _taken);
        _taken.Add(name);
        return name;
    }
}
