using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>
/// The shape of a result as a serializer sees it: names and types of all that is written, down to the last. Two versions of a program
/// whose results have the same shape can read each other's; a renamed, added, removed or retyped member makes another shape.
/// </summary>
internal sealed class ResultShape
{
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "System.Guid", "System.DateTimeOffset", "System.TimeSpan", "System.DateOnly", "System.TimeOnly", "System.Uri", "System.Version",
        "System.Half", "System.Int128", "System.UInt128",
    };

    private static readonly HashSet<string> Collections = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IReadOnlyCollection`1", "System.Collections.Generic.IReadOnlyList`1",
        "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IList`1", "System.Collections.Generic.List`1",
        "System.Collections.Generic.HashSet`1", "System.Collections.Generic.ISet`1", "System.Collections.Generic.IReadOnlySet`1",
        "System.Collections.Immutable.ImmutableArray`1", "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.IImmutableList`1",
        "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Immutable.ImmutableSortedSet`1",
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.Collections.Immutable.ImmutableDictionary`2", "System.Collections.Immutable.ImmutableSortedDictionary`2", "System.Collections.Immutable.IImmutableDictionary`2",
    };

    private readonly StringBuilder _text = new();
    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);

    private ResultShape()
    {
    }

    /// <summary>The shape as text.</summary>
    public string Text => _text.ToString();

    /// <summary>Why JSON would not give such a result back as it was; null where it does.</summary>
    public string? Problem { get; private set; }

    public static ResultShape Of(ITypeSymbol type)
    {
        var shape = new ResultShape();
        shape.Add(type, "");
        return shape;
    }

    private void Add(ITypeSymbol type, string path)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            Add(nullable.TypeArguments[0], path);
            _text.Append('?');
            return;
        }

        var name = KnownTypes.MetadataName(type);
        if (type is IArrayTypeSymbol array)
        {
            Refuse(array.Rank > 1, path, type, "has several dimensions");
            Add(array.ElementType, path);
            _text.Append("[]");
        }
        else if (type.TypeKind == TypeKind.Enum)
        {
            AddEnum((INamedTypeSymbol)type);
        }
        else if (type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String or SpecialType.System_DateTime || Plain.Contains(name))
        {
            _text.Append(name);
        }
        else if (type is INamedTypeSymbol named && Collections.Contains(name))
        {
            _text.Append(name).Append('<');
            foreach (var argument in named.TypeArguments)
            {
                Add(argument, path);
                _text.Append(',');
            }

            _text.Append('>');
        }
        else if (type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, IsTupleType: false } own && type.SpecialType != SpecialType.System_Object)
        {
            AddMembers(own, path);
        }
        else
        {
            Refuse(true, path, type, type is INamedTypeSymbol { IsTupleType: true } ? "is a tuple, of which JSON keeps nothing; return a record" : "says nothing about what it holds; return a record");
            _text.Append(Names.Of(type));
        }
    }

    private void AddEnum(INamedTypeSymbol type)
    {
        _text.Append(KnownTypes.MetadataName(type)).Append('{');
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).OrderBy(static field => field.Name, StringComparer.Ordinal))
        {
            _text.Append(field.Name).Append('=').Append(Convert.ToString(field.ConstantValue, CultureInfo.InvariantCulture)).Append(',');
        }

        _text.Append('}');
    }

    private void AddMembers(INamedTypeSymbol type, string path)
    {
        _text.Append(Names.Of(type));
        if (!_seen.Add(type))
        {
            return;
        }

        var isOwn = HasOwnConverter(type);
        Refuse(type.IsAbstract && !isOwn, path, type, "is abstract, and JSON does not tell which of its kinds it was");
        AddAttributes(type);
        _text.Append('{');
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers().Where(static member => !member.IsStatic))
            {
                if (member is IFieldSymbol { AssociatedSymbol: null } field)
                {
                    Refuse(!isOwn, path, type, $"keeps something in the field '{field.Name}', which JSON leaves out");
                    AddMember(type, field, field.Type, path);
                }
                else if (member is IPropertySymbol { IsIndexer: false } property && IsAuto(property))
                {
                    Refuse(!isOwn && !IsReadBack(type, property), path, type, $"has '{property.Name}', which JSON leaves out or cannot set: make it public, with init, or a parameter of the constructor");
                    AddMember(type, property, property.Type, path);
                }
            }
        }

        _text.Append('}');
    }

    // In the order of their declaration: there are serializers that write by position.
    private void AddMember(INamedTypeSymbol type, ISymbol member, ITypeSymbol memberType, string path)
    {
        _text.Append(member.Name);
        AddAttributes(member);
        _text.Append(':');
        Add(memberType, path.Length == 0 ? $"{type.Name}.{member.Name}" : $"{path}.{member.Name}");
        _text.Append(';');
    }

    // What is said to serializers: another name, another converter.
    private void AddAttributes(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes().Where(static attribute => attribute.AttributeClass is { } type
            && (Names.NamespaceOf(type) is "System.Text.Json.Serialization" or "MemoryPack" or "System.Runtime.Serialization" || Names.NamespaceOf(type).StartsWith("ProtoBuf", StringComparison.Ordinal))))
        {
            _text.Append('[').Append(attribute.AttributeClass!.Name);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.NamedArguments.OrderBy(static named => named.Key, StringComparer.Ordinal).Select(static named => named.Value)))
            {
                _text.Append(' ').Append(argument.ToCSharpString());
            }

            _text.Append(']');
        }
    }

    private static bool IsAuto(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
        || (property.DeclaringSyntaxReferences.IsEmpty && property.DeclaredAccessibility == Accessibility.Public);

    private static bool IsReadBack(INamedTypeSymbol type, IPropertySymbol property)
    {
        if (property.DeclaredAccessibility != Accessibility.Public || HasAttribute(property, "JsonIgnoreAttribute"))
        {
            return false;
        }

        if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public })
        {
            return true;
        }

        var constructors = type.InstanceConstructors.Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public && !constructor.IsImplicitlyDeclared).ToList();
        var used = constructors.FirstOrDefault(static constructor => HasAttribute(constructor, "JsonConstructorAttribute"))
            ?? (type.IsValueType || constructors.Any(static constructor => constructor.Parameters.IsEmpty) || constructors.Count != 1 ? null : constructors[0]);
        return used is not null && used.Parameters.Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase)
            && SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type));
    }

    private static bool HasOwnConverter(INamedTypeSymbol type) => HasAttribute(type, "JsonConverterAttribute") || HasAttribute(type, "JsonDerivedTypeAttribute");

    private static bool HasAttribute(ISymbol symbol, string name) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == name);

    private void Refuse(bool condition, string path, ITypeSymbol type, string reason)
    {
        if (condition)
        {
            Problem ??= path.Length == 0 ? $"'{Names.Short(type)}' {reason}" : $"{path} is '{Names.Short(type)}', which {reason}";
        }
    }
}
