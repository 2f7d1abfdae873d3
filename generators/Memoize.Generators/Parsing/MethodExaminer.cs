using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing;

/// <summary>Decides whether an annotated method can be cached, and how.</summary>
internal sealed partial class MethodExaminer
{
    private readonly IMethodSymbol _method;
    private readonly AttributeData _cached;
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly ImmutableArray<Problem>.Builder _problems = ImmutableArray.CreateBuilder<Problem>();
    private readonly Location? _location;
    private readonly string _display;

    // What generated code calls the instance: a parameter may have that name already.
    private readonly string _self;

    private MethodExaminer(IMethodSymbol method, AttributeData cached, Compilation compilation, CancellationToken cancellation)
    {
        _method = method;
        _cached = cached;
        _compilation = compilation;
        _cancellation = cancellation;
        _location = method.Locations.FirstOrDefault();
        _display = Names.Short(method);
        _self = Names.Unique("self", method.Parameters.Select(p => p.Name));
    }

    /// <summary>Examines a method of the compilation; null where it does not carry the attribute.</summary>
    public static Verdict? Examine(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        if (method.IsPartialImplementation())
        {
            method = method.PartialDefinitionPart!;
        }

        method = ExtensionMembers.Implementation(method);
        var cached = Attributes.Cached(method);
        if (cached is null)
        {
            return null;
        }

        // Half-typed code: the compiler says what is wrong, and guessing would only add noise.
        if (HasErrors(method))
        {
            return new Verdict(null, ImmutableArray<Problem>.Empty);
        }

        return new MethodExaminer(method, cached, compilation, cancellation).Examine();
    }

    private Verdict Examine()
    {
        CheckLanguage();
        CheckShape();
        if (_problems.Count > 0)
        {
            return Refused();
        }

        var door = PartialCore.IsPartialDoor(_method) ? Door.Partial : Door.Plain;
        var core = door == Door.Partial ? FindCore() : _method;
        var options = ReadOptions();
        var (returnKind, valueType) = ReadResult();
        CheckReach(door);
        if (core is null || _problems.Count > 0)
        {
            return Refused();
        }

        var receiver = ReadReceiver(core, out var keyMembers);
        var parameters = ReadParameters(out var fields);
        if (_problems.Count > 0)
        {
            return Refused();
        }

        var handle = ReadHandle(door);
        var accessors = new List<AccessorModel>();
        var original = ReadOriginal(door, core, accessors);
        AddReceiverFields(door, receiver, keyMembers, fields, accessors);
        if (_problems.Count > 0)
        {
            return Refused();
        }

        return new Verdict(
            new CachedMethodModel
            {
                Door = door,
                Namespace = Names.NamespaceOf(_method),
                Containers = Names.ContainersOf(_method.ContainingType).Select(Container).ToEquatableArray(),
                Name = Names.Escape(_method.Name),
                Signature = Names.Signature(_method),
                Cell = CellNames.Of(_method, door),
                Handle = handle,
                ReturnKind = returnKind,
                ReturnType = Names.Of(_method.ReturnType),
                ValueType = Names.Of(valueType),
                Receiver = receiver,
                Parameters = parameters,
                TypeParameters = TypeParameters.Of(_method.TypeParameters),
                Key = fields.ToEquatableArray(),
                Options = options,
                Original = original with { Accessors = accessors.ToEquatableArray() },
                PartialModifiers = door == Door.Partial ? ModifiersOf(_method) : "",
            },
            ImmutableArray<Problem>.Empty);
    }

    private Verdict Refused() => new(null, _problems.ToImmutable());

    private void Report(DiagnosticDescriptor rule, params object[] arguments) => Report(rule, _location, arguments);

    private void Report(DiagnosticDescriptor rule, Location? location, params object[] arguments) =>
        _problems.Add(new Problem(rule, location, arguments));

    private static bool HasErrors(IMethodSymbol method) =>
        Mentions.Error(method.ReturnType)
        || method.Parameters.Any(p => Mentions.Error(p.Type) || p.Name.Length == 0)
        || method.TypeParameters.Any(p => p.ConstraintTypes.Any(Mentions.Error))
        || HasBrokenNames(method)
        || HasTwin(method)
        || (method.ContainingType.IsStatic && !method.IsStatic)
        || LacksAccessibility(method);

