using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>Walks through what a result is made of, for the first thing that a serializer would not give back as it was.</summary>
internal abstract class ResultLoss
{
    // A type that holds itself with ever longer arguments has no end.
    private const int Deepest = 64;

    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private string? _problem;
    private int _depth;

    /// <summary>The first thing that would be lost; null where there is none.</summary>
    protected string? FirstOf(ITypeSymbol type)
    {
        Look(type, "");
        return _problem;
    }

    /// <summary>What the serializer does with a type that the path leads to.</summary>
    protected abstract void Visit(ITypeSymbol type, string path);

    protected void Look(ITypeSymbol type, string path)
    {
        if (_problem is not null || _depth == Deepest)
        {
            return;
        }

        _depth++;
        Visit(type, path);
        _depth--;
    }

    protected void LookAtParts(ITypeSymbol type, string path)
    {
        foreach (var part in StoredType.PartsOf(type))
        {
            Look(part, path);
        }
    }

    protected void LookAtMember(INamedTypeSymbol type, ISymbol member, ITypeSymbol memberType, string path) =>
        Look(memberType, path.Length == 0 ? $"{type.Name}.{member.Name}" : $"{path}.{member.Name}");

    /// <summary>Whether the members of the type are still to be looked at.</summary>
    protected bool IsNew(ITypeSymbol type) => _seen.Add(type);

    protected void Refuse(string path, ITypeSymbol type, string reason) =>
        _problem ??= Names.At(path, type.WithNullableAnnotation(NullableAnnotation.NotAnnotated), reason);
}
