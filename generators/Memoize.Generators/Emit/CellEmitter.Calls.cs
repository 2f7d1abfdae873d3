using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

// How a call flows: Invoke looks up, Load runs the original once.
internal sealed partial class CellEmitter
{
    // A load may outlive its caller's stack, so it takes everything by value, and what a span showed is in the key.
    private IEnumerable<string> LoadParameters => Receiver("")
        .Concat(_method.Parameters.Where(p => p.Role != ParameterRole.Span).Select(p => p.Type + " " + p.Name));

    private IEnumerable<string> LoadArguments => ReceiverName
        .Concat(_method.Parameters.Where(p => p.Role != ParameterRole.Span).Select(p => p.Name));

    private ParameterModel? Token => _method.Parameters.FirstOrDefault(p => p.Role == ParameterRole.Token);

    // The cache is one of several, and the caller of a private member says which.
    private bool TakesCache => _method.Receiver is { PerInstance: true } || _method.Door == Door.Decorator;

    private string CacheParameter => $"{_library}MethodCache<{_words.KeyType}, {_method.ValueType}> {_words.CacheLocal}";

    private bool IsAsync => _method.ReturnKind != ReturnKind.Value;

    private string TaskType => $"global::System.Threading.Tasks.Task<{_method.ValueType}>";

    private void Invoke()
    {
        _writer.Line("/// <summary>The call: a hit costs this lookup.</summary>");
        var parameters = (_method.Door == Door.Decorator ? [CacheParameter] : Array.Empty<string>())
            .Concat(Receiver("in "))
            .Concat(_method.Parameters.Select(p => p.Declaration));
        _writer.Line($"{InvokeAccessibility} static {_method.ReturnType} Invoke{TypeArguments}({string.Join(", ", parameters)}){Constraints}");
        _writer.OpenBrace();
        if (_method is { Door: Door.Plain, Receiver: { IsValueType: false } receiver })
        {
            _writer.Line($"if ({receiver.Name} is null) throw new global::System.NullReferenceException();");
        }

        var cache = _words.Scope + _words.Cache;
        if (_method.Receiver is { PerInstance: true } owner)
        {
            _writer.Line($"var {_words.CacheLocal} = {cache}.For({owner.Name});");
        }

        if (TakesCache)
        {
            cache = _words.CacheLocal;
        }

        When(cache);
        if (HasCollections || _method.Parameters.Any(p => p.Role == ParameterRole.Span))
        {
            LookUpThroughProbes(cache);
        }
        else
        {
            _writer.Line($"var {_words.KeyLocal} = new {_words.KeyType}({string.Join(", ", KeyArguments(p => p.Name))});");
            _writer.Line($"return {TryGet(cache, _words.KeyLocal)} ? {HitResult(_words.Hit)} : {Miss(cache, _words.KeyLocal)};");
        }

        _writer.Close();
        _writer.Line();
    }

    private string HitResult(string hit) => _method.ReturnKind == ReturnKind.ValueTask ? $"new {_method.ReturnType}({hit})" : hit;

    private string TryGet(string cache, string key) =>
        $"{cache}.{(_method.ReturnKind == ReturnKind.Task ? "TryGetTask" : "TryGet")}({key}, out var {_words.Hit})";

    private string Miss(string cache, string key)
    {
        var instance = TakesCache ? new[] { cache } : [];
        var call = $"{_words.Load}{TypeArguments}({string.Join(", ", instance.Concat([key]).Concat(LoadArguments))})";
        return _method.ReturnKind == ReturnKind.ValueTask ? $"new {_method.ReturnType}({call})" : call;
    }

