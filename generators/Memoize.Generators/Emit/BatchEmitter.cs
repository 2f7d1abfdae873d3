using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>Writes the declaration file of one batch method: it asks the cache of another method, and loads what is missing.</summary>
internal sealed class BatchEmitter : WrapperEmitter
{
    private const string Tasks = "global::System.Threading.Tasks.";

    private readonly BatchMethodModel _method;
    private readonly string _batch;
    private readonly string _missing;

    private BatchEmitter(BatchMethodModel method)
        : base(method)
    {
        _method = method;
        var taken = method.Parameters.Select(p => p.Name).Append(method.Receiver?.Name ?? "").Append(method.Item).ToList();
        _batch = Names.Unique("batch", taken);
        _missing = Names.Unique("missing", taken);
    }

    public static SourceWriter Emit(BatchMethodModel method)
    {
        var emitter = new BatchEmitter(method);
        emitter.File();
        return emitter._writer;
    }

    protected override string Description => $"{_method.Signature}: a batch of {_method.Single}.";

    protected override void Members()
    {
        Invoke();
        _writer.Line();
        Load();
        _writer.Line();
        Original();
    }

    private bool IsAsync => _method.ReturnKind != ReturnKind.Value;

    private ParameterModel? Token => _method.Parameters.FirstOrDefault(p => p.Role == ParameterRole.Token);

    private string BatchType => $"{_library}{_method.Shape}Batch<{_method.ItemType}, {_method.KeyType}, {_method.ValueType}>";

    private string Key => $"new {_method.KeyType}({string.Join(", ", _method.KeyArguments)})";

    private string Result => _method.Result.Replace("{0}", _batch + ".Result");

    private IEnumerable<ParameterModel> Passed => _method.Parameters.Where(p => p.Name != _method.Items);

    private void Invoke()
    {
        _writer.Line("/// <summary>The call: what is remembered is looked up, and only the rest is loaded.</summary>");
        var cache = _method.Door == Door.Decorator ? new[] { $"{_library}MethodCache<{_method.KeyType}, {_method.ValueType}> {_method.Cache}" } : [];
        var parameters = cache.Concat(Receiver("in ")).Concat(_method.Parameters.Select(p => p.Declaration));
        _writer.Line($"{InvokeAccessibility} static {_method.ReturnType} Invoke({string.Join(", ", parameters)})");
        _writer.OpenBrace();
        if (_method is { Door: Door.Plain, Receiver: { IsValueType: false } receiver })
        {
            _writer.Line($"if ({receiver.Name} is null) throw new global::System.NullReferenceException();");
        }

        if (_method.MayBeNull)
        {
            var all = ReceiverName.Concat(_method.Parameters.Select(p => p.Name == _method.Items ? p.Name + "!" : p.Name));
            _writer.Line($"if ({_method.Items} is null) return {_words.Original}({string.Join(", ", all)});");
        }

        var anew = _method.KeyMayChange ? $" {{ KeyOf = {_method.Item} => {Key} }}" : "";
        _writer.Line($"var {_batch} = new {BatchType}({string.Join(", ", Construction())}){anew};");
        _writer.Open($"foreach (var {_method.Item} in {_method.Items})");
        _writer.Line($"{_batch}.Add({_method.Item}, {Key});");
        _writer.Close();
        _writer.Line();
        var load = $"{_words.Load}({string.Join(", ", new[] { _batch }.Concat(ReceiverName).Concat(Passed.Select(p => p.Name)))})";
        _writer.Line($"return {_batch}.IsComplete ? {Complete()} : {(_method.ReturnKind == ReturnKind.ValueTask ? $"new {_method.ReturnType}({load})" : load)};");
        _writer.Close();
    }

    private IEnumerable<string> Construction()
    {
        yield return _method.Cache;
        yield return Literals.Of(_method.Signature);
        if (_method.NullIsAbsent)
        {
            yield return "nullIsAbsent: true";
        }

        if (_method.IgnoreCase)
        {
            yield return "comparer: global::System.StringComparer.OrdinalIgnoreCase";
        }
    }

    private string Complete() => _method.ReturnKind switch
    {
        ReturnKind.Task => $"{Tasks}Task.FromResult<{_method.ResultType}>({Result})",
        ReturnKind.ValueTask => $"new {_method.ReturnType}({Result})",
        _ => Result,
    };

    private void Load()
    {
        var parameters = new[] { $"{BatchType} {_batch}" }.Concat(Receiver("")).Concat(Passed.Select(p => p.Type + " " + p.Name));
        var token = (_method.Rules is { } rules ? $", {_method.Item} => {rules}" : "") + (Token is { } own ? ", " + own.Name : "");
        _writer.Line("/// <summary>The rest: one call of the original for what is neither remembered nor being loaded.</summary>");
        _writer.Line($"private static {(IsAsync ? $"async {Tasks}Task<{_method.ResultType}>" : _method.ReturnType)} {_words.Load}({string.Join(", ", parameters)})");
        _writer.OpenBrace();
        _writer.Line(IsAsync
            ? $"await {_batch}.LoadAsync(async ({LambdaParameters}) => {_method.Loaded.Replace("{0}", $"await {RunOriginal()}.ConfigureAwait(false)")}{token}).ConfigureAwait(false);"
            : $"{_batch}.Load(({LambdaParameters}) => {_method.Loaded.Replace("{0}", RunOriginal())}{token});");
        _writer.Line($"return {Result};");
        _writer.Close();
    }

    // The load gets a token of its own: it is cancelled when the last caller of all its keys has left.
    private string LambdaParameters => $"{_missing}, {(Token is null ? "_" : _words.Token)}";

    private string RunOriginal()
    {
        var receiver = ReceiverName.Select(self => _method.LoadsOnOwnInstance ? $"{_library}BackgroundLoad.Scoped({self})" : self);
        var arguments = receiver.Concat(_method.Parameters.Select(p =>
            p.Name == _method.Items ? _method.Missing.Replace("{0}", _missing)
            : p.Role == ParameterRole.Token ? _words.Token
            : p.Name));
        return $"{_words.Original}({string.Join(", ", arguments)})";
    }
}
