using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;

namespace Memoize.Generators.Emit;

/// <summary>Writes the declaration file of one method that evicts or updates what others remember.</summary>
internal sealed class EvictionEmitter : WrapperEmitter
{
    private readonly EvictingMethodModel _method;
    private readonly EvictionStatements _statements;

    private EvictionEmitter(EvictingMethodModel method)
        : base(method)
    {
        _method = method;
        _statements = new EvictionStatements(method);
    }

    public static SourceWriter Emit(EvictingMethodModel method)
    {
        var emitter = new EvictionEmitter(method);
        emitter.File();
        return emitter._writer;
    }

    protected override string Description => $"{_method.Signature}: {_statements.Describe()}.";

    protected override IEnumerable<string> OriginalParameters =>
        Receiver(_method.Receiver?.InterceptorModifier == "ref " ? "ref " : "").Concat(_method.Parameters.Select(p => p.Declaration));

    // A struct is changed by what it is called on, not by a copy.
    protected override string InstanceArgument => _method.Receiver is { IsValueType: true, InterceptorModifier: "ref " } ? "ref this" : "this";

    // An update is for the registration whose decorator has run the method.
    private IEnumerable<string> Decorator => DecoratorName.Select(name => $"{_method.Receiver!.Type} {name}");

    private IEnumerable<string> DecoratorName => _method.TakesDecorator ? [_statements.DecoratorName] : [];

    private bool IsAsync => _method.ReturnKind != ReturnKind.Value;

    private string CallOriginal
    {
        get
        {
            var self = _method.Receiver is { } receiver ? new[] { (receiver.InterceptorModifier == "ref " ? "ref " : "") + receiver.Name } : [];
            return $"{_words.Original}{TypeArguments}({string.Join(", ", self.Concat(_method.Parameters.Select(p => p.Argument)))})";
        }
    }

    protected override void Usings()
    {
        foreach (var alias in _statements.Aliases)
        {
            _writer.Line($"using {alias.Key} = {alias.Value};");
        }

        if (_statements.Aliases.Count > 0)
        {
            _writer.Line();
        }
    }

    protected override void Members()
    {
        Invoke();
        if (IsAsync && !_statements.AwaitsBefore)
        {
            After();
        }

        if (_statements.HasBefore)
        {
            Evict();
        }

        Original();
    }

    private void Invoke()
    {
        var parameters = Decorator.Concat(Receiver(_method.Receiver?.InterceptorModifier ?? "")).Concat(_method.Parameters.Select(p => p.Declaration));
        _writer.Line(IsAsync && !_statements.AwaitsBefore
            ? $"/// <summary>The call: runs the method; {_statements.AfterName} goes on when it has ended.</summary>"
            : $"/// <summary>The call: runs the method, and {_statements.Deed}.</summary>");
        _writer.Line($"{InvokeAccessibility} static {(_statements.AwaitsBefore ? "async " : "")}{_method.ReturnType} Invoke{TypeArguments}({string.Join(", ", parameters)}){Constraints}");
        if (_statements.AwaitsBefore)
        {
            InvokeAwaiting();
        }
        else if (IsAsync)
        {
            InvokeAsync();
        }
        else
        {
            InvokeNow();
        }

        _writer.Line();
    }

    private void InvokeNow()
    {
        _writer.OpenBrace();
        BeginUpdates();
        foreach (var (update, handle) in _statements.Updates)
        {
            _writer.Line($"using var {update} = {handle}.BeginUpdate();");
        }

        if (_statements.HasBefore)
        {
            _writer.Line(CallEvict);
            _writer.Open("try");
        }

        _writer.Line(_method.HasResult ? $"var {_method.Result} = {CallOriginal};" : CallOriginal + ";");
        Statements(_statements.After);
        if (_method.HasResult)
        {
            _writer.Line($"return {_method.Result};");
        }

        if (_statements.HasBefore)
        {
            _writer.Close();
            _writer.Open("finally").Line(CallEvict).Close();
        }

        _writer.Close();
    }

