using Memoize.Generators.Model;

namespace Memoize.Generators.Emit;

// The key: one typed field per thing that names an entry.
internal sealed partial class CellEmitter
{
    private void Key()
    {
        var key = _words.Key;
        _writer.Line(_method.Key.Count == 0
            ? "/// <summary>The key: there is one entry, because nothing tells two calls apart.</summary>"
            : $"/// <summary>The key: {GeneratedFile.Xml(string.Join(", ", _method.Key.Select(f => f.Label)))}.</summary>");
        _writer.Open($"internal readonly struct {key} : global::System.IEquatable<{key}>");
        foreach (var field in _method.Key)
        {
            _writer.Line($"internal readonly {field.Type} {field.Name};");
        }

        if (_method.Key.Count > 0)
        {
            _writer.Line();
            Constructors(key);
            _writer.Line();
        }

        _writer.Line($"public bool Equals({key} other) => {KeyPart(Equality())};").Line();
        _writer.Line($"public override bool Equals(object? obj) => obj is {key} other && Equals(other);").Line();
        HashCode();
        _writer.Line();
        _writer.Line($"public override string ToString() => {KeyPart(Text())};");
        if (_method.Shape is not null)
        {
            _writer.Line();
            _writer.Line("/// <summary>The key as all processes spell it.</summary>");
            _writer.Line($"internal string Shared() => {KeyPart(SharedText())};");
        }

        _writer.Close();
    }

    // What belongs to the caller is read where the key is made: once per call, before the lookup. A handle may name it instead.
    private void Constructors(string key)
    {
        var parameters = Parameters(p => p.SpanKey ?? p.Type);
        if (_method.Ambient.Count > 0)
        {
            // A struct's constructor without parameters has to be public.
            var arguments = KeyArguments(p => p.Name).Concat(_method.Ambient.Select(value => value.Source));
            _writer.Line($"{(parameters.Count == 0 ? "public" : "internal")} {key}({string.Join(", ", parameters)})");
            _writer.Indent().Line($": this({string.Join(", ", arguments)})").Outdent();
            _writer.OpenBrace();
            _writer.Close();
            _writer.Line();
        }

        var ambient = _method.Ambient.Select(value => value.Type + " " + value.Name).ToList();
        if (HasCollections)
        {
            // Handles and batches name an entry by the collection itself; a lookup has rented the part of the key.
            var arguments = KeyArguments(p => p.Probe?.Create ?? p.Name, f => Of(f.Probe!.Create)).Concat(_method.Ambient.Select(value => value.Name));
            _writer.Line($"internal {key}({string.Join(", ", parameters.Concat(ambient))})");
            _writer.Indent().Line($": this({string.Join(", ", arguments)})").Outdent();
            _writer.OpenBrace();
            _writer.Close();
            _writer.Line();
            parameters = Parameters(p => p.SpanKey ?? p.Probe?.Type ?? p.Type, f => f.Probe!.Type);
        }

        _writer.Open($"internal {key}({string.Join(", ", parameters.Concat(ambient))})");
        foreach (var field in _method.Key)
        {
            _writer.Line($"this.{field.Name} = {field.Value};");
        }

        _writer.Close();
    }

    private List<string> Parameters(Func<ParameterModel, string> type, Func<KeyFieldModel, string>? ofMember = null) =>
    [
        .. _method.Receiver is { InKey: true } receiver ? new[] { receiver.Type + " " + receiver.Name } : [],
        .. ofMember is null ? [] : CollectionMembers.Select(f => $"{ofMember(f)} {f.Name}"),
        .. _method.Parameters.Where(p => p.NamesEntry).Select(p => $"{type(p)} {p.Name}"),
    ];

    private string Equality() => _method.Key.Count == 0
        ? "true"
        : string.Join("\n    && ", _method.Key.Select(f => f.Equality.Replace("{0}", f.Name).Replace("{1}", "other." + f.Name)));

    private void HashCode()
    {
        var hashes = _method.Key.Select(f => KeyPart(f.Hash.Replace("{0}", f.Name))).ToList();
        if (hashes.Count < 2)
        {
            _writer.Line($"public override int GetHashCode() => {(hashes.Count == 0 ? "0" : hashes[0])};");
            return;
        }

        _writer.Open("public override int GetHashCode()");
        _writer.Line($"var hash = {hashes[0]};");
        foreach (var hash in hashes.Skip(1))
        {
            _writer.Line(KeyPart($"hash = global::Memoize.Keys.KeyPart.Combine(hash, {hash});"));
        }

        _writer.Line("return hash;");
        _writer.Close();
    }

    private string Text() => _method.Key.Count == 0
        ? "\"()\""
        : "$\"" + string.Join(", ", _method.Key.Select(f => $"{f.Label}: {{{TextOf(f.Name)}}}")) + "\"";

    private string SharedText() => _method.Key.Count == 0
        ? "\"\""
        : "$\"" + string.Join(",", _method.Key.Select(f => $"{f.Label}:{{{TextOf(f.Name).Replace("KeyPart.Text(", "KeyPart.Shared(")}}}")) + "\"";

    // The file of a partial method is the user's, too, and a field of that name would be taken for it.
    private bool HasKeyPartInFull => _method.Door == Door.Partial || _method.Key.Any(part => part.Name == nameof(KeyPart));

    // An interpolation would take the colons of global:: for the start of a format.
    private string TextOf(string field) =>
        HasKeyPartInFull ? $"(global::Memoize.Keys.KeyPart.Text({field}))" : $"KeyPart.Text({field})";

    private string KeyPart(string expression) =>
        HasKeyPartInFull ? expression : expression.Replace("global::Memoize.Keys.KeyPart.", "KeyPart.");
}
