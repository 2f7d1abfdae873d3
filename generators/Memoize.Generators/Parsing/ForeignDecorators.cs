using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing.Batches;
using Memoize.Generators.Parsing.Invalidation;
using Memoize.Generators.Parsing.Tiers;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>A decorator that an attribute asks for, and what is wrong about it.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Model">The decorator; null where there is none.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="Methods">The methods with a wrapper that only attributes of the assembly speak of, without those of an earlier decorator.</param>
internal sealed record ForeignDecorator(AttributeData Attribute, DecoratorModel? Model, ImmutableArray<Problem> Problems, IReadOnlyList<WrappedMethodModel> Methods)
{
    /// <summary>The interface, as it is declared; null where there is no decorator.</summary>
    public INamedTypeSymbol? Service => Model is null ? null : Attributes.ServiceOf(Attribute);

    /// <summary>All that it does about the members of the interface, those of an earlier decorator included.</summary>
    public IReadOnlyDictionary<IMethodSymbol, WrappedMethodModel> Wrappers { get; init; } = ImmutableDictionary<IMethodSymbol, WrappedMethodModel>.Empty;
}

/// <summary>Reads <c>[assembly: CachedDecorator(typeof(I))]</c> together with the attributes about its methods.</summary>
internal sealed class ForeignDecorators
{
    private readonly Compilation _compilation;
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellation;

    // An interface and one that inherits it may both have a decorator, and then both have its methods.
    private readonly HashSet<IMethodSymbol> _emitted = new(SymbolEqualityComparer.Default);

    private ForeignDecorators(Compilation compilation, CancellationToken cancellation)
    {
        _compilation = compilation;
        _facts = CompilationFacts.Of(compilation);
        _cancellation = cancellation;
    }

    public static IReadOnlyList<ForeignDecorator> In(Compilation compilation, CancellationToken cancellation) =>
        new ForeignDecorators(compilation, cancellation).Read();

    /// <summary>What to do about a method of an interface that is not ours, and that is not cached.</summary>
    public static string HowToCache(IMethodSymbol method) =>
        $"add [assembly: CachedMember(typeof({method.ContainingType.Name}), nameof({method.ContainingType.Name}.{method.Name}))]";

    private IReadOnlyList<ForeignDecorator> Read()
    {
        var members = _facts.ForeignMembers(_cancellation);
        return
        [
            .. members.Services.Select(Read),
            .. members.Unfit.Select(unfit => Refuse(unfit.Attribute, unfit.Reason)),
        ];
    }

    private ForeignDecorator Read(ForeignService spoken)
    {
        var (attribute, service) = (spoken.Decorator, spoken.Service);
        if (service.TypeKind != TypeKind.Interface)
        {
            return Refuse(attribute, $"'{Names.Short(service)}' is no interface; a decorator stands before the implementations of one");
        }

        if (Accessible.FirstHidden(service) is not null || !_compilation.IsSymbolAccessibleWithin(service, _compilation.Assembly))
        {
            return Refuse(attribute, $"'{Names.Short(service)}' cannot be named by generated code");
        }

        if (DecoratorShape.Members(service).FirstOrDefault(Attributes.IsWrapped) is { } own)
        {
            return Refuse(attribute, $"'{Names.Short(own)}' has {(Attributes.Cached(own) is null ? "an attribute" : "a [Cached]")} of its own, so the interface has its decorator already; put [CachedDecorator(Name = …)] on the interface if it shall have another name");
        }

        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (!spoken.IsSpokenOf)
        {
            problems.Add(new Problem(Rules.DecoratorAttribute, attribute.LocationOf(_cancellation), ForeignMembers.Shown(attribute), $"nothing says which methods are cached; add [assembly: CachedMember(typeof({service.Name}), nameof({service.Name}.…), Ttl = 60)]"));
        }
        else if (DecoratorShape.WhyNot(service, _compilation) is { } reason)
        {
            problems.Add(new Problem(Rules.NoDecorator, attribute.LocationOf(_cancellation), Names.Short(service), reason));
        }

        problems.AddRange(spoken.Problems);
        var models = ReadMethods(spoken, problems);
        var decorator = problems.Any(Prevents)
            ? null
            : DecoratorExaminer.Read(service, _compilation, DecoratorShape.NameOf(service, attribute), isForeign: true, m => models.TryGetValue(m, out var model) ? model : null);
        return new ForeignDecorator(attribute, decorator, problems.ToImmutable(), decorator is null ? [] : models.Where(pair => _emitted.Add(pair.Key)).Select(pair => pair.Value).ToList()) { Wrappers = models };
    }

