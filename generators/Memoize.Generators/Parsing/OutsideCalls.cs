using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Calls that no compiler sees together with the attribute: those that another project, or a framework, makes through a member that
/// the cached method implements or overrides. Where such a call is in the same compilation, it is reported at its place.
/// </summary>
internal static class OutsideCalls
{
    // Who derives from these is called by a framework, by the name of the method or through an invoker.
    private static readonly Dictionary<string, string> Frameworks = new(StringComparer.Ordinal)
    {
        ["Microsoft.AspNetCore.Mvc.ControllerBase"] = "ASP.NET Core",
        ["Microsoft.AspNetCore.SignalR.Hub"] = "SignalR",
    };

    /// <summary>Who makes such calls, for a message; null where nobody does.</summary>
    public static string? Of(IMethodSymbol method, Compilation compilation) =>
        method.IsStatic ? null : Through(method, compilation) ?? Framework(method);

    private static string? Through(IMethodSymbol method, Compilation compilation)
    {
        var door = Implemented(method).Concat(Overridden(method)).FirstOrDefault(member => IsOpen(member, compilation));
        return door is null
            ? null
            : SymbolEqualityComparer.Default.Equals(door.ContainingAssembly, compilation.Assembly)
                ? $"other projects, through '{Names.Short(door)}'"
                : $"'{door.ContainingAssembly.Name}' and other projects, through '{Names.Short(door)}'";
    }

    private static IEnumerable<IMethodSymbol> Implemented(IMethodSymbol method) => method.ContainingType.AllInterfaces
        .SelectMany(i => i.GetMembers(method.Name))
        .OfType<IMethodSymbol>()
        .Where(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
        .Select(member => member.OriginalDefinition);

    // A base method with an attribute has a cache of its own, and calls that name it are its calls.
    private static IEnumerable<IMethodSymbol> Overridden(IMethodSymbol method)
    {
        for (var current = method.OverriddenMethod; current is not null && !Attributes.IsWrapped(current); current = current.OverriddenMethod)
        {
            yield return current.OriginalDefinition;
        }
    }

    // Nobody refers to a program; who calls through an interface of it is in it.
    private static bool IsOpen(IMethodSymbol member, Compilation compilation) => !Attributes.IsWrapped(member)
        && (!SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, compilation.Assembly)
            || (compilation.Options.OutputKind is OutputKind.DynamicallyLinkedLibrary or OutputKind.NetModule && Accessible.IsExported(member)));

    private static string? Framework(IMethodSymbol method)
    {
        if (method.DeclaredAccessibility != Accessibility.Public || method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "NonActionAttribute"))
        {
            return null;
        }

        return Lineage.Of(method.ContainingType)
            .Select(type => Frameworks.TryGetValue(KnownTypes.MetadataName(type), out var framework) ? framework : null)
            .FirstOrDefault(framework => framework is not null);
    }
}
