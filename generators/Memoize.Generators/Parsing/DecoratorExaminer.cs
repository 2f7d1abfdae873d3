using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Reads an interface into the model of its decorator: what is cached goes to the cells, everything else is passed on.</summary>
internal sealed class DecoratorExaminer
{
    private static readonly string[] OfEveryObject = ["Equals", "GetHashCode", "ToString", "GetType", "Finalize", "MemberwiseClone", "ReferenceEquals"];

    private readonly INamedTypeSymbol _type;
    private readonly Compilation _compilation;
    private readonly Func<IMethodSymbol, WrappedMethodModel?> _wrapper;
    private readonly string _name;
    private readonly List<ISymbol> _implicit = [];

    private DecoratorExaminer(INamedTypeSymbol type, Compilation compilation, string name, Func<IMethodSymbol, WrappedMethodModel?> wrapper)
    {
        _type = type;
        _compilation = compilation;
        _name = name;
        _wrapper = wrapper;
    }

    /// <summary>The decorator of an interface; null where none of its methods has a wrapper.</summary>
    /// <param name="type">The interface, as it is declared.</param>
    /// <param name="compilation">The compilation that gets the class.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="isForeign">Whether the interface is of another assembly, so that the class is for this assembly alone.</param>
    /// <param name="wrapper">The methods that are cached, are batches, or evict.</param>
    public static DecoratorModel? Read(INamedTypeSymbol type, Compilation compilation, string name, bool isForeign, Func<IMethodSymbol, WrappedMethodModel?> wrapper) =>
        new DecoratorExaminer(type, compilation, name, wrapper).Read(isForeign);

    private DecoratorModel? Read(bool isForeign)
    {
        var members = DecoratorShape.Members(_type).Where(NeedsImplementation).ToList();
        var models = members.Select(Member).ToList();
        if (models.All(member => member is { Call: null, Elsewhere: null }))
        {
            return null;
        }

        return new DecoratorModel
        {
            Namespace = Names.NamespaceOf(_type),
            Name = _name,
            Accessibility = Accessible.IsExported(_type) && !isForeign ? "public" : "internal",
            Interface = Names.Bare(_type),
            Display = Names.Short(_type),
            TypeParameters = TypeParameters.Of(CellNames.TypeParametersOf(_type)),
            TakenNames = members.SelectMany(NamesOf).Concat(CellNames.TypeParametersOf(_type).Select(p => p.Name)).Append(_name).Distinct().ToEquatableArray(),
            Members = models.ToEquatableArray(),
            UnboundInterface = Unbound(),
            KnowsContainers = _compilation.GetTypeByMetadataName("Microsoft.Extensions.DependencyInjection.ServiceKeyAttribute") is not null,
        };
    }

    private string? Unbound()
    {
        var arity = CellNames.TypeParametersOf(_type).Count();
        return arity == 0 ? Names.Bare(_type) : arity == _type.Arity ? Names.Bare(_type.ConstructUnboundGenericType()) : null;
    }

    private static IEnumerable<string> NamesOf(ISymbol member)
    {
        var parameters = member switch
        {
            IMethodSymbol method => method.Parameters.Select(p => p.Name).Concat(method.TypeParameters.Select(p => p.Name)),
            IPropertySymbol property => property.Parameters.Select(p => p.Name),
            _ => [],
        };
        return parameters.Append(member.Name);
    }

    // What is static, private or sealed in an interface cannot be implemented, and need not be.
    private static bool NeedsImplementation(ISymbol member) => !member.IsStatic && (member.IsAbstract || member.IsVirtual);

    private DecoratorMemberModel Member(ISymbol member)
    {
        var anew = member is IMethodSymbol inherited && IsAnnotatedElsewhere(inherited) ? InheritedWrappers.DeclaredAnew(inherited, _type, _compilation) : null;
        var isImplicit = anew is null && IsImplicit(member);
        if (isImplicit)
        {
            _implicit.Add(member);
        }

        var owner = Names.Bare(member.ContainingType);
        var target = anew is not null ? $"(({Names.Bare(anew.ContainingType)})this)" : isImplicit ? "{0}" : $"(({owner}){{0}})";
        var syntax = new MemberSyntax(isImplicit ? "public " : "", isImplicit ? "" : owner + ".", target);
        return member switch
        {
            IMethodSymbol method when anew is not null => syntax.Method(method),
            IMethodSymbol method when IsAnnotatedElsewhere(method) => syntax.Method(method, CellOf(method, CellNames.Of(method.OriginalDefinition, Door.Decorator))) with { Elsewhere = method.Name },
            IMethodSymbol method => Method(method, syntax),
            IPropertySymbol property => syntax.Property(property),
            _ => syntax.Event((IEventSymbol)member),
        };
    }

