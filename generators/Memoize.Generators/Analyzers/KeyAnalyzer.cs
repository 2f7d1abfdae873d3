using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>What the key is made of: what cannot be in it, what should be, and what spoils it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeyAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.KeyType, Rules.KeyAttribute, Rules.FloatInKey, Rules.CaseInKey, Rules.EmptyKey, Rules.IdentityNotInKey, Rules.SettableKeyMember, Rules.VaryBy,
    ];

    private protected override void Advise(CachedMethodContext method)
    {
        foreach (var parameter in method.Method.Parameters)
        {
            if (Attributes.IsNotInKey(parameter) && Identities.Of(parameter) is { } identity)
            {
                method.Report(Rules.IdentityNotInKey, LocationOf(parameter, method), parameter.Name, method.Display, identity);
            }
        }

        if (method.Verdict.Model is not { } model)
        {
            return;
        }

        foreach (var (parameter, role) in method.Method.Parameters.Zip(model.Parameters, (parameter, made) => (parameter, made.Role)))
        {
            if (role == ParameterRole.Key && Attributes.CacheKey(parameter) is null)
            {
                Whole(method, parameter);
            }
            else if (role == ParameterRole.Key)
            {
                Members(method, parameter, Attributes.CacheKey(parameter)!);
            }
        }

        if (model.Key.Count == 0 && method.Method.Parameters.Where(parameter => Attributes.IsNotInKey(parameter)).ToList() is { Count: > 0 } left)
        {
            var names = string.Join(", ", left.Select(parameter => $"'{parameter.Name}'"));
            method.Report(Rules.EmptyKey, method.Location, method.Display, $"{names} {(left.Count == 1 ? "is" : "are")} marked [NotInKey]");
        }

        // Only an instance that is in the key has members there, and to find them the body has to be followed.
        if (model.Receiver is { InKey: true })
        {
            Receiver(method);
        }
    }

    private static void Whole(CachedMethodContext method, IParameterSymbol parameter)
    {
        if (Mentions.Any(parameter.Type, IsFloat))
        {
            method.Report(Rules.FloatInKey, LocationOf(parameter, method), parameter.Name, method.Display, Names.Short(parameter.Type));
        }
        else if (parameter.Type.SpecialType == SpecialType.System_String && CaseUse.IsIgnored(parameter, method.Method, method.Facts, method.CancellationToken))
        {
            method.Report(Rules.CaseInKey, LocationOf(parameter, method), parameter.Name, method.Display);
        }
    }

    private static void Members(CachedMethodContext method, IParameterSymbol parameter, AttributeData key)
    {
        foreach (var path in key.ConstructorArguments is [{ Kind: TypedConstantKind.Array, IsNull: false } paths] ? paths.Values.Select(path => path.Value as string ?? "") : [])
        {
            if (MemberPath.Resolve(parameter.Type, path, out _) is { } member && Mentions.Any(member.Type, IsFloat))
            {
                method.Report(Rules.FloatInKey, LocationOf(parameter, method), parameter.Name + "." + path, method.Display, Names.Short(member.Type));
            }
        }
    }

    private static void Receiver(CachedMethodContext method)
    {
        var core = PartialCore.BodyOf(method.Method) ?? method.Method;
        foreach (var member in ReceiverAnalysis.Of(core, method.Compilation, method.CancellationToken).KeyMembers)
        {
            // A struct is copied into the load.
            if (MemberPath.IsSettable(member) && !member.ContainingType.IsValueType)
            {
                method.Report(Rules.SettableKeyMember, member.Locations.FirstOrDefault(location => location.IsInSource) ?? method.Location, member.Name, method.Display);
            }
        }
    }

    private static bool IsFloat(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Single or SpecialType.System_Double || KnownTypes.MetadataName(type) == "System.Half";

    private static Location? LocationOf(IParameterSymbol parameter, CachedMethodContext method) => parameter.Locations.FirstOrDefault() ?? method.Location;
}
