using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What is asked about one compilation again and again: the names that a cached method may have, and the verdict on each method.
/// It lives exactly as long as the compilation does.
/// </summary>
internal sealed class CompilationFacts
{
    private static readonly ConditionalWeakTable<Compilation, CompilationFacts> Facts = new();
    private static readonly ConditionalWeakTable<SyntaxTree, string[]> NamesByTree = new();

    private readonly ConcurrentDictionary<IMethodSymbol, Target?> _targets = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, Verdict?> _verdicts = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<IMethodSymbol, IMethodSymbol?> _behind = new(SymbolEqualityComparer.Default);
    private readonly Lazy<HashSet<SyntaxTree>> _twins;
    private ConcurrentDictionary<SyntaxNode, CallSiteModel>? _sites;
    private readonly Compilation _compilation;
    private readonly HashSet<string> _names;

    private CompilationFacts(Compilation compilation)
    {
        _compilation = compilation;
        _twins = new Lazy<HashSet<SyntaxTree>>(() => Twins(compilation));
        _names = new HashSet<string>(compilation.SyntaxTrees.SelectMany(tree => NamesByTree.GetValue(tree, NamesIn)), StringComparer.Ordinal);
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            AddExported(assembly);
        }
    }

    public static CompilationFacts Of(Compilation compilation) => Facts.GetValue(compilation, static c => new CompilationFacts(c));

    /// <summary>A cheap no for almost every call in a program: no cached method has that name.</summary>
    public bool MayBeCached(string name) => _names.Contains(name);

    /// <summary>
    /// A semantic model that resolves names and leaves out the analysis of nullability, which nobody here asks for. With it, a
    /// question about one call binds its statement; without, it would bind and analyse the whole method around it.
    /// </summary>
    public SemanticModel ModelOf(SyntaxTree tree) => _models.GetOrAdd(tree, NewModel);

    /// <summary>The model of a call; null where it is not intercepted.</summary>
    public CallSiteModel? SiteOf(InvocationExpressionSyntax invocation, CancellationToken cancellation) =>
        (_sites ??= FindSites(cancellation)).TryGetValue(invocation, out var site) ? site : null;

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

    /// <summary>How calls of the method are cached on the plain door; null where they are not.</summary>
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
                    && Dispatch.MayEndIn(dispatched, method));
            _behind.TryAdd(dispatched, cached);
        }

        return cached;
    }

    /// <summary>Whether another file has the same content, so that interceptor locations in the two are the same.</summary>
    public bool HasTwin(SyntaxTree tree) => _twins.Value.Contains(tree);

    // Lengths first: hardly any two files are equally long, so hardly any has to be hashed.
    private static HashSet<SyntaxTree> Twins(Compilation compilation) => new(compilation.SyntaxTrees
        .GroupBy(tree => tree.Length)
        .Where(equallyLong => equallyLong.Skip(1).Any())
        .SelectMany(equallyLong => equallyLong.GroupBy(tree => Convert.ToBase64String([.. tree.GetText().GetContentHash()])))
        .Where(twins => twins.Skip(1).Any())
        .SelectMany(twins => twins));

    // To find out what a call means is most of what the generator does, and the compiler asks for one call after the other, while
    // its other threads have nothing to do yet. So the first question answers all of them at once.
    private ConcurrentDictionary<SyntaxNode, CallSiteModel> FindSites(CancellationToken cancellation)
    {
        var sites = new ConcurrentDictionary<SyntaxNode, CallSiteModel>();
        Parallel.ForEach(_compilation.SyntaxTrees, new ParallelOptions { CancellationToken = cancellation }, tree =>
        {
            foreach (var node in tree.GetRoot(cancellation).DescendantNodes())
            {
                if (CallSites.NameOf(node) is { } name
                    && MayBeCached(name.Identifier.ValueText)
                    && CallSites.Read((InvocationExpressionSyntax)node, ModelOf(tree), cancellation) is { } site)
                {
                    sites.TryAdd(node, site);
                }
            }
        });
        return sites;
    }

#pragma warning disable RS1030, RSEXPERIMENTAL001 // The models at hand would analyse nullability; the option is in every Roslyn from our floor on.
    private SemanticModel NewModel(SyntaxTree tree) => _compilation.GetSemanticModel(tree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RS1030, RSEXPERIMENTAL001

    // Any attribute may be an alias of ours, so every attributed method counts; that is still very few names.
    private static string[] NamesIn(SyntaxTree tree) => tree.GetRoot()
        .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .OfType<MethodDeclarationSyntax>()
        .Where(method => method.AttributeLists.Count > 0)
        .Select(method => method.Identifier.ValueText)
        .Distinct()
        .ToArray();

    // An assembly that Memoize was compiled into says so by the namespace of its generated classes.
    private void AddExported(IAssemblySymbol assembly)
    {
        if (Find(assembly.GlobalNamespace, "Memoize") is { } memoize && Find(memoize, "Generated") is { } generated)
        {
            AddNames(assembly.GlobalNamespace, generated);
        }
    }

    private void AddNames(INamespaceSymbol user, INamespaceSymbol generated)
    {
        if (generated.GetTypeMembers().Length > 0)
        {
            foreach (var type in user.GetTypeMembers())
            {
                AddNames(type);
            }
        }

        foreach (var inner in generated.GetNamespaceMembers())
        {
            if (Find(user, inner.Name) is { } ns)
            {
                AddNames(ns, inner);
            }
        }
    }

    private void AddNames(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol method && Attributes.Cached(method) is not null)
            {
                _names.Add(method.Name);
            }
            else if (member is INamedTypeSymbol nested)
            {
                AddNames(nested);
            }
        }
    }

    private static INamespaceSymbol? Find(INamespaceSymbol ns, string name) =>
        ns.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == name);
}
