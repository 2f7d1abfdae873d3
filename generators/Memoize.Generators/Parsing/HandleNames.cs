using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Finds out whether the class of a type's handles can have its name.</summary>
internal static class HandleNames
{
    public static string? WhyTaken(INamedTypeSymbol type, string wanted, int arity, Compilation compilation)
    {
        foreach (var other in type.ContainingNamespace.GetTypeMembers(wanted, arity))
        {
            // An analyzer sees what the generator wrote.
            if (SymbolEqualityComparer.Default.Equals(other.ContainingAssembly, compilation.Assembly) && !IsOurs(other))
            {
                return "there is already a type of that name";
            }
        }

        // Outer.Inner and OuterInner both ask for OuterInnerCache; so do two nested types of one name in partial spellings.
        return CompilationFacts.Of(compilation).TypesWithHandles(type.ContainingNamespace, wanted, arity)
            .FirstOrDefault(other => !SymbolEqualityComparer.Default.Equals(other, type) && !Yields(other, type)) is { } rival
            ? $"'{Names.Short(rival)}' wants the same name"
            : null;
    }

    // WeatherApi and IWeatherApi: the interface comes first, and the class is asked for another name.
    private static bool Yields(INamedTypeSymbol other, INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && other.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, type));

    public static bool IsOurs(INamedTypeSymbol type) => type.GetAttributes().Any(a =>
        a is { AttributeClass.Name: "GeneratedCodeAttribute", ConstructorArguments: [{ Value: "Memoize" }, ..] });

    /// <summary>The name that the author chose, or <c>{Type}Cache</c>; nested types spell out the types around them.</summary>
    public static string NameOf(INamedTypeSymbol type) =>
        Attributes.CacheHandles(type)?.ConstructorArguments is [{ Value: string chosen }]
            ? chosen
            : string.Concat(Names.ContainersOf(type).Select(Spoken)) + "Cache";

    /// <summary>The name without the I of an interface: <c>WeatherApi</c> for <c>IWeatherApi</c>.</summary>
    public static string Spoken(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Interface, Name: ['I', var second, ..] } && char.IsUpper(second) ? type.Name.Substring(1) : type.Name;
}