    // The probe is a reusable object that shows the content of a span or a collection to the lookup; only a miss copies it.
    private void LookUpThroughProbes(string cache)
    {
        var spans = _method.Parameters.Where(p => p.Role == ParameterRole.Span).ToList();
        var collections = CollectionMembers.Select(f => (Local: _words.Probe(f.Name), Probe: f.Probe!))
            .Concat(_method.Parameters.Where(p => p.Probe is not null).Select(p => (Local: _words.Probe(p.Name), Probe: p.Probe!)))
            .ToList();
        foreach (var (local, probe) in collections)
        {
            _writer.Line($"var {local} = {Of(probe.Rent)};");
        }

        // Nothing is read before the types of all are known: the original would find an iterator at its end.
        Copies(cache, collections);
        foreach (var span in spans)
        {
            _writer.Line($"var {_words.Probe(span.Name)} = {span.SpanKey}.Rent({span.Name});");
        }

        // The key is made twice, and what belongs to the caller is read once.
        foreach (var value in _method.Ambient)
        {
            _writer.Line($"var {value.Name} = {value.Source};");
        }

        var ambient = _method.Ambient.Select(value => value.Name).ToList();
        var probing = $"new {_words.KeyType}({string.Join(", ", KeyArguments(p => p.Role == ParameterRole.Span ? _words.Probe(p.Name) : p.Probe is null ? p.Name : _words.Probe(p.Name) + "?.Read()", f => _words.Probe(f.Name) + "?.Read()").Concat(ambient))})";
        _writer.Line($"var {_words.Found} = {TryGet(cache, probing)};");
        foreach (var span in spans)
        {
            _writer.Line($"{_words.Probe(span.Name)}.Return();");
        }

        if (collections.Count > 0)
        {
            _writer.Line($"if ({_words.Found})");
            _writer.OpenBrace();
            foreach (var (local, _) in collections)
            {
                _writer.Line($"{local}?.Return();");
            }

            _writer.Close();
            _writer.Line();
        }

        var lasting = $"new {_words.KeyType}({string.Join(", ", KeyArguments(p => p.Probe is null ? p.Lasting : _words.Probe(p.Name) + "?.Keep()", f => _words.Probe(f.Name) + "?.Keep()").Concat(ambient))})";
        _writer.Line($"return {_words.Found} ? {HitResult(_words.Hit + "!")} : {Miss(cache, lasting)};");
    }

    // Members of the instance that are compared by their elements.
    private IEnumerable<KeyFieldModel> CollectionMembers => _method.Key.Where(f => f.Probe is not null);

    private bool HasCollections => CollectionMembers.Any() || _method.Parameters.Any(p => p.Probe is not null);

    // Only a member's expression has a place for the instance.
    private string Of(string probe) => probe.Replace("{0}", _method.Receiver?.Name);

    private IEnumerable<string> KeyArguments(Func<ParameterModel, string> argument, Func<KeyFieldModel, string>? ofMember = null) =>
        (_method.Receiver is { InKey: true } receiver ? [receiver.Name] : Array.Empty<string>())
        .Concat(ofMember is null ? [] : CollectionMembers.Select(ofMember))
        .Concat(_method.Parameters.Where(p => p.NamesEntry).Select(argument));

    private void Load()
    {
        var instance = TakesCache ? new[] { CacheParameter } : [];
        var parameters = instance.Concat([$"{_words.KeyType} {_words.KeyLocal}"]).Concat(LoadParameters);
        var cache = instance.Length > 0 ? _words.CacheLocal : _words.Scope + _words.Cache;
        _writer.Line("/// <summary>A miss: one caller runs the original, the others wait for it.</summary>");
        _writer.Line($"private static {(IsAsync ? TaskType : _method.ReturnType)} {_words.Load}{TypeArguments}({string.Join(", ", parameters)}){Constraints}");
        _writer.Indent().Line($"=> {cache}.{(IsAsync ? "LoadAsync" : "Load")}({_words.KeyLocal}, {RunOriginal(mayBeInBackground: true)}{RulesArgument}{CallerToken});").Outdent();
        _writer.Line();
    }

    /// <summary>The fields of the key with an index; their positions tell them apart.</summary>
    public static IReadOnlyList<KeyFieldModel> Indexed(CachedMethodModel method) => method.Key.Where(field => field.IsIndexed).ToList();

    /// <summary>How a part is compared.</summary>
    public static string Part(KeyFieldModel field) => field.Equality.Contains("IgnoreCase") ? "PartIgnoreCase" : "Part";

