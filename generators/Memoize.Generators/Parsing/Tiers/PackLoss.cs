using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>What MemoryPack would not give back of a result as it was, as far as its types tell.</summary>
internal sealed class PackLoss : ResultLoss
{
    private readonly CompilationFacts _facts;

    private PackLoss(CompilationFacts facts) => _facts = facts;

    /// <summary>
    /// The first thing that would be lost; null where there is none, or where the result is nothing that MemoryPack writes in a tier.
    /// </summary>
    public static string? Of(ITypeSymbol type, CompilationFacts facts) =>
        facts.HasMemoryPack && IsPackable(type) ? new PackLoss(facts).FirstOf(type) : null;

    protected override void Visit(ITypeSymbol type, string path)
    {
        if (!IsPackable(type))
        {
            LookAtParts(type, path);
        }
        else if (IsNew(type) && !type.IsUnmanagedType)
        {
            LookAtMembers((INamedTypeSymbol)type, path);
        }
    }

    private void LookAtMembers(INamedTypeSymbol type, string path)
    {
        var generated = type.GetAttributes().FirstOrDefault(static attribute => attribute.AttributeClass?.Name == "MemoryPackableAttribute")?.ConstructorArguments
            .Where(static argument => argument.Kind == TypedConstantKind.Enum).Select(static argument => argument.ToCSharpString()).FirstOrDefault() ?? "";
        if (generated.EndsWith(".NoGenerate", StringComparison.Ordinal) || generated.EndsWith(".Collection", StringComparison.Ordinal))
        {
            return;
        }

        var kinds = StoredType.KindsOf(type, "MemoryPackUnionAttribute").ToList();
        if (type is { TypeKind: TypeKind.Class, IsSealed: false, IsAbstract: false } && _facts.DerivedFrom(type).FirstOrDefault() is { } derived)
        {
            Refuse(path, type, $"may be a '{Names.Short(derived)}', of which MemoryPack keeps what '{Names.Short(type)}' has: make it sealed, or abstract with a [MemoryPackUnion] for each of its kinds");
        }

        foreach (var (member, memberType) in kinds.Count > 0 ? [] : StoredType.StateOf(type).Where(static state => !StoredType.IsLeftOut(state.Member)))
        {
            if (WhyLost(type, member) is { } reason)
            {
                Refuse(path, type, reason);
            }
            else if (!HasFormatter(member))
            {
                LookAtMember(type, member, memberType, path);
            }
        }

        foreach (var kind in kinds)
        {
            Look(kind, path);
        }
    }

    private static string? WhyLost(INamedTypeSymbol type, ISymbol member) =>
        StoredType.HasAttribute(member, "MemoryPackIgnoreAttribute") ? $"has '{member.Name}', which MemoryPack leaves out, because it is [MemoryPackIgnore]"
        : member.DeclaredAccessibility != Accessibility.Public && !StoredType.HasAttribute(member, "MemoryPackIncludeAttribute") ? $"keeps something in '{member.Name}', which is not public, so that MemoryPack leaves it out: mark it with [MemoryPackInclude]"
        : member is IPropertySymbol { SetMethod: null } property && JsonConstructor.IsKnownToBeState(property) && !IsSetByConstructor(type, property) ? $"has '{member.Name}', which MemoryPack cannot set: give it an init, or make it a parameter of the constructor"
        : null;

    private static bool IsSetByConstructor(INamedTypeSymbol type, IPropertySymbol property)
    {
        var constructors = type.InstanceConstructors.Where(static constructor => !constructor.IsImplicitlyDeclared).ToList();
        var used = constructors.Count == 1 ? constructors[0] : constructors.FirstOrDefault(static constructor => StoredType.HasAttribute(constructor, "MemoryPackConstructorAttribute"));
        return used is not null && used.Parameters.Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase));
    }

    // It knows best what it writes.
    private static bool HasFormatter(ISymbol member) => member.GetAttributes().Any(static attribute =>
        attribute.AttributeClass is { } type && Lineage.Of(type).Any(static one => one.Name is "MemoryPackCustomFormatterAttribute" or "MemoryPackAllowSerializeAttribute"));

    /// <summary>Whether MemoryPack has code for the type.</summary>
    public static bool IsPackable(ITypeSymbol type) => StoredType.HasAttribute(type, "MemoryPackableAttribute");
}
