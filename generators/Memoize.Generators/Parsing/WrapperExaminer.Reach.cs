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
        var (call, receiver) = CallOf(door, core, "", accessors);
        return new OriginalModel(call, EquatableArray<AccessorModel>.Empty, receiver);
    }

    /// <summary>
    /// The call of a member of the user's type up to its argument list, and the argument that comes before the others where generated
    /// code needs an accessor.
    /// </summary>
    /// <param name="door">Where the generated code stands.</param>
    /// <param name="target">The member.</param>
    /// <param name="use">What tells its accessor from others.</param>
    /// <param name="accessors">Where accessors go.</param>
    protected (string Call, string Receiver) CallOf(Door door, IMethodSymbol target, string use, List<AccessorModel> accessors)
    {
        var typeArguments = target.Arity == 0 ? "" : "<" + string.Join(", ", _method.TypeParameters.Select(p => Names.Escape(p.Name))) + ">";
        if (door == Door.Partial || Accessible.IsVisible(target.DeclaredAccessibility))
        {
            return ($"{(target.IsStatic ? Names.Bare(target.ContainingType) : _self)}.{Names.Escape(target.Name)}{typeArguments}", "");
        }

        return ThroughAccessor(target, "Accessor" + use, typeArguments, accessors);
    }

    // A private method cannot be named outside its type; an unsafe accessor costs nothing and works under AOT. The oldest framework that
    // Memoize is for has them.
    private (string Call, string Receiver) ThroughAccessor(IMethodSymbol target, string name, string typeArguments, List<AccessorModel> accessors)
    {
        var owner = target.ContainingType;
        var containing = Names.Bare(owner);
        var subject = SymbolEqualityComparer.Default.Equals(target, _method) ? "it" : $"'{target.Name}'";
        if ((target.IsGenericMethod || owner.IsGenericType) && !HasGenericAccessors)
        {
            Report(Rules.Inaccessible, _display, $"{subject} is private and generic, which can be reached only from .NET 9 on; make it internal, or the cached method partial");
        }

        var byType = owner.IsStatic;
        if (byType && (_compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.UnsafeAccessorTypeAttribute") is null || owner.IsGenericType))
        {
            Report(Rules.Inaccessible, _display, $"{subject} is a private method of a static class, which can be reached only from .NET 10 on, and not in a generic class; make it internal, or the cached method partial");
        }

        const string Accessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";
        var attribute = $"[{Accessor}({Accessor}Kind.{(target.IsStatic ? "StaticMethod" : "Method")}, Name = {Literals.Of(target.Name)})]";
        var constraints = string.Concat(TypeParameters.Of(target.TypeParameters).Where(p => p.Constraints.Length > 0).Select(p => " " + p.Constraints));
        var type = Names.Unique("type", target.Parameters.Select(p => p.Name));
        var receiver = (target.IsStatic, byType, owner.IsValueType) switch
        {
            (false, _, true) => $"ref {containing} {_self}",
            (false, _, false) => $"{containing} {_self}",
            (true, true, _) => $"[global::System.Runtime.CompilerServices.UnsafeAccessorType({Literals.Of(ReflectionName(owner))})] object? {type}",
            (true, false, true) => $"ref {containing} {type}",
            (true, false, false) => $"{containing}? {type}",
        };
        var parameters = string.Concat(target.Parameters.Select(p => $", {ModifierOf(p)}{Names.Of(p.Type)} {Names.Escape(p.Name)}"));
        var own = target.Arity == 0 ? "" : "<" + string.Join(", ", target.TypeParameters.Select(p => Names.Escape(p.Name))) + ">";
        accessors.Add(new AccessorModel(attribute, $"private static extern {Names.Of(target.ReturnType)} {name}{own}({receiver}{parameters}){constraints};"));
        return (name + typeArguments, (target.IsStatic, owner.IsValueType) switch
        {
            (false, true) => "ref " + _self,
            (false, false) => _self,
            (true, true) => $"ref global::System.Runtime.CompilerServices.Unsafe.NullRef<{containing}>()",
            (true, false) => "null",
        });
    }

    private static string ReflectionName(INamedTypeSymbol type)
    {
        var ns = type.ContainingNamespace is { IsGlobalNamespace: false } own ? own.ToDisplayString() + "." : "";
        return ns + string.Join("+", Names.ContainersOf(type).Select(t => t.MetadataName)) + ", " + type.ContainingAssembly.Identity.Name;
    }

    // A type of the framework itself: packages bring one of that name to older ones.
    protected bool HasGenericAccessors =>
        _compilation.GetTypeByMetadataName("System.Threading.Lock")?.ContainingAssembly.Name is "System.Threading" or "System.Runtime" or "System.Private.CoreLib";

    protected static string ModifierOf(IParameterSymbol parameter)
    {
        var scoped = parameter.ScopedKind == ScopedKind.ScopedValue || (parameter.ScopedKind == ScopedKind.ScopedRef && parameter.RefKind != RefKind.Out) ? "scoped " : "";
        return parameter.RefKind switch
        {
            RefKind.In => scoped + "in ",
            RefKind.RefReadOnlyParameter => scoped + "ref readonly ",
            RefKind.Ref => scoped + "ref ",
            RefKind.Out => "out ",
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

        if (Forbidden.In(_method) is { } forbidden)
        {
            Report(Rules.Inaccessible, _display, $"{(SymbolEqualityComparer.Default.Equals(forbidden, _method) ? "it" : $"'{Names.Short(forbidden)}'")} is obsolete as an error, and only code that is obsolete itself can name it; remove the attribute, or do without it");
            return;
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