    private Dictionary<IMethodSymbol, WrappedMethodModel> ReadMethods(ForeignService spoken, ImmutableArray<Problem>.Builder problems)
    {
        var models = new Dictionary<IMethodSymbol, WrappedMethodModel>(SymbolEqualityComparer.Default);
        foreach (var member in Once(spoken.Members.Where(m => m.Kind == "Cached"), problems))
        {
            var verdict = _facts.EntriesOf(member.Method, _cancellation)!;
            Add(member, verdict.Problems, verdict.Model);
            if (verdict.Model is { Shape: not null })
            {
                var result = KnownTypes.ResultOf(member.Method.ReturnType);
                Say(Rules.TierResult, JsonLoss.Of(result));
                Say(Rules.PackedResult, PackLoss.Of(result, _facts));
            }

            void Say(DiagnosticDescriptor rule, string? lost)
            {
                if (lost is not null)
                {
                    problems.Add(new Problem(rule, member.Attribute.LocationOf(_cancellation), Names.Short(member.Method), lost));
                }
            }
        }

        foreach (var member in Once(spoken.Members.Where(m => m.Kind == "CachedBatch"), problems))
        {
            var verdict = BatchExaminer.ExamineForeign(member.Method, member.Attribute, _compilation, _cancellation);
            if (verdict is { Single: { } single } && !models.ContainsKey(single))
            {
                problems.Add(new Problem(
                    Rules.BatchTarget, member.Attribute.LocationOf(_cancellation), Names.Short(member.Method), single.Name, $"the decorator of '{spoken.Service.Name}' does not cache that; {HowToCache(single)}"));
                continue;
            }

            Add(member, verdict.Problems, verdict.Model);
        }

        foreach (var write in spoken.Members.Where(Writes).GroupBy(m => m.Method, (_, all) => all.First(), (IEqualityComparer<IMethodSymbol>)SymbolEqualityComparer.Default))
        {
            // The method has one wrapper, also where it is inherited and another interface is named with it: that does all that is said.
            var attributes = _facts.ForeignMembers(_cancellation).Services.SelectMany(service => service.Members)
                .Where(m => Writes(m) && SymbolEqualityComparer.Default.Equals(m.Method, write.Method))
                .Select(m => m.Attribute)
                .Distinct()
                .ToList();
            var verdict = EvictingMethodExaminer.ExamineForeign(write.Method, attributes, _compilation, _cancellation);
            Add(write, verdict.Problems, verdict.Model);
        }

        return models;

        void Add(ForeignMember member, IEnumerable<Problem> found, WrappedMethodModel? model)
        {
            problems.AddRange(found.Select(problem => Said(problem, member.Attribute)));
            if (model is not null)
            {
                models[member.Method] = model;
            }
        }
    }

    private static bool Writes(ForeignMember member) => member.Kind is "Evicts" or "Updates" or "EvictsTag";

    private IEnumerable<ForeignMember> Once(IEnumerable<ForeignMember> members, ImmutableArray<Problem>.Builder problems)
    {
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        foreach (var member in members)
        {
            if (seen.Add(member.Method))
            {
                yield return member;
            }
            else
            {
                problems.Add(new Problem(Rules.DecoratorAttribute, member.Attribute.LocationOf(_cancellation), ForeignMembers.Shown(member.Attribute), "the method has an attribute already; remove one"));
            }
        }
    }

    // A result that a tier would not give back as it was is none the worse in memory.
    private static bool Prevents(Problem problem) => problem.Rule.DefaultSeverity == DiagnosticSeverity.Error && problem.Rule != Rules.TierResult;

    // What would be wrong with the method, said of the attribute that speaks for it: by the rules for evictions and batches where the
    // attribute is about these, and otherwise as a fault of the attribute.
    private Problem Said(Problem problem, AttributeData attribute)
    {
        var location = problem.Location is { } found && IsInAttribute(found) ? found : attribute.LocationOf(_cancellation);
        return InvalidationOrBatch.Contains(problem.Rule)
            ? problem.At(location)
            : new Problem(Rules.DecoratorAttribute, location, ForeignMembers.Shown(attribute), problem.ToDiagnostic().GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    private bool IsInAttribute(Location location) => location.SourceTree is { } tree && tree.GetRoot(_cancellation).FindNode(location.SourceSpan)
        .FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.AttributeListSyntax>()?.Target?.Identifier.ValueText == "assembly";

    private static readonly HashSet<DiagnosticDescriptor> InvalidationOrBatch =
    [
        Rules.UnknownTarget, Rules.TargetNotCached, Rules.UnmatchedParameter, Rules.WrongParameterType, Rules.Mapping, Rules.UnreachableTarget,
        Rules.UpdateResult, Rules.AmbiguousUpdate, Rules.EvictingMethod, Rules.CrossedMapping, Rules.OtherOrder, Rules.TagTemplate,
        Rules.BatchTarget, Rules.BatchItems, Rules.BatchResult, Rules.BatchParameter, Rules.BatchAndCached, Rules.BatchReceiver,
    ];

    private ForeignDecorator Refuse(AttributeData attribute, string reason) =>
        new(attribute, null, [new Problem(Rules.DecoratorAttribute, attribute.LocationOf(_cancellation), ForeignMembers.Shown(attribute), reason)], []);
}
