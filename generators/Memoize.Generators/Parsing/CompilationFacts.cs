using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Emit;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing.Ambient;
using Memoize.Generators.Parsing.Batches;
using Memoize.Generators.Parsing.Invalidation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What is asked about one compilation again and again: the names that a cached method may have, and the verdict on each method.
/// It lives exactly as long as the compilation does.
/// </summary>
internal sealed partial class CompilationFacts
{
    private static readonly ConditionalWeakTable<Compilation, CompilationFacts> Facts = new();

    private readonly ConcurrentDictionary<IMethodSymbol, Target?> _targets = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, Verdict?> _verdicts = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, BatchVerdict?> _batches = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, EvictingVerdict?> _evictions = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<IMethodSymbol, IMethodSymbol?> _behind = new(SymbolEqualityComparer.Default);
    private readonly Lazy<HashSet<SyntaxTree>> _twins;
    private readonly Lazy<IReadOnlyList<INamedTypeSymbol>> _types;
    private readonly Lazy<ILookup<string, INamedTypeSymbol>> _typesByHandle;
    private readonly Lazy<HashSet<string>> _intercepted;
    private readonly Lazy<AmbientSources> _ambient;
    private readonly Lazy<bool> _aliases;
    private readonly Lazy<ILookup<string, IMethodSymbol>> _named;
    private readonly Compilation _compilation;
    private readonly Lazy<ILookup<INamedTypeSymbol, INamedTypeSymbol>> _heirs;
    private readonly Lazy<ILookup<string, TypeDeclarationSyntax>> _derived;
    private readonly Lazy<DynamicSources> _dynamic;
    private readonly NameScanner _names;
    private readonly Lazy<HashSet<string>> _open;
    private readonly Lazy<HashSet<string>> _collections;

    private CompilationFacts(Compilation compilation)
    {
        _compilation = compilation;
        _twins = new Lazy<HashSet<SyntaxTree>>(() => Twins.In(compilation));
        _types = new Lazy<IReadOnlyList<INamedTypeSymbol>>(FindTypes);
        _typesByHandle = new Lazy<ILookup<string, INamedTypeSymbol>>(() => TypesWithCachedMethods.ToLookup(HandleNames.NameOf, StringComparer.Ordinal));
        _intercepted = new Lazy<HashSet<string>>(() => InterceptedCalls.In(compilation));
        _ambient = new Lazy<AmbientSources>(() => AmbientSources.Of(compilation));
        _heirs = new Lazy<ILookup<INamedTypeSymbol, INamedTypeSymbol>>(FindHeirs);
        _derived = new Lazy<ILookup<string, TypeDeclarationSyntax>>(FindDerived);
        _aliases = new Lazy<bool>(() => UserTrees.Any(tree => TreeFacts.Of(tree).HasAliasOfAttribute));
        _named = new Lazy<ILookup<string, IMethodSymbol>>(FindNamed);
        _dynamic = new Lazy<DynamicSources>(() => DynamicSources.In(compilation));
        _names = new NameScanner(CachedNames.In(compilation, UserTrees));
        _open = new Lazy<HashSet<string>>(() => new(TypesWithCachedMethods.SelectMany(CachedNames.Generic).Concat(CachedNames.ExportedOpen(compilation)), StringComparer.Ordinal));
        _collections = new Lazy<HashSet<string>>(() => new(TypesWithCachedMethods.SelectMany(CachedNames.TakingCollections).Concat(CachedNames.ExportedTakingCollections(compilation)), StringComparer.Ordinal));
    }

    // What the generator wrote is in the compilation that analyzers see.
    private IEnumerable<SyntaxTree> UserTrees => _compilation.SyntaxTrees.Where(tree => !GeneratedFile.IsOurs(tree));

    public static CompilationFacts Of(Compilation compilation) => Facts.GetValue(compilation, static c => new CompilationFacts(c));

    /// <summary>A cheap no for almost every call in a program: no cached method has that name.</summary>
    public bool MayBeCached(string name) => _names.Has(name);

    /// <summary>
    /// The same for a cached method whose key depends on types that only a call tells: type arguments, and what derives here from a class of
    /// another assembly.
    /// </summary>
    public bool MayBeOpen(string name) => MayBeCached(name) && _open.Value.Contains(name);

    /// <summary>The same for a cached method that is given a collection which may be of any type.</summary>
    public bool MayTakeCollections(string name) => MayBeCached(name) && _collections.Value.Contains(name);

    /// <summary>
    /// A semantic model that resolves names and leaves out the analysis of nullability, which nobody here asks for. With it, a
    /// question about one call binds its statement; without, it would bind and analyse the whole method around it.
    /// </summary>
    public SemanticModel ModelOf(SyntaxTree tree) => _models.GetOrAdd(tree, NewModel);

