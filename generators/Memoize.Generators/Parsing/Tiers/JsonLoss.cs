using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>What JSON would not give back of a result as it was, as far as its types tell.</summary>
internal sealed class JsonLoss
{
    // A type that holds itself with ever longer arguments has no end.
    private const int Deepest = 64;

    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private string? _problem;
    private int _depth;

    private JsonLoss()
    {
    }

    /// <summary>The first thing that would be lost; null where there is none.</summary>
    public static string? Of(ITypeSymbol type)
    {
        var loss = new JsonLoss();
        loss.Look(type, "");
        return loss._problem;
    }

    private void Look(ITypeSymbol type, string path)
    {
        if (_problem is not null || _depth == Deepest)
        {
            return;
        }

        _depth++;
        switch (StoredType.KindOf(type))
        {
            case StoredKind.Array:
                Refuse(((IArrayTypeSymbol)type).Rank > 1, path, type, "has several dimensions");
                LookAtParts(type, path);
                break;
            case StoredKind.Nullable or StoredKind.Collection:
                LookAtParts(type, path);
                break;
            case StoredKind.Object when _seen.Add(type):
                LookAtMembers((INamedTypeSymbol)type, path);
                break;
            case StoredKind.Other:
                Refuse(true, path, type, type is INamedTypeSymbol { IsTupleType: true } ? "is a tuple, of which JSON keeps nothing; return a record" : "says nothing about what it holds; return a record");
                break;
        }

        _depth--;
    }

    private void LookAtParts(ITypeSymbol type, string path)
    {
        foreach (var part in StoredType.PartsOf(type))
        {
            Look(part, path);
        }
    }

    private void LookAtMembers(INamedTypeSymbol type, string path)
    {
        // It knows best what it writes.
        if (StoredType.HasAttribute(type, "JsonConverterAttribute"))
        {
            return;
        }

        var kinds = StoredType.KindsOf(type, "JsonDerivedTypeAttribute").ToList();
        Refuse(type.IsAbstract && kinds.Count == 0, path, type, "is abstract, and JSON does not tell which of its kinds it was");
        foreach (var (member, memberType) in StoredType.StateOf(type))
        {
            Refuse(member is IFieldSymbol, path, type, $"keeps something in the field '{member.Name}', which JSON leaves out");
            Refuse(member is IPropertySymbol property && !IsReadBack(type, property), path, type, $"has '{member.Name}', which JSON leaves out or cannot set: make it public, with init, or a parameter of the constructor");
            Look(memberType, path.Length == 0 ? $"{type.Name}.{member.Name}" : $"{path}.{member.Name}");
        }

        foreach (var kind in kinds)
        {
            Look(kind, path);
        }
    }

    private static bool IsReadBack(INamedTypeSymbol type, IPropertySymbol property)
    {
        if (property.DeclaredAccessibility != Accessibility.Public || StoredType.HasAttribute(property, "JsonIgnoreAttribute"))
        {
            return false;
        }

        if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public })
        {
            return true;
        }

        var constructors = type.InstanceConstructors.Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public && !constructor.IsImplicitlyDeclared).ToList();
        var used = constructors.FirstOrDefault(static constructor => StoredType.HasAttribute(constructor, "JsonConstructorAttribute"))
            ?? (type.IsValueType || constructors.Any(static constructor => constructor.Parameters.IsEmpty) || constructors.Count != 1 ? null : constructors[0]);
        return used is not null && used.Parameters.Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase)
            && SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type));
    }

    private void Refuse(bool condition, string path, ITypeSymbol type, string reason)
    {
        if (condition)
        {
            _problem ??= path.Length == 0 ? $"'{Names.Short(type)}' {reason}" : $"{path} is '{Names.Short(type)}', which {reason}";
        }
    }
}