    // The method runs in the context of its caller, whatever was waited for before.
    private void InvokeAwaiting()
    {
        _writer.OpenBrace();
        BeginUpdates();
        foreach (var (update, handle) in _statements.Updates)
        {
            _writer.Line($"using var {update} = {handle}.BeginUpdate();");
        }

        _writer.Line($"await {EvictCall};");
        _writer.Open("try");
        _writer.Line($"{(_method.HasResult ? $"var {_method.Result} = " : "")}await {CallOriginal}.ConfigureAwait(false);");
        Statements(_statements.After);
        if (_method.HasResult)
        {
            _writer.Line($"return {_method.Result};");
        }

        _writer.Close();
        _writer.Open("finally").Line($"await {EvictCall}.ConfigureAwait(false);").Close();
        _writer.Close();
    }

    // What throws before there is a task throws as it would have without the wrapper.
    private void InvokeAsync()
    {
        var updates = _statements.Updates;
        var after = $"{_statements.AfterName}{TypeArguments}({string.Join(", ", new[] { CallOriginal }.Concat(DecoratorName).Concat(_statements.Uses).Concat(updates.Select(update => update.Name)))})";
        if (updates.Count == 0 && !_statements.HasBefore)
        {
            _writer.Indent().Line($"=> {after};").Outdent();
            return;
        }

        _writer.OpenBrace();
        BeginUpdates();
        foreach (var (update, handle) in updates)
        {
            _writer.Line($"var {update} = {handle}.BeginUpdate();");
        }

        if (_statements.HasBefore)
        {
            _writer.Line(CallEvict);
        }

        _writer.Open("try").Line($"return {after};").Close();
        _writer.Open("catch");
        foreach (var (update, _) in updates)
        {
            _writer.Line($"{update}.Dispose();");
        }

        if (_statements.HasBefore)
        {
            _writer.Line(CallEvict);
        }

        _writer.Line("throw;").Close().Close();
    }

    private void BeginUpdates()
    {
        if (_statements.Updates.Count > 0)
        {
            _writer.Line("// If anything else is done to the entry while the method runs, its result is not stored, and the next call loads.");
        }
    }

    private void After()
    {
        var running = _statements.RunningName;
        var parameters = new[] { $"{_method.ReturnType} {running}" }.Concat(Decorator).Concat(UsedParameters)
            .Concat(_statements.Updates.Select(update => $"{_library}CacheUpdate {update.Name}"));
        _writer.Line($"/// <summary>Waits for the method, and {_statements.Deed}.</summary>");
        _writer.Line($"private static async {_method.ReturnType} {_statements.AfterName}{TypeArguments}({string.Join(", ", parameters)}){Constraints}");
        _writer.OpenBrace();
        foreach (var (update, _) in _statements.Updates)
        {
            _writer.Line($"using ({update})");
        }

        if (_statements.Updates.Count > 0)
        {
            _writer.OpenBrace();
        }

        if (_statements.HasBefore)
        {
            _writer.Open("try");
        }

        _writer.Line($"{(_method.HasResult ? $"var {_method.Result} = " : "")}await {running}.ConfigureAwait(false);");
        Statements(_statements.After);
        if (_method.HasResult)
        {
            _writer.Line($"return {_method.Result};");
        }

        if (_statements.HasBefore)
        {
            _writer.Close();
            _writer.Open("finally").Line(_statements.BeforeAwaits ? $"await {EvictCall}.ConfigureAwait(false);" : CallEvict).Close();
        }

        if (_statements.Updates.Count > 0)
        {
            _writer.Close();
        }

        _writer.Close();
        _writer.Line();
    }

    private string EvictCall => $"{_statements.EvictName}{TypeArguments}({string.Join(", ", _statements.Uses)})";

    // Where the method takes references, the thread waits for what is evicted before it.
    private string CallEvict => EvictCall + (_statements.BeforeAwaits ? ".AsTask().GetAwaiter().GetResult();" : ";");

    private void Evict()
    {
        _writer.Line("/// <summary>Evicts before the method runs, and when it has ended in whatever way.</summary>");
        _writer.Line($"private static {(_statements.BeforeAwaits ? "async global::System.Threading.Tasks.ValueTask" : "void")} {_statements.EvictName}{TypeArguments}({string.Join(", ", UsedParameters)}){Constraints}");
        _writer.OpenBrace();
        Statements(_statements.Before);
        _writer.Close();
        _writer.Line();
    }

    private IEnumerable<string> UsedParameters => _statements.Uses.Select(name =>
        (_method.Receiver is { } receiver && receiver.Name == name ? receiver.Type : _method.Parameters.First(p => p.Name == name).Type) + " " + name);

    private void Statements(IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            _writer.Line(statement);
        }
    }
}