    /// <summary>
    /// The code of a method: one operation for each declaration that has some. None for a method of another project, which an editor
    /// hands over as source, and the compiler as metadata.
    /// </summary>
    public IEnumerable<IOperation> CodeOf(IMethodSymbol method, CancellationToken cancellation)
    {
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            if (_compilation.ContainsSyntaxTree(reference.SyntaxTree)
                && ModelOf(reference.SyntaxTree).GetOperation(reference.GetSyntax(cancellation), cancellation) is { } operation)
            {
                yield return operation;
            }
        }
    }

    /// <summary>Whether somewhere an attribute of Memoize may have another name.</summary>
    public bool HasAliasesOfAttributes => _aliases.Value;

    /// <summary>Every place in a file where the name of a cached method is used.</summary>
    public IReadOnlyList<SimpleNameSyntax> MentionsIn(SyntaxTree tree, CancellationToken cancellation) =>
        TreeFacts.MentionsIn(tree, _names, cancellation);

    /// <summary>
    /// The intercepted calls of all files. To find out what a call means is most of what the generator does, so it is done for all of
    /// them at once, on all processors.
    /// </summary>
    public IReadOnlyList<CallSiteFileModel> CallSiteFiles(CancellationToken cancellation)
    {
        var files = new ConcurrentBag<CallSiteFileModel>();
        Parallel.ForEach(UserTrees, new ParallelOptions { CancellationToken = cancellation }, tree =>
        {
            var sites = MentionsIn(tree, cancellation)
                .Select(mention => CallSites.CallOf(mention) is { } call ? CallSites.Read(call, ModelOf(tree), cancellation) : null)
                .OfType<CallSiteModel>()
                .ToEquatableArray();
            if (sites.Count > 0 && !HasTwin(tree))
            {
                files.Add(new CallSiteFileModel(tree.FilePath, Convert.ToBase64String([.. tree.GetText(cancellation).GetContentHash()]), sites));
            }
        });
        return [.. files.OrderBy(file => file.File, StringComparer.Ordinal).ThenBy(file => file.ContentHash, StringComparer.Ordinal)];
    }

    /// <summary>All calls of methods with a plain door, those included that are not cached.</summary>
    public IReadOnlyList<ReportedCall> ReportedCalls(CancellationToken cancellation) =>
    [
        .. UserTrees
            .SelectMany(tree => MentionsIn(tree, cancellation))
            .Select(mention => Reported(mention, cancellation))
            .OfType<ReportedCall>()
            .OrderBy(call => call.File, StringComparer.Ordinal)
            .ThenBy(call => call.Line),
    ];

    private ReportedCall? Reported(SimpleNameSyntax mention, CancellationToken cancellation)
    {
        var bypass = Bypasses.At(mention, this, cancellation);
        IMethodSymbol? method = null;
        if (bypass is null
            && (CallSites.CallOf(mention) is not { } call || CallSites.TargetOf(call, ModelOf(mention.SyntaxTree), cancellation, out method) is null))
        {
            return null;
        }

        return new ReportedCall(
            Names.Signature(bypass?.Method ?? method!),
            Path.GetFileName(mention.SyntaxTree.FilePath),
            mention.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
            bypass?.Reason);
    }

    /// <summary>Where a value of the type dynamic may come from.</summary>
    public DynamicSources DynamicSources => _dynamic.Value;

    /// <summary>What the assembly declares with [CacheVaryBy].</summary>
    public AmbientSources AmbientSources => _ambient.Value;

    /// <summary>How many calls the generated code of this compilation takes; none in a compilation without that code.</summary>
    public int InterceptedCallCount => _intercepted.Value.Count;

    /// <summary>Whether the generated code of this compilation takes the call at the location.</summary>
    public bool IsIntercepted(string location) => _intercepted.Value.Contains(location);

    /// <summary>The types of the compilation with cached methods whose handles would be generated under the name.</summary>
    public IEnumerable<INamedTypeSymbol> TypesWithHandles(INamespaceSymbol ns, string name, int arity) => _typesByHandle.Value[name]
        .Where(type => SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, ns) && CellNames.TypeParametersOf(type).Count() == arity);

    /// <summary>The verdict on a method of the compilation, which its declaration and all its calls ask for.</summary>
    public Verdict? VerdictOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!_verdicts.TryGetValue(method, out var verdict))
        {
            verdict = MethodExaminer.Examine(method, _compilation, cancellation);
            _verdicts.TryAdd(method, verdict);
        }

        return verdict;
    }

    /// <summary>The same for a method that is a batch.</summary>
    public BatchVerdict? BatchOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!_batches.TryGetValue(method, out var verdict))
        {
            verdict = BatchExaminer.Examine(method, _compilation, cancellation);
            _batches.TryAdd(method, verdict);
        }

        return verdict;
    }

    /// <summary>The same for what a method evicts and updates.</summary>
    public EvictingVerdict? EvictionsOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!_evictions.TryGetValue(method, out var verdict))
        {
            verdict = EvictingMethodExaminer.Examine(method, _compilation, cancellation);
            _evictions.TryAdd(method, verdict);
        }

        return verdict;
    }

    /// <summary>What is wrong with an annotated method, of whatever kind.</summary>
    public IEnumerable<Problem> ProblemsOf(IMethodSymbol method, CancellationToken cancellation) =>
        (VerdictOf(method, cancellation)?.Problems ?? [])
            .Concat(BatchOf(method, cancellation)?.Problems ?? [])
            .Concat(EvictionsOf(method, cancellation)?.Problems ?? []);

    /// <summary>The wrapper of an annotated method, of whatever kind; null where there is none.</summary>
    public WrappedMethodModel? WrapperOf(IMethodSymbol method, CancellationToken cancellation) =>
        (WrappedMethodModel?)VerdictOf(method, cancellation)?.Model
        ?? (WrappedMethodModel?)BatchOf(method, cancellation)?.Model
        ?? EvictionsOf(method, cancellation)?.Model;

    /// <summary>How calls of the method go through its wrapper on the plain door; null where they do not.</summary>
    public Target? TargetOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!_targets.TryGetValue(method, out var target))
        {
            target = Target.Find(method, _compilation, cancellation);
            _targets.TryAdd(method, target);
        }

        return target;
    }

    /// <summary>
    /// A cached method of this compilation that a call through the interface or base member may end in without passing its cache.
    /// </summary>
    public IMethodSymbol? CachedBehind(IMethodSymbol dispatched, CancellationToken cancellation)
    {
        if (!dispatched.IsAbstract && !dispatched.IsVirtual && !dispatched.IsOverride)
        {
            return null;
        }

        if (!_behind.TryGetValue(dispatched, out var cached))
        {
            cached = _compilation.GetSymbolsWithName(dispatched.Name, SymbolFilter.Member, cancellation)
                .OfType<IMethodSymbol>()
                .FirstOrDefault(method => !method.IsStatic
                    && TargetOf(method, cancellation)?.Forwarder is not null
                    && Dispatch.MayEndIn(dispatched, method, () => DerivedFrom(method.ContainingType), _compilation));
            _behind.TryAdd(dispatched, cached);
        }

        return cached;
    }

    /// <summary>The classes and records of the compilation that derive from the type, directly or through others.</summary>
    public IEnumerable<INamedTypeSymbol> DerivedFrom(INamedTypeSymbol type) => _derived.Value[type.Name]
        .Select(syntax => ModelOf(syntax.SyntaxTree).GetDeclaredSymbol(syntax))
        .OfType<INamedTypeSymbol>()
        .Where(derived => SymbolEqualityComparer.Default.Equals(derived.BaseType?.OriginalDefinition, type.OriginalDefinition)
            && !SymbolEqualityComparer.Default.Equals(derived, type.OriginalDefinition))
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
        .SelectMany(derived => DerivedFrom(derived).Prepend(derived));

    // By the name of what stands first behind the colon, which is where a base class stands.
    private ILookup<string, TypeDeclarationSyntax> FindDerived() => UserTrees
        .SelectMany(tree => TreeFacts.Of(tree).ClassesWithBases)
        .ToLookup(type => NameOf(type.BaseList!.Types.FirstOrDefault()?.Type), StringComparer.Ordinal);

    private static string NameOf(TypeSyntax? type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    /// <summary>Whether another file has the same content, so that interceptor locations in the two are the same.</summary>
    public bool HasTwin(SyntaxTree tree) => _twins.Value.Contains(tree);

    /// <summary>The types of the compilation that declare cached methods.</summary>
    public IReadOnlyList<INamedTypeSymbol> TypesWithCachedMethods => _types.Value;

    /// <summary>Other cached methods of the compilation whose cache has the name.</summary>
    public IEnumerable<IMethodSymbol> OthersNamed(string name, IMethodSymbol method) =>
        _named.Value[name].Where(other => !SymbolEqualityComparer.Default.Equals(other, method));

    private ILookup<string, IMethodSymbol> FindNamed() => TypesWithCachedMethods
        .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
        .Where(method => Attributes.Cached(method) is not null && !method.IsPartialImplementation())
        .Select(method => (Method: method, VerdictOf(method, default)?.Model?.Options.Name))
        .Where(both => both.Name is not null)
        .ToLookup(both => both.Name!, both => both.Method, StringComparer.Ordinal);

    private IReadOnlyList<INamedTypeSymbol> FindTypes() =>
    [
        .. UserTrees
            .SelectMany(tree => TreeFacts.Of(tree).TypesWithAttributedMethods.Select(type => ModelOf(tree).GetDeclaredSymbol(type)))
            .OfType<INamedTypeSymbol>()
            .Select(type => ExtensionMembers.IsBlock(type) ? type.ContainingType : type)
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
            .Where(type => type.GetMembers().Any(member => member is IMethodSymbol && Attributes.Cached(member) is not null)),
    ];

#pragma warning disable RS1030, RSEXPERIMENTAL001 // The models at hand would analyse nullability; the option is in every Roslyn from our floor on.
    private SemanticModel NewModel(SyntaxTree tree) => _compilation.GetSemanticModel(tree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RS1030, RSEXPERIMENTAL001
}
