using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>The constructor that JSON calls to make an object again.</summary>
internal sealed class JsonConstructor
{
    private readonly IMethodSymbol? _method;

    private JsonConstructor(IMethodSymbol? method, string? problem)
    {
        _method = method;
        Problem = problem;
    }

    /// <summary>Why there is none that can be called; null where there is.</summary>
    public string? Problem { get; }

    public static JsonConstructor Of(INamedTypeSymbol type)
    {
        if (type.InstanceConstructors.FirstOrDefault(static constructor => StoredType.HasAttribute(constructor, "JsonConstructorAttribute")) is { } marked)
        {
            return new(marked, UnknownOf(type, marked));
        }

        var all = type.InstanceConstructors.Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public).ToList();
        if (type.IsValueType || all.Any(static constructor => constructor.Parameters.IsEmpty))
        {
            return new(null, null);
        }

        return all.Count == 1 ? new(all[0], UnknownOf(type, all[0]))
            : new(null, $"has {(all.Count == 0 ? "no public constructor" : "several constructors")}, and JSON cannot make it again: mark one with [JsonConstructor]");
    }

    public bool Sets(IPropertySymbol property) => _method is not null && _method.Parameters.Any(parameter =>
        string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase) && SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type));

    /// <summary>
    /// Whether a member holds something, and does not compute it. Of other assemblies the compiler has marked what it has written itself;
    /// those of the framework, which show less, are taken for state.
    /// </summary>
    public static bool IsKnownToBeState(ISymbol member) => member is not IPropertySymbol property
        || !property.DeclaringSyntaxReferences.IsEmpty
        || property.SetMethod is not null
        || StoredType.IsOfFramework(property.ContainingType)
        || (property.GetMethod is { } getter && StoredType.HasAttribute(getter, "CompilerGeneratedAttribute"));

    // JSON finds the value of a parameter by the name of a member.
    private static string? UnknownOf(INamedTypeSymbol type, IMethodSymbol constructor)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var current = type; current is not null; current = current.BaseType)
        {
            names.UnionWith(current.GetMembers().Where(static member => member is IPropertySymbol or IFieldSymbol { AssociatedSymbol: null }).Select(static member => member.Name));
        }

        return constructor.Parameters.FirstOrDefault(parameter => !names.Contains(parameter.Name)) is { } unknown
            ? $"has a constructor with '{unknown.Name}', for which JSON finds no member of that name"
            : null;
    }
}
