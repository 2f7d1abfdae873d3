using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>What an interface must be for a class to stand before its implementations, and what that class is called.</summary>
internal static class DecoratorShape
{
    /// <summary>The end of a sentence; null where a decorator is possible.</summary>
    public static string? WhyNot(INamedTypeSymbol type, Compilation compilation)
    {
        foreach (var member in Members(type))
        {
            var reason = member switch
            {
                { IsStatic: true, IsAbstract: true } => "is static and abstract, and a decorator has no static members of its own; move it to another interface",
                IPropertySymbol { SetMethod.IsInitOnly: true } => "has an init accessor, which a decorator cannot pass on; make it get-only",
                IMethodSymbol { IsVararg: true } => "takes __arglist, which cannot be passed on",
                _ when Forbidden.In(member) is not null => "is obsolete as an error, or takes or returns what is, and a decorator cannot pass it on; move it to another interface",
                _ when !compilation.IsSymbolAccessibleWithin(member, compilation.Assembly) && member.IsAbstract => "is not accessible here",
                _ => null,
            };
            if (reason is not null)
            {
                return $"'{Names.Short(member)}' {reason}";
            }
        }

        if (InheritedElsewhere(type, compilation, out var why) is { } elsewhere)
        {
            return $"it inherits '{Names.Short(elsewhere)}', {why}; declare that method anew in this interface, with its own {(Attributes.Cached(elsewhere) is null ? "attribute" : "[Cached]")}";
        }

        var name = NameOf(type);
        if (!Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsValidIdentifier(name))
        {
            return $"'{name}' is not the name of a class; give another with [CachedDecorator(Name = \"…\")]";
        }

        var ns = compilation.GetCompilationNamespace(type.ContainingNamespace);
        return ns?.GetTypeMembers(name, CellNames.TypeParametersOf(type).Count())
            .FirstOrDefault(other => SymbolEqualityComparer.Default.Equals(other.ContainingAssembly, compilation.Assembly) && !HandleNames.IsOurs(other)) is { } taken
            ? $"the class would be called '{taken.Name}', and there is already a type of that name; give another with [CachedDecorator(Name = \"…\")]"
            : null;
    }

    /// <summary>The members of the interface and of those that it inherits.</summary>
    public static IEnumerable<ISymbol> Members(INamedTypeSymbol type) => type.AllInterfaces.Prepend(type)
        .SelectMany(i => i.GetMembers())
        .Where(member => member is IPropertySymbol or IEventSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary });

    /// <summary><c>CachedWeatherApi</c> for <c>IWeatherApi</c>, unless an attribute says otherwise.</summary>
    public static string NameOf(INamedTypeSymbol type, AttributeData? ofAssembly = null) =>
        (ofAssembly ?? Attributes.CachedDecorator(type))?.Named<string?>("Name", null)
        ?? "Cached" + string.Concat(Names.ContainersOf(type).Select(HandleNames.Spoken));

    // Where methods of the other assembly are cached, what evicts there may be about these: none of it is ours, or all is declared anew.
    private static IMethodSymbol? InheritedElsewhere(INamedTypeSymbol type, Compilation compilation, out string reason)
    {
        reason = "";
        var annotated = type.AllInterfaces
            .Where(i => !InheritedWrappers.IsOurs(i, compilation))
            .SelectMany(i => i.GetMembers())
            .OfType<IMethodSymbol>()
            .Where(Attributes.IsWrapped)
            .ToList();
        var cached = annotated.Find(method => Attributes.Cached(method) is not null);
        foreach (var method in annotated)
        {
            if (InheritedWrappers.DeclaredAnew(method, type, compilation) is not null)
            {
                continue;
            }

            if (InheritedWrappers.Of(method, compilation, out reason) is null)
            {
                return method;
            }

            if (cached is not null)
            {
                reason = $"which may evict what '{cached.ContainingAssembly.Name}' remembers of '{Names.Short(cached)}'";
                return method;
            }
        }

        return null;
    }
}
