using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>A method of an interface that is not ours, and an attribute of the assembly that speaks of it.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Method">The method, as it is declared.</param>
internal sealed record ForeignMember(AttributeData Attribute, IMethodSymbol Method)
{
    /// <summary>What it is called on a method: <c>Cached</c>, <c>Evicts</c>.</summary>
    public string Kind => Attributes.KindOf(Attribute);
}

/// <summary>What attributes of the assembly say of one interface that is not ours.</summary>
/// <param name="Decorator">The attribute that asks for the decorator.</param>
/// <param name="Service">The interface, as it is declared.</param>
/// <param name="Members">Its methods.</param>
/// <param name="Problems">Attributes that name no method.</param>
internal sealed record ForeignService(AttributeData Decorator, INamedTypeSymbol Service, ImmutableArray<ForeignMember> Members, ImmutableArray<Problem> Problems)
{
    /// <summary>Whether anything is said of its methods, be it right or wrong.</summary>
    public bool IsSpokenOf => Members.Length + Problems.Length > 0;
}

/// <summary>
/// Reads which methods of interfaces that are not ours the assembly speaks of, and which of them are cached. What is evicted and asked for
/// in batches is read after that, because it depends on what is cached.
/// </summary>
internal sealed class ForeignMembers
{
    private static readonly string[] Words = ["CachedMember", "CachedBatchMember", "EvictingMember", "UpdatingMember", "TagEvictingMember"];

    private readonly CancellationToken _cancellation;
    private readonly Dictionary<IMethodSymbol, Verdict> _verdicts = new(SymbolEqualityComparer.Default);
    private readonly List<ForeignService> _services = [];
    private readonly List<(AttributeData Attribute, string Reason)> _unfit = [];

    private ForeignMembers(CancellationToken cancellation) => _cancellation = cancellation;

    /// <summary>The interfaces, each once.</summary>
    public IReadOnlyList<ForeignService> Services => _services;

    /// <summary>Attributes that go with none of them, and why.</summary>
    public IReadOnlyList<(AttributeData Attribute, string Reason)> Unfit => _unfit;

    public static ForeignMembers In(Compilation compilation, CancellationToken cancellation)
    {
        var read = new ForeignMembers(cancellation);
        read.Read(compilation);
        return read;
    }

    /// <summary>The verdict on a method for which an attribute says that it is cached; null where none does.</summary>
    public Verdict? VerdictOf(IMethodSymbol method) => _verdicts.TryGetValue(method.OriginalDefinition, out var verdict) ? verdict : null;

    private void Read(Compilation compilation)
    {
        var members = Words.SelectMany(word => Attributes.OfAssembly(compilation.Assembly, word + "Attribute"))
            .OrderBy(attribute => attribute.ApplicationSyntaxReference?.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(attribute => attribute.ApplicationSyntaxReference?.Span.Start)
            .ToList();
        var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var attribute in Attributes.OfAssembly(compilation.Assembly, "CachedDecoratorAttribute"))
        {
            if (Attributes.ServiceOf(attribute) is not { TypeKind: not TypeKind.Error } service)
            {
                continue;
            }

            if (seen.Add(service))
            {
                _services.Add(Read(attribute, service, members.Where(member => IsFor(member, service))));
            }
            else
            {
                _unfit.Add((attribute, "it is there twice; remove one"));
            }
        }

        foreach (var member in members)
        {
            if (Attributes.ServiceOf(member) is { TypeKind: not TypeKind.Error } service && !seen.Any(s => IsFor(member, s)))
            {
                _unfit.Add((member, $"there is no decorator that it speaks of; add [assembly: CachedDecorator(typeof({service.Name}))]"));
            }
        }

        foreach (var member in _services.SelectMany(service => service.Members).Where(member => member.Kind == "Cached" && !_verdicts.ContainsKey(member.Method)))
        {
            _verdicts.Add(member.Method, MethodExaminer.ExamineForeign(member.Method, member.Attribute, compilation, _cancellation));
        }
    }

    // The method may be inherited, and then either interface names it.
    private static bool IsFor(AttributeData member, INamedTypeSymbol service) =>
        Attributes.ServiceOf(member) is { } named
        && (SymbolEqualityComparer.Default.Equals(named, service) || service.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, named)));

    private ForeignService Read(AttributeData decorator, INamedTypeSymbol service, IEnumerable<AttributeData> attributes)
    {
        var members = ImmutableArray.CreateBuilder<ForeignMember>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var attribute in attributes)
        {
            if (MethodOf(attribute, service, out var reason) is { } method)
            {
                members.Add(new ForeignMember(attribute, method));
            }
            else
            {
                problems.Add(new Problem(Rules.DecoratorAttribute, attribute.LocationOf(_cancellation), Shown(attribute), reason));
            }
        }

        return new ForeignService(decorator, service, members.ToImmutable(), problems.ToImmutable());
    }

    private static IMethodSymbol? MethodOf(AttributeData member, INamedTypeSymbol service, out string reason)
    {
        var name = NameOf(member);
        var types = member.ConstructorArguments.LastOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } array
            ? array.Values.Select(v => v.Value as ITypeSymbol).ToList()
            : [];
        var named = DecoratorShape.Members(service).OfType<IMethodSymbol>().Select(m => m.OriginalDefinition).Where(m => m.Name == name).ToList();
        var fitting = types.Count == 0
            ? named
            : named.Where(m => m.Parameters.Length == types.Count && m.Parameters.Zip(types, (p, t) => SymbolEqualityComparer.Default.Equals(p.Type, t)).All(same => same)).ToList();
        reason = fitting.Count == 1 ? ""
            : named.Count == 0 ? $"'{Names.Short(service)}' has no method of that name"
            : fitting.Count == 0 ? "no overload has these parameters; there are " + string.Join(" and ", named.Select(Names.Short))
            : "there are " + string.Join(" and ", fitting.Select(Names.Short)) + $"; add the types of the parameters behind the name{(Attributes.KindOf(member) == "Cached" ? "" : "s")}, or write [{Attributes.KindOf(member)}] on an interface of your own that inherits this one";
        return fitting.Count == 1 ? fitting[0] : null;
    }

    /// <summary>The attribute as messages name it: <c>[CachedMember(typeof(IUsers), "Get")]</c>.</summary>
    public static string Shown(AttributeData attribute) => Attributes.IsOfAssembly(attribute)
        ? $"[{Attributes.WordOf(attribute)}(typeof({Attributes.ServiceOf(attribute)?.Name}), \"{NameOf(attribute)}\"{(Attributes.KindOf(attribute) == "Cached" ? "" : ", …")})]"
        : $"[{Attributes.WordOf(attribute)}(typeof({Attributes.ServiceOf(attribute)?.Name}))]";

    private static string NameOf(AttributeData member) => member.ConstructorArguments.Length > 1 ? member.ConstructorArguments[1].Value as string ?? "" : "";
}
