using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// How generated code reaches the original.
internal abstract partial class WrapperExaminer
{
    protected OriginalModel ReadOriginal(Door door, IMethodSymbol core, List<AccessorModel> accessors)
    {
        var typeArguments = _method.Arity == 0 ? "" : "<" + string.Join(", ", _method.TypeParameters.Select(p => Names.Escape(p.Name))) + ">";
        var containing = Names.Bare(_method.ContainingType);
        if (door == Door.Partial || Accessible.IsVisible(_method.DeclaredAccessibility))
        {
            var target = core.IsStatic ? containing : _self;
            return new OriginalModel($"{target}.{Names.Escape(core.Name)}{typeArguments}", EquatableArray<AccessorModel>.Empty, "");
        }

        return ThroughAccessor(containing, typeArguments, accessors);
    }

    // A private method cannot be named outside its type; an unsafe accessor costs nothing and works under AOT.
    private OriginalModel ThroughAccessor(string containing, string typeArguments, List<AccessorModel> accessors)
    {
        if (_compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.UnsafeAccessorAttribute") is null)
        {
            Report(Rules.Inaccessible, _display, "it is private; make it internal, or partial");
        }

        if ((_method.IsGenericMethod || _method.ContainingType.IsGenericType) && !HasGenericAccessors)
        {
            Report(Rules.Inaccessible, _display, "a private generic method can be reached only from .NET 9 on; make it internal, or partial");
        }

        var byType = _method.ContainingType.IsStatic;
        if (byType && (_compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.UnsafeAccessorTypeAttribute") is null || _method.ContainingType.IsGenericType))
        {
            Report(Rules.Inaccessible, _display, "a private method of a static class can be reached only from .NET 10 on, and not in a generic class; make it internal, or partial");
        }

        const string Accessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";
        var attribute = $"[{Accessor}({Accessor}Kind.{(_method.IsStatic ? "StaticMethod" : "Method")}, Name = {Literals.Of(_method.Name)})]";
        var constraints = string.Concat(TypeParameters.Of(_method.TypeParameters).Where(p => p.Constraints.Length > 0).Select(p => " " + p.Constraints));
        var type = Names.Unique("type", _method.Parameters.Select(p => p.Name));
        var receiver = (_method.IsStatic, byType, _method.ContainingType.IsValueType) switch
        {
            (false, _, true) => $"ref {containing} {_self}",
            (false, _, false) => $"{containing} {_self}",
            (true, true, _) => $"[global::System.Runtime.CompilerServices.UnsafeAccessorType({Literals.Of(ReflectionName())})] object? {type}",
            (true, false, true) => $"ref {containing} {type}",
            (true, false, false) => $"{containing}? {type}",
        };
        var parameters = string.Concat(_method.Parameters.Select(p => $", {ModifierOf(p)}{Names.Of(p.Type)} {Names.Escape(p.Name)}"));
        accessors.Add(new AccessorModel(attribute, $"private static extern {Names.Of(_method.ReturnType)} Accessor{typeArguments}({receiver}{parameters}){constraints};"));
        var passed = (_method.IsStatic, _method.ContainingType.IsValueType) switch
        {
            (false, true) => "ref " + _self,
            (false, false) => _self,
            (true, true) => $"ref global::System.Runtime.CompilerServices.Unsafe.NullRef<{containing}>()",
            (true, false) => "null",
        };
        return new OriginalModel("Accessor" + typeArguments, EquatableArray<AccessorModel>.Empty, passed);
    }

    private string ReflectionName()
    {
        var types = Names.ContainersOf(_method.ContainingType);
        var ns = _method.ContainingNamespace is { IsGlobalNamespace: false } own ? own.ToDisplayString() + "." : "";
        return ns + string.Join("+", types.Select(t => t.MetadataName)) + ", " + _method.ContainingAssembly.Identity.Name;
    }

    protected bool HasGenericAccessors => _compilation.GetTypeByMetadataName("System.Threading.Lock") is not null;

    protected static string ModifierOf(IParameterSymbol parameter)
    {
        var scoped = parameter.ScopedKind == ScopedKind.ScopedValue || (parameter.ScopedKind == ScopedKind.ScopedRef && parameter.RefKind != RefKind.Out) ? "scoped " : "";
        return parameter.RefKind switch
        {
            RefKind.In => scoped + "in ",
            RefKind.RefReadOnlyParameter => scoped + "ref readonly ",
            _ => scoped,
        };
    }

    // Generated code stands outside the user's types, except for the wrapper of a partial method.
    protected void CheckReach(Door door)
    {
        var types = _method.Parameters.Select(p => p.Type).Append(_method.ReturnType).Concat(_method.TypeParameters.SelectMany(p => p.ConstraintTypes));
        if (door != Door.Partial)
        {
            types = types.Append(_method.ContainingType);
        }

        foreach (var type in types)
        {
            if (Accessible.FirstHidden(type) is { } hidden && !(door == Door.Partial && IsHiddenHandle()))
            {
                var what = hidden is INamedTypeSymbol { IsFileLocal: true } ? "local to its file" : hidden.DeclaredAccessibility.ToString().ToLowerInvariant();
                Report(Rules.Inaccessible, _display, $"'{Names.Short(hidden)}' is {what}; make it internal");
                return;
            }
        }
    }

    // A type that nothing outside can name has no handles, and then nothing hidden needs to be named outside.
    private bool IsHiddenHandle() => Accessible.FirstHidden(_method.ContainingType) is INamedTypeSymbol { IsFileLocal: false };
}
