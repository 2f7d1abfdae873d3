using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What the examinations of all annotated methods share: the declaration, the core of a partial method, and how generated code
/// reaches the original. Each kind of wrapper adds its own.
/// </summary>
internal abstract partial class WrapperExaminer
{
    protected readonly IMethodSymbol _method;
    protected readonly Compilation _compilation;
    protected readonly CancellationToken _cancellation;
    protected readonly ImmutableArray<Problem>.Builder _problems = ImmutableArray.CreateBuilder<Problem>();
    protected readonly Location? _location;
    protected readonly string _display;

    // What generated code calls the instance: a parameter may have that name already.
    protected readonly string _self;

    /// <param name="method">The method.</param>
    /// <param name="compilation">The compilation that gets the wrapper.</param>
    /// <param name="cancellation">Ends the examination.</param>
    /// <param name="ofAssembly">The attribute that speaks of the method, where its interface is not ours.</param>
    protected WrapperExaminer(IMethodSymbol method, Compilation compilation, CancellationToken cancellation, AttributeData? ofAssembly = null)
    {
        IsForeign = ofAssembly is not null;
        _method = method;
        _compilation = compilation;
        _cancellation = cancellation;
        _location = ofAssembly?.LocationOf(cancellation) ?? method.Locations.FirstOrDefault();
        _display = Names.Short(method);
        _self = Names.Unique("self", method.Parameters.Select(p => p.Name));
    }

    /// <summary>Whether attributes of the assembly speak of the method, because its interface is not ours.</summary>
    protected bool IsForeign { get; }

    protected void Report(DiagnosticDescriptor rule, params object[] arguments) => Report(rule, _location, arguments);

    protected void Report(DiagnosticDescriptor rule, Location? location, params object[] arguments) =>
        _problems.Add(new Problem(rule, location, arguments));

    protected Location? LocationOf(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource) ?? _location;

    protected void CheckLanguage()
    {
        if (_method.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp11 } options)
        {
            Report(
                Rules.NotEnabled,
                _display,
                $"Memoize needs C# 11 or later and this project uses {options.LanguageVersion.ToDisplayString()}; add <LangVersion>11</LangVersion> or a later version to the project file");
        }
    }

    protected Door DoorOf() =>
        _method.ContainingType.TypeKind == TypeKind.Interface ? Door.Decorator : PartialCore.IsPartialDoor(_method) ? Door.Partial : Door.Plain;

    /// <summary>Why no decorator can stand before a member of an interface, as the end of a sentence.</summary>
    protected string? WhyNotDecorated() => _method.IsStatic || !(_method.IsAbstract || _method.IsVirtual)
        ? $"it is {(_method.IsStatic ? "static" : "not virtual")}, so no decorator can stand before it; move the code to a class"
        : null;

    // A decorator stands between the callers of the interface and the implementation. Of one that is not ours it is said once, elsewhere.
    protected void CheckDecorator()
    {
        var type = _method.ContainingType;
        if (!IsForeign && type.TypeKind == TypeKind.Interface && DecoratorShape.WhyNot(type, _compilation) is { } reason)
        {
            Report(Rules.NoDecorator, Names.Short(type), reason);
        }
    }

    protected bool IsIterator() => _method.DeclaringSyntaxReferences
        .Concat(PartialCore.BodyOf(_method)?.DeclaringSyntaxReferences ?? [])
        .Any(reference => reference.GetSyntax(_cancellation) is MethodDeclarationSyntax { Body: { } body }
            && body.DescendantNodes(node => node is not (LambdaExpressionSyntax or AnonymousMethodExpressionSyntax or LocalFunctionStatementSyntax))
                .Any(node => node is YieldStatementSyntax));

    /// <param name="name">What the core is called.</param>
    protected IMethodSymbol? FindCore(string name)
    {
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
        else if (Attributes.IsWrapped(core))
        {
            Report(Rules.Core, _display, $"and its core '{name}' carries such an attribute as well; one of the two is enough, so remove the attribute there");
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
        reference.GetSyntax(_cancellation) is TypeDeclarationSyntax declaration
        && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    protected static ContainingTypeModel Container(INamedTypeSymbol type) => new(
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

    protected static string ModifiersOf(IMethodSymbol method)
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
        if (method.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<MethodDeclarationSyntax>().FirstOrDefault() is { } syntax)
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

    /// <summary>Half-typed code: the compiler says what is wrong, and guessing would only add noise.</summary>
    protected static bool HasErrors(IMethodSymbol method) =>
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

        return IsBroken(method.Parameters) || IsBroken(method.TypeParameters)
            || method.TypeParameters.Any(type => method.Parameters.Any(parameter => parameter.Name == type.Name));

        static bool IsBroken<T>(ImmutableArray<T> symbols)
            where T : ISymbol => symbols.Any(s => s.Name.Length == 0) || symbols.Select(s => s.Name).Distinct(StringComparer.Ordinal).Count() < symbols.Length;
    }

    // The compiler asks for a modifier on a partial method with a result, and the wrapper could only repeat the fault.
    private static bool LacksAccessibility(IMethodSymbol method) =>
        PartialCore.IsPartialDoor(method)
        && method.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<MethodDeclarationSyntax>().FirstOrDefault() is { } syntax
        && !syntax.Modifiers.Any(m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword) || m.IsKind(SyntaxKind.PrivateKeyword));

    // Two methods of one signature: the compiler says so, and one name cannot stand for both.
    private static bool HasTwin(IMethodSymbol method) => method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other =>
        !SymbolEqualityComparer.Default.Equals(other, method)
        && !other.IsPartialImplementation()
        && other.Arity == method.Arity
        && other.Parameters.Length == method.Parameters.Length
        && other.Parameters.Zip(method.Parameters, (a, b) => a.RefKind == b.RefKind && SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(same => same));
}
