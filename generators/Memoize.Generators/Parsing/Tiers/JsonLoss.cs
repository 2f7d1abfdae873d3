using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>What JSON would not give back of a result as it was, as far as its types tell.</summary>
internal sealed class JsonLoss : ResultLoss
{
    private JsonLoss()
    {
    }

    /// <summary>The first thing that would be lost; null where there is none.</summary>
    public static string? Of(ITypeSymbol type) => new JsonLoss().FirstOf(type);

    protected override void Visit(ITypeSymbol type, string path)
    {
        switch (StoredType.KindOf(type))
        {
            case StoredKind.Array:
                Refuse(((IArrayTypeSymbol)type).Rank > 1, path, type, "has several dimensions");
                LookAtParts(type, path);
                break;
            case StoredKind.Nullable or StoredKind.Collection:
                LookAtParts(type, path);
                break;
            case StoredKind.Object when IsNew(type):
                LookAtMembers((INamedTypeSymbol)type, path);
                break;
            case StoredKind.Other:
                Refuse(path, type, type is INamedTypeSymbol { IsTupleType: true } ? "is a tuple, of which JSON keeps nothing; return a record" : "says nothing about what it holds; return a record");
                break;
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
        if (KnownTypes.IsSequence(type) && !StoredType.IsOfFramework(type))
        {
            LookAtCollection(type, path);
            return;
        }

        var constructor = JsonConstructor.Of(type);
        var state = StoredType.StateOf(type).ToList();
        Refuse(state.Count == 0 && kinds.Count == 0 && StoredType.IsOfFramework(type), path, type, "shows nothing of what it holds");
        var names = new Dictionary<string, ISymbol>(StringComparer.Ordinal);
        foreach (var (member, memberType) in state.Where(static state => !StoredType.IsLeftOut(state.Member)))
        {
            Refuse(IsHidden(member, names), path, type, $"has '{member.Name}' twice, and JSON leaves out the one of '{Names.Short(member.ContainingType)}', which is hidden");
            Refuse(member is IFieldSymbol && !IsIncluded(member), path, type, $"keeps something in the field '{member.Name}', which JSON leaves out");
            Refuse(member is IPropertySymbol property && !IsReadBack(property, constructor), path, type, $"has '{member.Name}', which JSON leaves out or cannot set: make it public, with init, or a parameter of the constructor");
            if (!StoredType.HasAttribute(member, "JsonConverterAttribute"))
            {
                LookAtMember(type, member, memberType, path);
            }
        }

        Refuse(!type.IsAbstract && constructor.Problem is not null, path, type, constructor.Problem ?? "");
        foreach (var kind in kinds)
        {
            Look(kind, path);
        }
    }

    // An override is the same member. Those of base classes come last.
    private static bool IsHidden(ISymbol member, Dictionary<string, ISymbol> names)
    {
        if (!names.TryGetValue(member.Name, out var nearer))
        {
            names.Add(member.Name, member);
            return false;
        }

        for (var overridden = (nearer as IPropertySymbol)?.OverriddenProperty; overridden is not null; overridden = overridden.OverriddenProperty)
        {
            if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, member.OriginalDefinition))
            {
                return false;
            }
        }

        return true;
    }

    // JSON sees its elements and nothing else. Where it keeps them is no loss.
    private void LookAtCollection(INamedTypeSymbol type, string path)
    {
        var elements = StoredType.ElementsOf(type).ToList();
        var isStoreSeen = false;
        foreach (var (member, memberType) in StoredType.StateOf(type).Where(static state => !StoredType.IsLeftOut(state.Member) && !StoredType.IsOfFramework(state.Member.ContainingType) && state.Member.Name != "Count"))
        {
            var isStore = StoredType.ElementsOf(memberType).Intersect(elements, SymbolEqualityComparer.Default).Any();
            Refuse(isStore ? isStoreSeen : JsonConstructor.IsKnownToBeState(member), path, type, $"is a collection, of which JSON writes the elements and leaves out '{member.Name}'");
            isStoreSeen |= isStore;
        }

        foreach (var element in elements)
        {
            Look(element, path);
        }
    }

    private static bool IsIncluded(ISymbol member) => StoredType.HasAttribute(member, "JsonIncludeAttribute");

    private static bool IsReadBack(IPropertySymbol property, JsonConstructor constructor)
    {
        if (StoredType.HasAttribute(property, "JsonIgnoreAttribute") || (property.DeclaredAccessibility != Accessibility.Public && !IsIncluded(property)))
        {
            return false;
        }

        return property.SetMethod is { } setter && (setter.DeclaredAccessibility == Accessibility.Public || IsIncluded(property))
            || constructor.Sets(property)
            || !JsonConstructor.IsKnownToBeState(property);
    }

    private void Refuse(bool condition, string path, ITypeSymbol type, string reason)
    {
        if (condition)
        {
            Refuse(path, type, reason);
        }
    }
}
