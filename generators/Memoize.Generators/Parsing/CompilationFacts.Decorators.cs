using System.Collections.Concurrent;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// Which interfaces have a decorator.
internal sealed partial class CompilationFacts
{
    private IReadOnlyList<ForeignDecorator>? _foreign;
    private ForeignMembers? _foreignMembers;
    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _knowing = new(SymbolEqualityComparer.Default);

    /// <summary>
    /// The decorators that an annotated member of an interface brings, if it is the first: of the interface, and of those that only
    /// inherit annotated members, from this interface before others.
    /// </summary>
    public EquatableArray<DecoratorModel> DecoratorsAt(IMethodSymbol method, CancellationToken cancellation)
    {
        var type = method.ContainingType;
        var first = type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(m => WrapperOf(m, cancellation) is { Door: Door.Decorator });
        return SymbolEqualityComparer.Default.Equals(first, method)
            ? _heirs.Value[type].Where(heir => WhyNotDecorated(heir) is null).Prepend(type).Select(t => Decorate(t, cancellation)).OfType<DecoratorModel>().ToEquatableArray()
            : EquatableArray<DecoratorModel>.Empty;
    }

    /// <summary>The decorator of an interface all of whose annotated members are inherited, and which says something about it.</summary>
    public IEnumerable<AskedDecoratorModel> DecoratorOfInheritedMethods(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.TypeKind == TypeKind.Interface
        && !type.GetMembers().Any(Attributes.IsWrapped)
        && WhyNotDecorated(type) is null
        && Decorate(type, cancellation) is { } decorator
            ? [new AskedDecoratorModel(decorator, EquatableArray<WrappedMethodModel>.Empty)]
            : [];

    /// <summary>
    /// The decorators of interfaces of ours that only inherit annotated members, from interfaces that are not ours: of other assemblies, or such that
    /// attributes of the assembly speak of.
    /// </summary>
    public IEnumerable<DecoratorModel> DecoratorsOfHeirsOfOthers(CancellationToken cancellation) => _heirs.Value
        .Where(heirs => !IsAnnotatedHere(heirs.Key))
        .SelectMany(heirs => heirs)
        .Where(heir => WhyNotDecorated(heir) is null)
        .Select(heir => Decorate(heir, cancellation))
        .OfType<DecoratorModel>();

    /// <summary>
    /// A member that the interface inherits and that is to have a wrapper, because it is annotated or because attributes of the assembly speak of it; null
    /// where there is none.
    /// </summary>
    public ISymbol? WrappedIn(INamedTypeSymbol heir, CancellationToken cancellation) =>
        heir.AllInterfaces.SelectMany(i => i.GetMembers()).FirstOrDefault(Attributes.IsWrapped)
        ?? (IsAskedForByAssembly(heir, cancellation) ? null : SpokenIn(heir, cancellation).SelectMany(foreign => foreign.Wrappers.Keys).FirstOrDefault());

    /// <summary>Why an interface that only inherits annotated members has no decorator, as the end of a sentence; null where it has one.</summary>
    public string? WhyNotDecorated(INamedTypeSymbol heir) =>
        Accessible.FirstHidden(heir) is { } hidden ? $"'{Names.Short(hidden)}' is {(hidden is INamedTypeSymbol { IsFileLocal: true } ? "local to its file" : "private")}; make it internal"
        : DecoratorShape.WhyNot(heir, _compilation) is { } reason ? reason
        : _heirs.Value.SelectMany(heirs => heirs).Concat(TypesWithCachedMethods).FirstOrDefault(other => IsNamesake(heir, other)) is { } namesake
            ? $"the class would be called as that of '{namesake.ToDisplayString()}'; give another with [CachedDecorator(Name = \"…\")]"
        : null;

    /// <summary>The decorators that these attributes of the assembly ask for.</summary>
    public IEnumerable<AskedDecoratorModel> DecoratorsAskedFor(IReadOnlyCollection<AttributeData> attributes, CancellationToken cancellation) => ForeignDecorators(cancellation)
        .Where(foreign => foreign.Model is not null && attributes.Any(a => a.ApplicationSyntaxReference is { } reference && foreign.Attribute.ApplicationSyntaxReference is { } own
            && own.SyntaxTree == reference.SyntaxTree && own.Span == reference.Span))
        .Select(foreign => new AskedDecoratorModel(foreign.Model!, foreign.Methods.ToEquatableArray()));

    /// <summary>What attributes of the assembly say about interfaces that are not ours.</summary>
    public IReadOnlyList<ForeignDecorator> ForeignDecorators(CancellationToken cancellation) =>
        _foreign ??= Parsing.ForeignDecorators.In(_compilation, cancellation);

    /// <summary>Which methods these attributes speak of.</summary>
    public ForeignMembers ForeignMembers(CancellationToken cancellation) => _foreignMembers ??= Parsing.ForeignMembers.In(_compilation, cancellation);

    /// <summary>Whether something says of the method that it is cached: an attribute of its own, or of this assembly where its interface is not ours.</summary>
    public bool IsCached(IMethodSymbol method, CancellationToken cancellation) =>
        Attributes.Cached(method) is not null || ForeignVerdict(method, cancellation) is not null;

    /// <summary>The verdict on a cached method whose entries others evict, update or ask for, be it ours or not.</summary>
    public Verdict? EntriesOf(IMethodSymbol method, CancellationToken cancellation) =>
        VerdictOf(method, cancellation) ?? ForeignVerdict(method, cancellation);

    private Verdict? ForeignVerdict(IMethodSymbol method, CancellationToken cancellation) =>
        method.ContainingType.TypeKind == TypeKind.Interface ? ForeignMembers(cancellation).VerdictOf(method) : null;

    private DecoratorModel? Decorate(INamedTypeSymbol type, CancellationToken cancellation) => DecoratorExaminer.Read(
        type, _compilation, DecoratorShape.NameOf(type), isForeign: false, m => !Attributes.IsWrapped(m) ? SpokenWrapperOf(m, type, cancellation) : WrapperOf(m, cancellation) is { Door: Door.Decorator } wrapper ? wrapper : null);

    // What the assembly says about an interface that is not ours holds for those of ours that inherit it.
    private WrappedMethodModel? SpokenWrapperOf(IMethodSymbol method, INamedTypeSymbol heir, CancellationToken cancellation) => SpokenIn(heir, cancellation)
        .Select(foreign => foreign.Wrappers.TryGetValue(method, out var wrapper) ? wrapper : null)
        .FirstOrDefault(wrapper => wrapper is not null);

    private IEnumerable<ForeignDecorator> SpokenIn(INamedTypeSymbol heir, CancellationToken cancellation) => ForeignDecorators(cancellation)
        .Where(foreign => foreign.Service is { } service && heir.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, service)));

    private bool IsAskedForByAssembly(INamedTypeSymbol type, CancellationToken cancellation) =>
        ForeignMembers(cancellation).Services.Any(spoken => SymbolEqualityComparer.Default.Equals(spoken.Service, type));

    private static bool IsNamesake(INamedTypeSymbol heir, INamedTypeSymbol other) =>
        other.TypeKind == TypeKind.Interface
        && !SymbolEqualityComparer.Default.Equals(heir, other)
        && SymbolEqualityComparer.Default.Equals(heir.ContainingNamespace, other.ContainingNamespace)
        && CellNames.TypeParametersOf(heir).Count() == CellNames.TypeParametersOf(other).Count()
        && DecoratorShape.NameOf(heir) == DecoratorShape.NameOf(other);

    // One of ours before others: it is read with its first annotated member, and its heirs with it.
    private INamedTypeSymbol? AnnotatedBaseOf(INamedTypeSymbol heir)
    {
        var spoken = SpokenIn(heir, CancellationToken.None).Select(foreign => foreign.Service);
        return (heir.AllInterfaces.FirstOrDefault(IsAnnotatedHere) ?? heir.AllInterfaces.FirstOrDefault(i => KnowsMemoize(i.ContainingAssembly) && i.GetMembers().Any(Attributes.IsWrapped)))?.OriginalDefinition
            ?? (IsAskedForByAssembly(heir, CancellationToken.None) ? null : spoken.FirstOrDefault());
    }

    private bool IsAnnotatedHere(INamedTypeSymbol type) => InheritedWrappers.IsOurs(type, _compilation) && type.GetMembers().Any(Attributes.IsWrapped);

    // Of most assemblies, no member need be looked at.
    private bool KnowsMemoize(IAssemblySymbol assembly) => _knowing.GetOrAdd(assembly, static one =>
        one.Modules.Any(static module => module.ReferencedAssemblies.Any(static reference => reference.Name == "Memoize")));

    // Interfaces that say nothing themselves, by the interface whose annotated members they inherit.
    private ILookup<INamedTypeSymbol, INamedTypeSymbol> FindHeirs() => UserTrees
        .SelectMany(tree => TreeFacts.Of(tree).InterfacesWithBases.Select(type => ModelOf(tree).GetDeclaredSymbol(type)))
        .OfType<INamedTypeSymbol>()
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
        .Where(type => Attributes.CachedDecorator(type) is null && !type.GetMembers().Any(Attributes.IsWrapped))
        .Select(type => (Heir: type, From: AnnotatedBaseOf(type)))
        .Where(pair => pair.From is not null)
        .ToLookup<(INamedTypeSymbol Heir, INamedTypeSymbol? From), INamedTypeSymbol, INamedTypeSymbol>(pair => pair.From!, pair => pair.Heir, SymbolEqualityComparer.Default);
}
