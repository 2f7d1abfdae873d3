using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Ambient;

/// <summary>The ambient values that an assembly declares, in the order of their names, which is their order in every key.</summary>
internal sealed class AmbientSources
{
    private AmbientSources(IReadOnlyList<AmbientSource> all) => All = all;

    public IReadOnlyList<AmbientSource> All { get; }

    public AmbientSource? Find(string name) => All.FirstOrDefault(source => source.Name == name);

    /// <summary>The declared name that was probably meant.</summary>
    public string? Nearest(string wrong) => NearNames.To(wrong, All.Select(source => source.Name));

    /// <summary>"'tenant' and 'culture'", for messages.</summary>
    public string Listed => string.Join(", ", All.Select(source => $"'{source.Name}'"));

    /// <summary>The source that the operation reads; null where it reads none.</summary>
    public AmbientSource? ReadBy(IOperation operation) => All.FirstOrDefault(source => source.IsReadBy(operation));

    public static AmbientSources Of(Compilation compilation)
    {
        var sources = new List<AmbientSource>();
        foreach (var attribute in Attributes.CacheVaryBy(compilation.Assembly))
        {
            // Half-typed: the compiler says what is missing.
            if (attribute.ConstructorArguments is not [{ Value: string name }, { Value: ITypeSymbol { TypeKind: not TypeKind.Error } type }, { Value: string member }])
            {
                continue;
            }

            var problem = WrongName(name, sources);
            var found = problem is null ? Resolve(type, member, compilation, out problem) : null;
            sources.Add(new AmbientSource(name, found, attribute.Named("Default", false), problem, attribute));
        }

        return new AmbientSources([.. sources.OrderBy(source => source.Name, StringComparer.Ordinal)]);
    }

    private static string? WrongName(string name, List<AmbientSource> before)
    {
        if (name.Length == 0 || !char.IsLetter(name[0]) || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            return "a name begins with a letter and goes on with letters, digits, '_', '-' and '.'";
        }

        return before.Any(other => other.Name == name) ? "the name is declared twice; give each source its own" : null;
    }

    private static ISymbol? Resolve(ITypeSymbol type, string name, Compilation compilation, out string? problem)
    {
        problem = null;
        if (type is not INamedTypeSymbol { IsUnboundGenericType: false } owner)
        {
            problem = $"'{Names.Short(type)}' is no type with members that can be read";
            return null;
        }

        var members = Members(owner).Where(member => member.Name == name).ToList();
        if (members.Count == 0)
        {
            var readable = Members(owner).Where(member => AmbientSource.TypeOf(member) is not null && member.IsStatic).Select(member => member.Name);
            problem = $"'{Names.Short(owner)}' has no member '{name}'{NearNames.DidYouMean(name, readable)}";
            return null;
        }

        var member = members.FirstOrDefault(candidate => AmbientSource.TypeOf(candidate) is not null);
        problem = member switch
        {
            null => $"'{name}' is no property, field or method without parameters that gives a value",
            { IsStatic: false } => $"'{name}' is not static, and no instance is at hand when a key is made",
            { IsAbstract: true } => $"'{name}' is abstract, and no implementation is at hand when a key is made",
            _ when IsHidden(member) => $"generated code cannot reach '{Names.Short(owner)}.{name}'; make it internal",
            _ => WhyNotKey(member, compilation),
        };
        return problem is null ? member : null;
    }

    private static string? WhyNotKey(ISymbol member, Compilation compilation)
    {
        var type = AmbientSource.TypeOf(member)!;
        if (AmbientSource.IsCultureInfo(type))
        {
            return null;
        }

        return KeyTypes.Compare(type, compilation, out var reason) is null ? $"{reason}; name a member that gives what tells callers apart, such as an id" : null;
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                yield return member;
            }
        }
    }

    private static bool IsHidden(ISymbol member) =>
        Accessible.FirstHidden(member.ContainingType) is not null
        || Accessible.FirstHidden(AmbientSource.TypeOf(member)!) is not null
        || !Accessible.IsVisible(member.DeclaredAccessibility)
        || (member is IPropertySymbol { GetMethod: { } getter } && !Accessible.IsVisible(getter.DeclaredAccessibility));
}
