using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>
/// All code that runs for a call of a cached method, as far as it is plain to see: its own body with lambdas and local functions, the
/// members of its type that it calls, and, a few steps far, static members of other types and what their values calculate of
/// themselves. What can be overridden is not followed, nor what is cached itself (it is looked at on its own), nor what is declared with
/// [CacheVaryBy], nor a property that its author has decided about with [CacheKey] or [NotInKey].
/// </summary>
internal sealed class Body
{
    // Enough for any method that a person reads, and an end for one that a tool wrote: of its own type, and of others.
    private const int MaxParts = 48;

    // From type to type: a helper of a helper is still what somebody meant, and then it is a library.
    private const int MaxSteps = 3;

    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellation;
    private readonly List<BodyPart> _parts = [];
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private readonly Queue<(IMethodSymbol Member, IOperation? Site, int Steps)> _own = new();
    private readonly Queue<(IMethodSymbol Member, IOperation? Site, int Steps)> _others = new();

    private Body(IMethodSymbol method, IMethodSymbol core, Compilation compilation, CancellationToken cancellation)
    {
        Method = method;
        Core = core;
        _facts = CompilationFacts.Of(compilation);
        _cancellation = cancellation;
    }

    /// <summary>The method that carries the attribute.</summary>
    public IMethodSymbol Method { get; }

    /// <summary>The method that holds the body: the same one, or the core of a partial method.</summary>
    public IMethodSymbol Core { get; }

    /// <summary>The bodies, the method's own first.</summary>
    public IReadOnlyList<BodyPart> Parts => _parts;

    public static Body Of(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var core = PartialCore.BodyOf(method) ?? method;
        core = core.PartialImplementationPart ?? core;
        var body = new Body(method, core, compilation, cancellation);
        body.Add(core, null, 0);

        // What is near is read first, so that what is far away is never read in its place.
        body.Read(body._own, cancellation);
        body.Read(body._others, cancellation);
        return body;
    }

    /// <summary>The part that is the body of the method; null where it is not followed.</summary>
    public BodyPart? PartOf(IMethodSymbol method)
    {
        var definition = method.OriginalDefinition;
        return _parts.FirstOrDefault(part => SymbolEqualityComparer.Default.Equals(part.Member, definition.PartialImplementationPart ?? definition));
    }

    private void Add(IMethodSymbol member, IOperation? site, int steps)
    {
        var definition = member.OriginalDefinition;
        definition = definition.PartialImplementationPart ?? definition;
        if (_visited.Add(definition))
        {
            (steps == 0 ? _own : _others).Enqueue((definition, site, steps));
        }
    }

    private void Read(Queue<(IMethodSymbol Member, IOperation? Site, int Steps)> pending, CancellationToken cancellation)
    {
        for (var left = MaxParts; left > 0 && pending.Count > 0; left--)
        {
            cancellation.ThrowIfCancellationRequested();
            var (member, site, steps) = pending.Dequeue();
            Read(member, site, steps);
        }
    }

    private void Read(IMethodSymbol member, IOperation? site, int steps)
    {
        foreach (var root in _facts.CodeOf(member, _cancellation))
        {
            var part = new BodyPart(member, root, site, steps);
            _parts.Add(part);
            foreach (var operation in part.Operations)
            {
                Follow(operation, part);
            }
        }
    }

    private void Follow(IOperation operation, BodyPart from)
    {
        // What is declared with [CacheVaryBy] is in the key or refused as it is; what it reads in turn does not matter.
        if (_facts.AmbientSources.ReadBy(operation) is not null)
        {
            return;
        }

        switch (operation)
        {
            case IInvocationOperation call:
                Follow(call.TargetMethod, call.Instance, operation, from);
                break;
            case IMethodReferenceOperation reference:
                Follow(reference.Method, reference.Instance, operation, from);
                break;
            case IPropertyReferenceOperation { Property: { GetMethod: { } getter, IsIndexer: var isIndexer } property } reference when operation.IsRead() && !IsDecided(property):
                if (IsOwn(getter) || !(isIndexer || Cultures.IsResource(property)))
                {
                    Follow(getter, reference.Instance, operation, from);
                }

                break;
        }
    }

    private void Follow(IMethodSymbol method, IOperation? instance, IOperation operation, BodyPart from)
    {
        var throughBase = instance?.Syntax.RawKind == (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.BaseExpression;
        if (!IsInSource(method) || (!throughBase && IsOverridable(method)) || Attributes.Cached(method.OriginalDefinition) is not null)
        {
            return;
        }

        if (IsOwn(method) || (from.Site is not null && SymbolEqualityComparer.Default.Equals(method.ContainingType.OriginalDefinition, from.Member.ContainingType)))
        {
            Add(method, from.Site, from.Steps);
        }
        else if (from.Steps < MaxSteps && (method.IsStatic ? GivesSomething(method) : IsCalculated(method)))
        {
            // Such as Clock.Now, Money.Format(price), order.IsLate: what it reads is read here.
            Add(method, from.Site ?? operation, from.Steps + 1);
        }
    }

    // What a log or a counter does with the time is nobody's result.
    private static bool GivesSomething(IMethodSymbol method) => !method.ReturnsVoid && !KnownTypes.IsTask(method.ReturnType) && !KnownTypes.IsValueTask(method.ReturnType);

    // A property of data that is more than a value it was given. What services do is their own affair.
    private static bool IsCalculated(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.PropertyGet, IsImplicitlyDeclared: false } && !ServiceTypes.IsService(method.ContainingType);

    private static bool IsInSource(IMethodSymbol method) => method.OriginalDefinition.DeclaringSyntaxReferences.Length > 0;

    private static bool IsOverridable(IMethodSymbol method) =>
        method.IsAbstract || ((method.IsVirtual || (method.IsOverride && !method.IsSealed)) && method.ContainingType is { IsSealed: false, IsValueType: false });

    // Of the type itself, of a type around it, or of one of its bases.
    private bool IsOwn(IMethodSymbol method)
    {
        var owner = method.ContainingType?.OriginalDefinition;
        for (var outer = Core.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (Lineage.IsOrDerivesFrom(outer, owner))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the author has said what the member means for the key.</summary>
    public static bool IsDecided(ISymbol member) =>
        Attributes.IsNotInKey(member.OriginalDefinition) || Attributes.CacheKey(member.OriginalDefinition) is not null;
}

/// <summary>One body, with everything in it.</summary>
internal sealed class BodyPart
{
    public BodyPart(IMethodSymbol member, IOperation root, IOperation? site, int steps)
    {
        Steps = steps;
        Member = member;
        Root = root;
        Site = site;
        Collect(root);
    }

    public IMethodSymbol Member { get; }

    public IOperation Root { get; }

    /// <summary>Where the type of the cached method uses this member of another type; null for its own members.</summary>
    public IOperation? Site { get; }

    /// <summary>How often it goes from type to type on the way here.</summary>
    public int Steps { get; }

    /// <summary>All operations in order, without what is only named (nameof, typeof).</summary>
    public List<IOperation> Operations { get; } = [];

    private void Collect(IOperation operation)
    {
        if (operation is INameOfOperation or ITypeOfOperation)
        {
            return;
        }

        Operations.Add(operation);
        foreach (var child in operation.ChildOperations)
        {
            Collect(child);
        }
    }
}
