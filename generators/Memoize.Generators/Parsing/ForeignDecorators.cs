using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>A decorator that an attribute asks for, and what is wrong about it.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Model">The decorator; null where there is none.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="Methods">The cached methods that only attributes of the assembly speak of.</param>
internal sealed record ForeignDecorator(AttributeData Attribute, DecoratorModel? Model, ImmutableArray<Problem> Problems, IReadOnlyList<CachedMethodModel> Methods);

/// <summary>Reads <c>[assembly: CachedDecorator(typeof(I))]</c> together with the attributes about its methods.</summary>
internal sealed class ForeignDecorators
{
    private const string Decorator = "CachedDecoratorAttribute";
    private const string Member = "CachedMemberAttribute";

    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;

    private ForeignDecorators(Compilation compilation, CancellationToken cancellation)
    {
        _compilation = compilation;
        _cancellation = cancellation;
    }

    public static IReadOnlyList<ForeignDecorator> In(Compilation compilation, CancellationToken cancellation) =>
        new ForeignDecorators(compilation, cancellation).Read();

    private IReadOnlyList<ForeignDecorator> Read()
    {
        var decorators = Attributes.OfAssembly(_compilation.Assembly, Decorator).ToList();
        var members = Attributes.OfAssembly(_compilation.Assembly, Member).ToList();
        var result = new List<ForeignDecorator>();
        var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var attribute in decorators)
        {
            if (ServiceOf(attribute) is { TypeKind: not TypeKind.Error } service)
            {
                result.Add(seen.Add(service)
                    ? Read(attribute, service, members.Where(m => IsFor(m, service)).ToList())
                    : Refuse(attribute, $"[CachedDecorator(typeof({service.Name}))]", "it is there twice; remove one"));
            }
        }

        foreach (var member in members)
        {
            if (ServiceOf(member) is { TypeKind: not TypeKind.Error } service && !seen.Any(s => IsFor(member, s)))
            {
                result.Add(Refuse(member, $"[CachedMember(typeof({service.Name}), …)]", $"there is no decorator that it speaks of; add [assembly: CachedDecorator(typeof({service.Name}))]"));
            }
        }

        return result;
    }

    private static INamedTypeSymbol? ServiceOf(AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Type, Value: INamedTypeSymbol type }, ..] ? type.OriginalDefinition : null;

    // The method may be inherited, and then either interface names it.
    private static bool IsFor(AttributeData member, INamedTypeSymbol service) =>
        ServiceOf(member) is { } named
        && (SymbolEqualityComparer.Default.Equals(named, service) || service.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, named)));

    private ForeignDecorator Read(AttributeData attribute, INamedTypeSymbol service, IReadOnlyList<AttributeData> members)
    {
        var shown = $"[CachedDecorator(typeof({service.Name}))]";
        if (service.TypeKind != TypeKind.Interface)
        {
            return Refuse(attribute, shown, $"'{Names.Short(service)}' is no interface; a decorator stands before the implementations of one");
        }

        if (Accessible.FirstHidden(service) is { } hidden || !_compilation.IsSymbolAccessibleWithin(service, _compilation.Assembly))
        {
            return Refuse(attribute, shown, $"'{Names.Short(service)}' cannot be named by generated code");
        }

        if (DecoratorShape.Members(service).FirstOrDefault(Attributes.IsWrapped) is { } own)
        {
            return Refuse(attribute, shown, $"'{Names.Short(own)}' has {(Attributes.Cached(own) is null ? "an attribute" : "a [Cached]")} of its own, so the interface has its decorator already; put [CachedDecorator(Name = …)] on the interface if it shall have another name");
        }

        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (members.Count == 0)
        {
            problems.Add(new Problem(Rules.DecoratorAttribute, attribute.LocationOf(_cancellation), shown, $"nothing says which methods are cached; add [assembly: CachedMember(typeof({service.Name}), nameof({service.Name}.…), Ttl = 60)]"));
        }
        else if (DecoratorShape.WhyNot(service, _compilation) is { } reason)
        {
            problems.Add(new Problem(Rules.NoDecorator, attribute.LocationOf(_cancellation), Names.Short(service), reason));
        }

        var models = new Dictionary<IMethodSymbol, CachedMethodModel>(SymbolEqualityComparer.Default);
        foreach (var member in members)
        {
            if (MethodOf(member, service, problems) is not { } method)
            {
                continue;
            }

            var verdict = MethodExaminer.ExamineForeign(method, member, _compilation, _cancellation);

            // What would be wrong with the method, said of the attribute that speaks for it.
            problems.AddRange(verdict.Problems.Select(problem => new Problem(
                Rules.DecoratorAttribute, member.LocationOf(_cancellation), Shown(member), problem.ToDiagnostic().GetMessage(System.Globalization.CultureInfo.InvariantCulture))));
            if (models.ContainsKey(method))
            {
                problems.Add(new Problem(Rules.DecoratorAttribute, member.LocationOf(_cancellation), Shown(member), "the method has an attribute already; remove one"));
            }
            else if (verdict.Model is { } model)
            {
                models.Add(method, model);
            }
        }

        var decorator = problems.Count > 0
            ? null
            : DecoratorExaminer.Read(service, _compilation, DecoratorShape.NameOf(service, attribute), isForeign: true, m => models.TryGetValue(m, out var model) ? model : null);
        return new ForeignDecorator(attribute, decorator, problems.ToImmutable(), decorator is null ? [] : models.Values.ToList());
    }

    private IMethodSymbol? MethodOf(AttributeData member, INamedTypeSymbol service, ImmutableArray<Problem>.Builder problems)
    {
        var name = member.ConstructorArguments.Length > 1 ? member.ConstructorArguments[1].Value as string : null;
        var types = member.ConstructorArguments.Length > 2 && member.ConstructorArguments[2] is { Kind: TypedConstantKind.Array, IsNull: false } array
            ? array.Values.Select(v => v.Value as ITypeSymbol).ToList()
            : [];
        var named = DecoratorShape.Members(service).OfType<IMethodSymbol>().Select(m => m.OriginalDefinition).Where(m => m.Name == name).ToList();
        var fitting = types.Count == 0
            ? named
            : named.Where(m => m.Parameters.Length == types.Count && m.Parameters.Zip(types, (p, t) => SymbolEqualityComparer.Default.Equals(p.Type, t)).All(same => same)).ToList();
        if (fitting.Count == 1)
        {
            return fitting[0];
        }

        var reason = named.Count == 0 ? $"'{Names.Short(service)}' has no method of that name"
            : fitting.Count == 0 ? "no overload has these parameters; there are " + string.Join(" and ", named.Select(Names.Short))
            : "there are " + string.Join(" and ", fitting.Select(Names.Short)) + "; add the types of the parameters behind the name, or write [Cached] on an interface of your own that inherits this one";
        problems.Add(new Problem(Rules.DecoratorAttribute, member.LocationOf(_cancellation), Shown(member), reason));
        return null;
    }

    private static string Shown(AttributeData member) =>
        $"[CachedMember(typeof({ServiceOf(member)?.Name}), \"{(member.ConstructorArguments.Length > 1 ? member.ConstructorArguments[1].Value : "")}\")]";

    private ForeignDecorator Refuse(AttributeData attribute, string shown, string reason) =>
        new(attribute, null, [new Problem(Rules.DecoratorAttribute, attribute.LocationOf(_cancellation), shown, reason)], []);
}