    private string CallerToken => Token is { } token ? ", " + token.Name : "";

    // The load gets a token of its own: it is cancelled when the last caller has left, not when the first one has.
    private string RunOriginal(bool mayBeInBackground = false)
    {
        var receiver = mayBeInBackground && _method.LoadsOnOwnInstance ? [BackgroundReceiver()] : ReceiverName;
        var arguments = receiver.Concat(_method.Parameters.Select(LoadArgument));
        var call = $"{_words.Original}{TypeArguments}({string.Join(", ", arguments)})";
        return $"{(Token is null ? _words.Unused : _words.Token)} => {call}{(_method.ReturnKind == ReturnKind.ValueTask ? ".AsTask()" : "")}";
    }

    // It outlives the call, and perhaps the services of the instance.
    private string BackgroundReceiver()
    {
        var self = _method.Receiver!.Name;
        if (!_method.Receiver.InKey)
        {
            return $"{_library}BackgroundLoad.Scoped({self})";
        }

        var other = Names.Unique("other", _method.Parameters.Select(p => p.Name).Append(self));
        return $"{_library}BackgroundLoad.Scoped({self}, {other} => {KeyAnew(other)}.Equals({_words.KeyLocal}))";
    }

    // The key of the same call on this instance, where there is one in the key. What belonged to the caller is taken from its key.
    private string KeyAnew(string? instance)
    {
        string InKey(string value) => $"{_words.KeyLocal}.{_method.Key.First(field => field.Value == value).Name}";

        // Of a culture the key has what makes another that is equal to it.
        string Ambient(string value) => _method.Key.Any(field => field.Value == value)
            ? InKey(value)
            : $"new global::System.Globalization.CultureInfo({InKey(value + ".Name")}, {InKey(value + ".UseUserOverride")})";

        var arguments = (_method.Receiver is { InKey: true } ? [instance!] : Array.Empty<string>())
            .Concat(CollectionMembers.Select(f => f.Probe!.Create.Replace("{0}", instance)))
            .Concat(_method.Parameters.Where(p => p.NamesEntry).Select(p => p.SpanKey is null && p.Probe is null ? LoadArgument(p) : InKey(p.Name)))
            .Concat(_method.Ambient.Select(value => Ambient(value.Name)));
        return $"new {_words.KeyType}({string.Join(", ", arguments)})";
    }

    private string LoadArgument(ParameterModel parameter) => parameter.Role switch
    {
        ParameterRole.Token => _words.Token,
        _ when parameter.LoadArgument is { } load => load.Replace("{0}", _words.KeyLocal),
        _ => parameter.Name,
    };

    private void Refresh()
    {
        var parameters = Receiver("").Concat(_method.Parameters.Select(p => p.Type + " " + p.Name));
        var cache = _words.Scope + _words.Cache + (_method.Receiver is { PerInstance: true } receiver ? $".For({receiver.Name})" : "");
        _writer.Line("/// <summary>Runs the original now and replaces the entry.</summary>");
        _writer.Line($"internal static {_method.ReturnType} {_words.Refresh}{TypeArguments}({string.Join(", ", parameters)}){Constraints}");
        _writer.OpenBrace();
        if (_method is { Door: Door.Decorator, Receiver: { } decorator })
        {
            _writer.Line($"var {_words.CacheLocal} = {cache}.Behind({decorator.Name});");
            _writer.Line($"{decorator.Name} = {_library}CachedDecorators.Inner({decorator.Name});");
            cache = _words.CacheLocal;
        }

        _writer.Line($"var {_words.KeyLocal} = new {_words.KeyType}({string.Join(", ", KeyArguments(p => p.Lasting))});");
        var call = $"{cache}.{(IsAsync ? "RefreshAsync" : "Refresh")}({_words.KeyLocal}, {RunOriginal()}{RulesArgument}{CallerToken})";
        _writer.Line(_method.ReturnKind == ReturnKind.ValueTask ? $"return new {_method.ReturnType}({call});" : $"return {call};");
        _writer.Close();
        _writer.Line();
    }
}
