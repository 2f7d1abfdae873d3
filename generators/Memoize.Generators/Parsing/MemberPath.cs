using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>A path such as <c>Customer.Id</c> from a parameter to the member that is the key.</summary>
/// <param name="Type">The type of the last member.</param>
/// <param name="FieldType">That type, nullable where something on the way may be missing.</param>
/// <param name="Access">The access, to be written behind the parameter: <c>?.Customer?.Id</c>.</param>
/// <param name="Nullable">The prefixes of the path that may be null, to be written behind the parameter.</param>
/// <param name="MayChange">Whether a member on the way can be set on an object that others hold as well.</param>
internal sealed record MemberPath(ITypeSymbol Type, string FieldType, string Access, IReadOnlyList<string> Nullable, bool MayChange)
{
    public static MemberPath? Resolve(ITypeSymbol root, string path, out string problem)
    {
        problem = "";
        var type = root;
        var access = "";
        var nullable = new List<string>();
        var mayChange = false;
        if (path.Length == 0)
        {
            problem = "the member path is empty";
            return null;
        }

        foreach (var segment in path.Split('.'))
        {
            var owner = type;
            var member = Find(owner, segment);
            if (member is null)
            {
                problem = $"'{Names.Short(owner)}' has no readable member '{segment}'{Suggestion(owner, segment)}";
                return null;
            }

            var mayBeNull = owner.IsReferenceType || owner.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
            if (mayBeNull)
            {
                nullable.Add(access);
            }

            mayChange |= !owner.IsValueType && IsSettable(member);
            access += (mayBeNull ? "?." : ".") + Names.Escape(segment);
            type = TypeOf(member);
        }

        var annotated = nullable.Count > 0 && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T
            ? Names.Bare(type) + "?"
            : Names.Of(type);
        return new MemberPath(type, annotated, access, nullable, mayChange);
    }

    /// <summary>An expression that tells how far the path can be followed; null where it always can.</summary>
    public string? NullTest(string parameter)
    {
        if (Nullable.Count == 0)
        {
            return null;
        }

        var tests = Nullable.Select((prefix, index) => $"{parameter}{prefix} is null ? {index + 1} : ");
        return string.Concat(tests) + "0";
    }

    /// <summary>The path with every wrong name replaced by the one that its message suggests; null where there is nothing to suggest.</summary>
    public static string? Mend(ITypeSymbol root, string path)
    {
        var type = root;
        var mended = new List<string>();
        foreach (var segment in path.Split('.'))
        {
            if ((Find(type, segment) ?? Nearest(type, segment)) is not { } member)
            {
                return null;
            }

            mended.Add(member.Name);
            type = TypeOf(member);
        }

        return string.Join(".", mended);
    }

    /// <summary>Whether the member can be set after its object was made.</summary>
    public static bool IsSettable(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is { IsInitOnly: false },
        _ => false,
    };

    public static ITypeSymbol TypeOf(ISymbol member) => member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;

    private static ISymbol? Find(ITypeSymbol type, string name)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            type = ((INamedTypeSymbol)type).TypeArguments[0];
        }

        return ReadableOf(type).FirstOrDefault(member => member.Name == name);
    }

    /// <summary>The members that a path may name.</summary>
    public static IEnumerable<ISymbol> ReadableOf(ITypeSymbol type) => Lineage.Of(type)
        .SelectMany(t => t.GetMembers())
        .Where(member => !member.IsStatic && Accessible.IsVisible(member.DeclaredAccessibility) && member switch
        {
            IPropertySymbol { IsIndexer: false, GetMethod: { } getter } => Accessible.IsVisible(getter.DeclaredAccessibility),
            IFieldSymbol { AssociatedSymbol: null } => true,
            _ => false,
        });

    private static string Suggestion(ITypeSymbol type, string wrong) =>
        Nearest(type, wrong) is { } near ? $"; did you mean '{near.Name}'?" : "";

    private static ISymbol? Nearest(ITypeSymbol type, string wrong) =>
        NearNames.To(wrong, ReadableOf(type).Select(member => member.Name)) is { } near ? ReadableOf(type).First(member => member.Name == near) : null;
}
