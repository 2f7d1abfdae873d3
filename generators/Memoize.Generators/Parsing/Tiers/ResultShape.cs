using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>
/// The shape of a result as a serializer sees it: names and types of all that is written, down to the last, and of all kinds that a base
/// names. Two versions of a program whose results have the same shape can read each other's; a renamed, added, removed or retyped member
/// makes another shape.
/// </summary>
internal sealed class ResultShape
{
    // A type that holds itself with ever longer arguments has no end. Further in than this there is nothing that has not been seen.
    private const int Deepest = 8;

    private readonly StringBuilder _text = new();
    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly List<ITypeSymbol> _around = [];

    private ResultShape()
    {
    }

    /// <summary>The shape as text.</summary>
    public static string Of(ITypeSymbol type)
    {
        var shape = new ResultShape();
        shape.Add(type);
        return shape._text.ToString();
    }

    private void Add(ITypeSymbol type)
    {
        switch (StoredType.KindOf(type))
        {
            case StoredKind.Plain:
                _text.Append(KnownTypes.MetadataName(type));
                break;
            case StoredKind.Enum:
                AddEnum((INamedTypeSymbol)type);
                break;
            case StoredKind.Nullable:
                AddAll("", StoredType.PartsOf(type), "?");
                break;
            case StoredKind.Array:
                AddAll("", StoredType.PartsOf(type), "[]");
                break;
            case StoredKind.Collection:
                _text.Append(KnownTypes.MetadataName(type));
                AddAll("<", StoredType.PartsOf(type), ">");
                break;
            case StoredKind.Object:
                AddMembers((INamedTypeSymbol)type);
                break;
            default:
                // Serializers other than JSON may know what to do with it.
                _text.Append(Names.Of(type));
                AddAll("<", StoredType.PartsOf(type), ">");
                break;
        }
    }

    private void AddAll(string before, IEnumerable<ITypeSymbol> types, string after)
    {
        _text.Append(before);
        var separator = "";
        foreach (var type in types)
        {
            _text.Append(separator);
            Add(type);
            separator = ",";
        }

        _text.Append(after);
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

    private void AddMembers(INamedTypeSymbol type)
    {
        _text.Append(Names.Of(type));
        if (!_seen.Add(type))
        {
            return;
        }

        if (_around.Count(one => SymbolEqualityComparer.Default.Equals(one, type.OriginalDefinition)) == Deepest)
        {
            AddAll("<", type.TypeArguments, ">");
            return;
        }

        _around.Add(type.OriginalDefinition);
        AddAttributes(type);
        _text.Append('{');
        foreach (var (member, memberType) in StoredType.StateOf(type))
        {
            // In the order of their declaration: there are serializers that write by position.
            _text.Append(member.Name);
            AddAttributes(member);
            _text.Append(':');
            Add(memberType);
            _text.Append(';');
        }

        AddAll("}", StoredType.ElementsOf(type), "|");
        AddAll("", StoredType.KindsOf(type), "");
        _around.RemoveAt(_around.Count - 1);
    }

    // What is said to serializers: another name, another converter, a kind and how it is told.
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
}
