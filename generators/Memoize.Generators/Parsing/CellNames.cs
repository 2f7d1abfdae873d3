using System.Text;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Names the generated class of an annotated method. A project that calls the method in another assembly must arrive at the same name
/// from metadata alone, where private members may be missing: so the name of an exported method depends on exported members only.
/// </summary>
internal static class CellNames
{
    private const int LongestDescription = 32;

    public static CellModel Of(IMethodSymbol method, Door door)
    {
        var accessibility = Accessible.IsExported(method) && !IsForeign(method) ? "public" : "internal";
        if (door == Door.Partial)
        {
            var nested = method.Name + (Attributes.Invalidations(method).Count > 0 ? "_Evicting" : "_Cached") + Suffix(method);
            var hidden = Accessible.FirstHidden(method.ContainingType) is not null;
            return new CellModel(nested, Names.Bare(method.ContainingType) + "." + nested, hidden ? "private" : "internal");
        }

        var name = Plain(method);
        var parameters = TypeParametersOf(method.ContainingType).Select(p => Names.Escape(p.Name)).ToList();
        var arguments = parameters.Count == 0 ? "" : "<" + string.Join(", ", parameters) + ">";
        return new CellModel(name, $"global::{NamespaceOf(method)}.{name}{arguments}", accessibility);
    }

    /// <summary>The metadata name of the class that a plain cached method has in its own assembly.</summary>
    public static string MetadataNameOf(IMethodSymbol method)
    {
        var arity = TypeParametersOf(method.ContainingType).Count();
        var ns = method.ContainingNamespace is { IsGlobalNamespace: false } own ? "." + own.ToDisplayString() : "";
        return Names.GeneratedNamespace + ns + "." + Plain(method) + (arity == 0 ? "" : "`" + arity);
    }

    public static string NamespaceOf(ISymbol symbol)
    {
        var ns = Names.NamespaceOf(symbol);
        return ns.Length == 0 ? Names.GeneratedNamespace : Names.GeneratedNamespace + "." + ns;
    }

    // The methods of an interface that is not ours have no attribute; the assembly speaks for them.
    private static bool IsForeign(IMethodSymbol method) => !Attributes.IsWrapped(method);

    public static IEnumerable<ITypeParameterSymbol> TypeParametersOf(INamedTypeSymbol type) =>
        Names.ContainersOf(type).SelectMany(t => t.TypeParameters);

    private static string Plain(IMethodSymbol method)
    {
        var parts = Names.ContainersOf(method.ContainingType).Select(t => t.Name).Append(method.Name).ToList();
        var name = string.Join("_", parts);

        // A.B_C and A_B.C would be the same name.
        var ambiguous = parts.Any(part => part.Contains('_')) ? "_" + StableHash.Hex(string.Join(".", parts), 4) : "";
        return name + ambiguous + Suffix(method);
    }

    // Overloads are told apart by their parameter types, as people do.
    private static string Suffix(IMethodSymbol method)
    {
        var exported = Accessible.IsExported(method);
        var overloads = method.ContainingType.GetMembers()
            .OfType<IMethodSymbol>()
            .Where(m => string.Equals(m.Name, method.Name, StringComparison.OrdinalIgnoreCase)
                && !m.IsPartialImplementation()
                && (IsForeign(method) || Attributes.IsWrapped(m))
                && (!exported || Accessible.IsExported(m)))
            .ToList();
        if (overloads.Count < 2)
        {
            return "";
        }

        var description = Describe(method);
        var unique = overloads.Count(m => string.Equals(Describe(m), description, StringComparison.OrdinalIgnoreCase)) == 1;
        var hash = StableHash.Hex(method.OriginalDefinition.ToDisplayString());
        return "_" + (description.Length > LongestDescription ? hash : unique ? description : description + "_" + hash);
    }

    private static string Describe(IMethodSymbol method)
    {
        var parts = method.Parameters.Select(p => Sanitize(p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))
            .DefaultIfEmpty("none");
        return (method.Arity == 0 ? "" : "of" + method.Arity + "_") + string.Join("_", parts);
    }

    private static string Sanitize(string text)
    {
        var name = new StringBuilder();
        foreach (var character in text)
        {
            name.Append(character == '?' ? "OrNull" : character == '[' ? "Array" : char.IsLetterOrDigit(character) ? character.ToString() : "");
        }

        return name.Length == 0 ? "x" : name.ToString();
    }
}
