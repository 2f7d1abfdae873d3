using System.Globalization;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>Writes the declaration file of one cached method: its cell holds cache and key.</summary>
internal sealed partial class CellEmitter : WrapperEmitter
{
    private readonly CachedMethodModel _method;

    private CellEmitter(CachedMethodModel method)
        : base(method) => _method = method;

    public static SourceWriter Emit(CachedMethodModel method)
    {
        var emitter = new CellEmitter(method);
        emitter.File();
        return emitter._writer;
    }

    protected override string Description => $"{_method.Signature}: {DescribeOptions(_method)}.";

    protected override void Usings()
    {
        if (_method.HasTags)
        {
            _writer.Line("using EntryTag = global::Memoize.Tags.EntryTag;");
        }

        _writer.Line("using KeyPart = global::Memoize.Keys.KeyPart;").Line();
    }

    protected override void Members()
    {
        _writer.Line($"internal static readonly {_library}CachedMethod {_words.Method} = new({Literals.Of(_method.Options.Name)}, new {_library}CacheOptions {{ {Options()} }});");
        _writer.Line();

        if (_method.TypeParameters.Count == 0)
        {
            CacheField();
            _writer.Line();
        }

        Invoke();
        Load();
        Refresh();
        MakeRules();
        Original();
        _writer.Line();

        if (_method.TypeParameters.Count > 0)
        {
            _writer.Line("/// <summary>Each combination of type arguments has a cache of its own.</summary>");
            _writer.Line($"internal static class {_words.Of}{Words.TypeArguments(_method.TypeParameters.Select(p => p.Name))}");
            GeneratedFile.Constraints(_writer, _method.TypeParameters);
            _writer.OpenBrace();
            CacheField();
            _writer.Line();
            Key();
            _writer.Close();
        }
        else
        {
            Key();
        }
    }

    private void CacheField()
    {
        var tasks = _method.ReturnKind == ReturnKind.Task ? "tasks: true" : "";
        var types = _method.Containers.SelectMany(type => type.TypeParameters).Concat(_method.TypeParameters).Select(type => $", typeof({type.Name})").ToList();
        var tiers = _method.Shape is null ? ""
            : $"tiers: {(types.Count == 0 ? "new" : $"global::Memoize.Tiers.TierCodec<{_words.Key}>.For")}({_method.Shape}, static {_words.KeyLocal} => {_words.KeyLocal}.Shared(){string.Concat(types)})";
        var settings = string.Join(", ", new[] { tasks, tiers }.Where(setting => setting.Length > 0));
        if (_method.Door == Door.Decorator)
        {
            var arguments = $"{_words.Key}, {_method.ValueType}";
            _writer.Line("/// <summary>One for each registration of the interface, or for each decorator that somebody constructed.</summary>");
            _writer.Line($"internal static readonly {_library}DecoratorCaches<{arguments}> {_words.Cache} = {_words.Method}.CreateDecoratorCaches<{arguments}>({settings});");
        }
        else if (_method.Receiver is { PerInstance: true } receiver)
        {
            var arguments = $"{receiver.Type}, {_words.Key}, {_method.ValueType}";
            _writer.Line($"internal static readonly {_library}InstanceCaches<{arguments}> {_words.Cache} = {_words.Method}.CreateInstanceCaches<{arguments}>({tasks});");
        }
        else
        {
            var arguments = $"{_words.Key}, {_method.ValueType}";
            _writer.Line($"internal static readonly {_library}MethodCache<{arguments}> {_words.Cache} = {_words.Method}.CreateCache<{arguments}>({settings});");
        }
    }

    private string Options()
    {
        var options = _method.Options.Settings.Select(setting => $"{setting.Name} = {setting.Value}").ToList();
        options.Insert(_method.Options.Settings.TakeWhile(setting => setting.Name is "Ttl" or "Sliding").Count(), "MaxSize = " + _method.Options.MaxSize.ToString(CultureInfo.InvariantCulture));
        if (_method.Options.Lfu)
        {
            options.Add($"Eviction = {_library}Eviction.Lfu");
        }

        return string.Join(", ", options);
    }

    /// <summary>The options in words: <c>300 s, at most 1,000 entries, LRU, shared by all instances</c>.</summary>
    public static string DescribeOptions(CachedMethodModel method)
    {
        var times = method.Options.Settings.Where(setting => setting.Name is "Ttl" or "Sliding").Select(setting => setting.Words);
        var parts = (method.Options.IsTimed ? [] : new[] { method.Rules.TtlFrom is null ? "no time limit" : "each value has its own lifetime" }).Concat(times).ToList();
        parts.Add($"at most {method.Options.MaxSize.ToString("N0", CultureInfo.InvariantCulture)} entries");
        parts.Add(method.Options.Lfu ? "LFU" : "LRU");
        parts.AddRange(method.Options.Settings.Where(setting => setting.Name is not ("Ttl" or "Sliding")).Select(setting => setting.Words));
        parts.Add(method.Receiver switch
        {
            _ when method.Door == Door.Decorator => "one cache per registration",
            null => "static",
            { PerInstance: true } => "one cache per instance",
            { InKey: true } => "the instance is part of the key",
            _ => "shared by all instances",
        });
        return string.Join(", ", parts);
    }
}
