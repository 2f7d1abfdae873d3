using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

// How AddMemoize knows of a decorator, and makes it.
internal sealed partial class DecoratorEmitter
{
    // AddMemoize learns of the decorator when the assembly is loaded; nothing is made until then.
    private void Announcement()
    {
        _writer.Open("namespace " + Names.GeneratedNamespace + (_model.Namespace.Length == 0 ? "" : "." + _model.Namespace));
        var name = Names.Unescape(_model.Name);
        var arity = _model.TypeParameters.Count;
        var type = "global::" + (_model.Namespace.Length == 0 ? "" : _model.Namespace + ".") + _model.Name;
        if (IsMadeByContainers)
        {
            MadeByContainers(name + "_Registered", type + _typeArguments);
            _writer.Line();
        }

        _writer.Line("/// <summary>Tells <c>AddMemoize</c> of the decorator.</summary>");
        _writer.Line(GeneratedFile.ClassAttributes);
        _writer.Open($"internal static class {name}_Announcement{(arity == 0 ? "" : arity.ToString(System.Globalization.CultureInfo.InvariantCulture))}");
        _writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        _writer.Line("internal static void Announce()");
        _writer.Indent().Line(arity == 0
            ? $"=> global::Memoize.CachedDecorators.Announce(typeof({_model.UnboundInterface}), static () => {type}.{_decorator});"
            : $"=> global::Memoize.CachedDecorators.AnnounceGeneric(typeof({_model.UnboundInterface}), \"{name}\", {(IsMadeByContainers ? $"typeof({name}_Registered<{new string(',', arity - 1)}>)" : "null")}{(LoadsInBackground ? ", loadsInBackground: true" : "")});").Outdent();
        _writer.Close();
        _writer.Close();
    }

    // A container knows the type arguments, and by its key the decorator knows what it stands before.
    private void MadeByContainers(string name, string type)
    {
        var registration = type + "." + _registration;
        _writer.Line("/// <summary>The decorator as a container makes it, which alone knows the type arguments of an open registration.</summary>");
        _writer.Line(GeneratedFile.ClassAttributes);
        _writer.Line($"internal sealed class {name}{_typeArguments} : {type}");
        GeneratedFile.Constraints(_writer, _model.TypeParameters);
        _writer.OpenBrace();
        _writer.Line($"public {name}(global::System.IServiceProvider services, [global::Microsoft.Extensions.DependencyInjection.ServiceKey] object? key = null)");
        _writer.Indent().Line($": this(global::Memoize.CachedDecorators.Registered<{_model.Interface}, {registration}>(services, key, static () => new {registration}()))").Outdent();
        _writer.OpenBrace().Close();
        _writer.Line();
        _writer.Line($"private {name}(({_model.Interface} Inner, {registration} Caches) service)");
        _writer.Indent().Line(": base(service.Inner, service.Caches)").Outdent();
        _writer.OpenBrace().Close();
        _writer.Close();
    }

    private void Registration()
    {
        _writer.Line("/// <summary>How <c>AddMemoize</c> makes decorators of a registration.</summary>");
        _writer.Line($"public static global::Memoize.CachedDecorator {_decorator} {{ get; }} = global::Memoize.CachedDecorator.Of<{_model.Interface}, {_registration}>(");
        _writer.Indent().Line($"static () => new {_registration}(), static (inner, caches) => new {_model.Name}{_typeArguments}(inner, caches){(LoadsInBackground ? ", loadsInBackground: true" : "")});").Outdent();
        _writer.Line();
        _writer.Line("/// <summary>The caches of one registration.</summary>");
        _writer.Line(Hidden);
        _writer.Open($"public sealed class {_registration}");
        foreach (var pair in _fields)
        {
            var call = pair.Key.Cached!;
            var words = new Words(call.Method);
            var cell = CellOf(call);
            _writer.Line($"internal readonly global::Memoize.MethodCache<{cell}.{words.Key}, {call.ValueType}> {pair.Value};");
        }

        if (_fields.Count > 0)
        {
            _writer.Line();
            _writer.Line("/// <summary>Makes the caches, empty.</summary>");
            _writer.Open($"public {_registration}()");
            foreach (var pair in _fields)
            {
                var call = pair.Key.Cached!;
                _writer.Line($"{pair.Value} = {CellOf(call)}.{new Words(call.Method).Cache}.For(this);");
            }

            _writer.Close();
        }

        _writer.Close();
    }
}