    private DecoratorMemberModel Method(IMethodSymbol method, MemberSyntax syntax)
    {
        var model = syntax.Method(method) with { Disposes = Disposes(method) };
        if (_wrapper(method.OriginalDefinition) is not { } wrapper)
        {
            return model;
        }

        return model with
        {
            Call = new DecoratorCallModel(
                wrapper,
                CellOf(method, wrapper.Cell),
                AliasOf(wrapper),
                wrapper is CachedMethodModel ? Names.Of(KnownTypes.ResultOf(method.ReturnType)) : "",
                string.Concat(wrapper.Parameters.Select(p => ", " + p.Argument))),
        };
    }

    // With the type arguments that the interface is inherited with.
    private static string CellOf(IMethodSymbol method, CellModel cell) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, method.ContainingType.OriginalDefinition) || method.ContainingType.TypeArguments.IsEmpty
            ? cell.FullName
            : cell.FullName.Substring(0, cell.FullName.IndexOf('<')) + "<" + string.Join(", ", AllTypeArguments(method.ContainingType)) + ">";

    private bool IsAnnotatedElsewhere(IMethodSymbol method) => Attributes.IsWrapped(method) && !InheritedWrappers.IsOurs(method, _compilation);

    // A generic cell has no alias: it would have to name type arguments.
    private string? AliasOf(WrappedMethodModel wrapper)
    {
        var siblings = _compilation.GetCompilationNamespace(_type.ContainingNamespace) ?? _type.ContainingNamespace;
        return wrapper.Namespace != Names.NamespaceOf(_type) || wrapper.Containers.Any(c => c.TypeParameters.Count > 0) || siblings.GetTypeMembers(wrapper.Cell.Name).Length > 0
            ? null
            : wrapper.Cell.Name;
    }

    private static IEnumerable<string> AllTypeArguments(INamedTypeSymbol type) =>
        Names.ContainersOf(type).SelectMany(t => t.TypeArguments).Select(Names.Of);

    private static bool Disposes(IMethodSymbol method) =>
        method.ContainingType is { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true }, Name: "IDisposable" or "IAsyncDisposable" };

    // One member of each signature is the class's own; the others are implemented for their interface alone.
    private bool IsImplicit(ISymbol member) =>
        member.DeclaredAccessibility == Accessibility.Public
        && member.Name != _name
        && !OfEveryObject.Contains(member.Name)
        && !_implicit.Any(other => other.Name == member.Name && !(other is IMethodSymbol a && member is IMethodSymbol b && AreOverloads(a, b)) && !AreIndexers(other, member));

    private static bool AreOverloads(IMethodSymbol a, IMethodSymbol b) =>
        a.Arity != b.Arity
        || a.Parameters.Length != b.Parameters.Length
        || a.Parameters.Zip(b.Parameters, (x, y) => (x.RefKind == RefKind.None) != (y.RefKind == RefKind.None) || Differ(x.Type, y.Type)).Any(differs => differs);

    private static bool AreIndexers(ISymbol a, ISymbol b) =>
        a is IPropertySymbol { IsIndexer: true } x && b is IPropertySymbol { IsIndexer: true } y
        && (x.Parameters.Length != y.Parameters.Length || x.Parameters.Zip(y.Parameters, (p, q) => Differ(p.Type, q.Type)).Any(differs => differs));

    // The type parameters of two methods are different symbols, and may still be the same to the compiler.
    private static bool Differ(ITypeSymbol a, ITypeSymbol b) =>
        !SymbolEqualityComparer.Default.Equals(a, b) && !(Mentions.Any(a, static t => t.TypeKind == TypeKind.TypeParameter) && Mentions.Any(b, static t => t.TypeKind == TypeKind.TypeParameter));
}
