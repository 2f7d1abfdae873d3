using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>How a decorator declares a member of an interface and passes it on, to the letter.</summary>
/// <param name="modifier"><c>public </c> for a member of the class's own, nothing for one of an interface alone.</param>
/// <param name="owner">The interface with a dot, where the member is of an interface alone.</param>
/// <param name="target">The inner service, as an expression over <c>{0}</c>.</param>
internal sealed class MemberSyntax(string modifier, string owner, string target)
{
    private bool IsExplicit => owner.Length > 0;

    /// <summary>The same for a method whose calls go through a wrapper that takes the inner service first.</summary>
    public DecoratorMemberModel Method(IMethodSymbol method, string cell) =>
        Method(method) with { Body = $"{cell}.Invoke{TypeArguments(method)}({string.Join(", ", method.Parameters.Select(Argument).Prepend("{0}"))})" };

    public DecoratorMemberModel Method(IMethodSymbol method)
    {
        var typeArguments = TypeArguments(method);
        var name = Names.Escape(method.Name);
        var header = $"{ReturnAttributes(method.GetReturnTypeAttributes())}{modifier}{Unsafe(method)}{Ref(method.RefKind)}{Names.Of(method.ReturnType)} {owner}{name}{typeArguments}({Parameters(method.Parameters)})";
        var reference = method.RefKind == RefKind.None ? "" : "ref ";
        var constraints = IsExplicit
            ? method.TypeParameters.Select(p => Repeated(p, method)).Where(c => c.Length > 0)
            : TypeParameters.Of(method.TypeParameters).Select(p => p.Constraints).Where(c => c.Length > 0);
        return new DecoratorMemberModel(header, constraints.ToEquatableArray(), $"{reference}{target}.{name}{typeArguments}({Arguments(method.Parameters)})", EquatableArray<DecoratorAccessorModel>.Empty);
    }

    public DecoratorMemberModel Property(IPropertySymbol property)
    {
        var name = property.IsIndexer ? $"this[{Parameters(property.Parameters)}]" : Names.Escape(property.Name);
        var access = property.IsIndexer ? $"{target}[{Arguments(property.Parameters)}]" : $"{target}.{name}";
        var reference = property.RefKind == RefKind.None ? "" : "ref ";
        var accessors = new List<DecoratorAccessorModel>();
        if (property.GetMethod is { DeclaredAccessibility: Accessibility.Public })
        {
            accessors.Add(new DecoratorAccessorModel("get", reference + access));
        }

        if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public })
        {
            accessors.Add(new DecoratorAccessorModel("set", access + " = value"));
        }

        var header = $"{modifier}{(Mentions.Pointer(property.Type) ? "unsafe " : "")}{Ref(property.RefKind)}{Names.Of(property.Type)} {owner}{name}";
        return new DecoratorMemberModel(header, EquatableArray<string>.Empty, null, accessors.ToEquatableArray());
    }

    public DecoratorMemberModel Event(IEventSymbol @event)
    {
        var name = Names.Escape(@event.Name);
        return new DecoratorMemberModel(
            $"{modifier}event {Names.Of(@event.Type)} {owner}{name}",
            EquatableArray<string>.Empty,
            null,
            EquatableArray.Create(new DecoratorAccessorModel("add", $"{target}.{name} += value"), new DecoratorAccessorModel("remove", $"{target}.{name} -= value")));
    }

    private string Parameters(IEnumerable<IParameterSymbol> parameters) => string.Join(", ", parameters.Select(p =>
        FlowAttributes(p.GetAttributes(), "") + Modifier(p) + Names.Of(p.Type) + " " + Names.Escape(p.Name)
        + (p.HasExplicitDefaultValue && !IsExplicit ? " = " + Literals.Default(p) : "")));

    private static string TypeArguments(IMethodSymbol method) =>
        method.Arity == 0 ? "" : "<" + string.Join(", ", method.TypeParameters.Select(p => Names.Escape(p.Name))) + ">";

    private static string Arguments(IEnumerable<IParameterSymbol> parameters) => string.Join(", ", parameters.Select(Argument));

    private static string Argument(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In or RefKind.RefReadOnlyParameter => "in ",
        _ => "",
    } + Names.Escape(parameter.Name);

    private static string Modifier(IParameterSymbol parameter)
    {
        var scoped = parameter.ScopedKind == ScopedKind.ScopedValue && !parameter.IsParams || (parameter.ScopedKind == ScopedKind.ScopedRef && parameter.RefKind != RefKind.Out) ? "scoped " : "";
        return (parameter.IsParams ? "params " : "") + parameter.RefKind switch
        {
            RefKind.Ref => scoped + "ref ",
            RefKind.Out => "out ",
            RefKind.In => scoped + "in ",
            RefKind.RefReadOnlyParameter => scoped + "ref readonly ",
            _ => scoped,
        };
    }

    private static string Ref(RefKind kind) => kind switch
    {
        RefKind.None => "",
        RefKind.RefReadOnly => "ref readonly ",
        _ => "ref ",
    };

    private static string Unsafe(IMethodSymbol method) =>
        Mentions.Pointer(method.ReturnType) || method.Parameters.Any(p => Mentions.Pointer(p.Type)) ? "unsafe " : "";

    private static string ReturnAttributes(IEnumerable<AttributeData> attributes) => FlowAttributes(attributes, "return: ");

    // What the interface promises about null, the decorator promises too.
    private static string FlowAttributes(IEnumerable<AttributeData> attributes, string target) => string.Concat(attributes
        .Where(a => a.AttributeClass?.ContainingNamespace is { Name: "CodeAnalysis", ContainingNamespace: { Name: "Diagnostics", ContainingNamespace.Name: "System" } }
            && a.AttributeClass.Name is "MaybeNullWhenAttribute" or "NotNullWhenAttribute" or "MaybeNullAttribute" or "NotNullAttribute" or "AllowNullAttribute" or "DisallowNullAttribute" or "NotNullIfNotNullAttribute")
        .Select(a => $"[{target}global::{a}] "));

    // An explicit implementation inherits its constraints; it may only say what T? means.
    private static string Repeated(ITypeParameterSymbol parameter, IMethodSymbol method)
    {
        var name = Names.Escape(parameter.Name);
        var annotated = method.Parameters.Select(p => p.Type).Append(method.ReturnType)
            .Any(type => Mentions.Any(type, t => SymbolEqualityComparer.Default.Equals(t, parameter) && t.NullableAnnotation == NullableAnnotation.Annotated));
        return !annotated ? ""
            : parameter.HasValueTypeConstraint ? ""
            : parameter.HasReferenceTypeConstraint ? $"where {name} : class"
            : $"where {name} : default";
    }
}