    // A name that is still to be typed, or typed twice.
    private static bool HasBrokenNames(IMethodSymbol method)
    {
        for (ISymbol? symbol = method; symbol is not null and not INamespaceSymbol { IsGlobalNamespace: true }; symbol = symbol.ContainingSymbol)
        {
            if (symbol.Name.Length == 0 && !ExtensionMembers.IsBlock(symbol))
            {
                return true;
            }

            if (symbol is INamedTypeSymbol type
                && (type.TypeKind == TypeKind.Error || IsBroken(type.TypeParameters) || type.TypeParameters.Any(p => p.ConstraintTypes.Any(Mentions.Error))))
            {
                return true;
            }
        }

        return IsBroken(method.Parameters) || IsBroken(method.TypeParameters);

        static bool IsBroken<T>(ImmutableArray<T> symbols)
            where T : ISymbol => symbols.Any(s => s.Name.Length == 0) || symbols.Select(s => s.Name).Distinct(StringComparer.Ordinal).Count() < symbols.Length;
    }

    // The compiler asks for a modifier on a partial method with a result, and the wrapper could only repeat the fault.
    private static bool LacksAccessibility(IMethodSymbol method) =>
        PartialCore.IsPartialDoor(method)
        && method.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<Microsoft.CodeAnalysis.CSharp.Syntax.MethodDeclarationSyntax>().FirstOrDefault() is { } syntax
        && !syntax.Modifiers.Any(m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword) || m.IsKind(SyntaxKind.PrivateKeyword));

    // Two methods of one signature: the compiler says so, and one name cannot stand for both.
    private static bool HasTwin(IMethodSymbol method) => method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other =>
        !SymbolEqualityComparer.Default.Equals(other, method)
        && !other.IsPartialImplementation()
        && other.Arity == method.Arity
        && other.Parameters.Length == method.Parameters.Length
        && other.Parameters.Zip(method.Parameters, (a, b) => a.RefKind == b.RefKind && SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(same => same));

    private IMethodSymbol? FindCore()
    {
        var name = PartialCore.NameOf(_method, _cached);
        var core = PartialCore.Find(_method, name, out var problem);
        if (core is null)
        {
            var fix = _method.ContainingType.GetMembers(name).IsEmpty ? FixProperties.Core : FixProperties.Signature;
            _problems.Add(new Problem(Rules.Core, _location, _display, problem) { Fix = fix, Subject = name });
        }
        else if (core.IsAbstract || core.IsExtern && !core.IsStatic)
        {
            Report(Rules.Core, _display, $"but '{name}' has no body");
        }
        else if (Attributes.Cached(core) is not null)
        {
            Report(Rules.Core, _display, $"and its core '{name}' is cached as well; one of the two is enough, so remove the attribute there");
        }

        foreach (var container in Names.ContainersOf(_method.ContainingType))
        {
            if (!IsPartial(container))
            {
                _problems.Add(new Problem(Rules.Core, _location, _display, $"so '{Names.Short(container)}' must be declared partial")
                {
                    Fix = FixProperties.Partial,
                    Subject = container.Name,
                });
            }
        }

        return core;
    }

    private bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(reference =>
        reference.GetSyntax(_cancellation) is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax declaration
        && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static ContainingTypeModel Container(INamedTypeSymbol type) => new(
        type switch
        {
            { IsRecord: true, IsValueType: true } => "record struct",
            { IsRecord: true } => "record",
            { TypeKind: TypeKind.Struct } => "struct",
            { TypeKind: TypeKind.Interface } => "interface",
            _ => "class",
        },
        Names.Escape(type.Name),
        TypeParameters.Of(type.TypeParameters));

    private static string ModifiersOf(IMethodSymbol method)
    {
        var modifiers = new List<string>
        {
            method.DeclaredAccessibility switch
            {
                Accessibility.Public => "public",
                Accessibility.Internal => "internal",
                Accessibility.Protected => "protected",
                Accessibility.ProtectedOrInternal => "protected internal",
                Accessibility.ProtectedAndInternal => "private protected",
                _ => "private",
            },
        };
        if (method.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<Microsoft.CodeAnalysis.CSharp.Syntax.MethodDeclarationSyntax>().FirstOrDefault() is { } syntax)
        {
            // As the user wrote them, because the two halves of a partial method must agree to the letter.
            modifiers.AddRange(syntax.Modifiers
                .Where(m => m.IsKind(SyntaxKind.NewKeyword) || m.IsKind(SyntaxKind.StaticKeyword) || m.IsKind(SyntaxKind.SealedKeyword)
                    || m.IsKind(SyntaxKind.VirtualKeyword) || m.IsKind(SyntaxKind.OverrideKeyword) || m.IsKind(SyntaxKind.ReadOnlyKeyword)
                    || m.IsKind(SyntaxKind.UnsafeKeyword))
                .Select(m => m.ValueText));
        }

        return string.Join(" ", modifiers);
    }
}
