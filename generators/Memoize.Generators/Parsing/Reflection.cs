using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>Methods that are looked up by <c>nameof</c>: what reflection invokes is the original.</summary>
internal sealed class Reflection(SemanticModel model, CancellationToken cancellation)
{
    private static readonly HashSet<string> Lookups = new(StringComparer.Ordinal)
    {
        "System.Type.GetMethod", "System.Type.GetMember", "System.Type.InvokeMember", "System.Reflection.RuntimeReflectionExtensions.GetRuntimeMethod",
        "System.Reflection.TypeInfo.GetDeclaredMethod", "System.Reflection.TypeInfo.GetDeclaredMethods", "System.Delegate.CreateDelegate",
        "System.Linq.Expressions.Expression.Call", "System.Reflection.TypeExtensions.GetMethod", "System.Reflection.TypeExtensions.GetMember",
    };

    /// <summary>The <c>nameof</c> around the name; null for every other mention.</summary>
    public static InvocationExpressionSyntax? NameOfAround(SimpleNameSyntax name) =>
        name.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } nameOf
            ? nameOf
            : null;

    /// <summary>Whether the text is what the method is looked up by, at its place or where the variable that holds it is used.</summary>
    public bool Finds(ExpressionSyntax text, IMethodSymbol method)
    {
        var value = text;
        while (value.Parent is ParenthesizedExpressionSyntax parentheses)
        {
            value = parentheses;
        }

        return value.Parent switch
        {
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument => IsLookup(call, method) || IsComparison(call, argument),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } comparison =>
                IsNameOfMember(comparison.Left == value ? comparison.Right : comparison.Left),
            ConstantPatternSyntax pattern => IsNameOfMember(MatchedBy(pattern)),
            AttributeArgumentSyntax { NameEquals.Name.Identifier.ValueText: "Name", Parent.Parent: AttributeSyntax attribute } => IsAccessor(attribute),
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => text.IsKind(SyntaxKind.InvocationExpression) && IsUsedToFind(variable, method),
            _ => false,
        };
    }

    private bool IsLookup(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        if (model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol lookup
            || !Lookups.Contains(KnownTypes.MetadataName((lookup.ReducedFrom ?? lookup).ContainingType) + "." + lookup.Name))
        {
            return false;
        }

        return (call.Expression is not MemberAccessExpressionSyntax { Expression: TypeOfExpressionSyntax { Type: var asked } } || MayFindIn(asked, method))
            && !call.ArgumentList.Arguments.Any(argument => TypesIn(argument.Expression) is { } types && !Takes(method, types));
    }

    // A name that another type happens to share finds the member of that type.
    private bool MayFindIn(TypeSyntax asked, IMethodSymbol method) =>
        model.GetTypeInfo(asked, cancellation).Type is not INamedTypeSymbol type
        || IsOrInherits(type, method.ContainingType)
        || IsOrInherits(method.ContainingType, type);

    private static bool IsOrInherits(INamedTypeSymbol type, INamedTypeSymbol other) => Lineage.IsOrDerivesFrom(type, other)
        || type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, other.OriginalDefinition));

    // new[] { typeof(int) } and [typeof(int)]; null where it is no list of types that can be read here.
    private List<ITypeSymbol?>? TypesIn(ExpressionSyntax expression)
    {
        IEnumerable<SyntaxNode>? elements = expression switch
        {
            ImplicitArrayCreationExpressionSyntax { Initializer: var initializer } => initializer.Expressions,
            ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
            CollectionExpressionSyntax collection => collection.Elements.Select(element => element is ExpressionElementSyntax { Expression: var inner } ? inner : (SyntaxNode)element),
            _ => null,
        };
        return elements?.ToList() is { } all && all.TrueForAll(element => element is TypeOfExpressionSyntax)
            ? all.ConvertAll(element => model.GetTypeInfo(((TypeOfExpressionSyntax)element).Type, cancellation).Type)
            : null;
    }

    // Type arguments of the lookup of a generic method are types as well, and there may be another number of them.
    private static bool Takes(IMethodSymbol method, List<ITypeSymbol?> types) =>
        method.IsGenericMethod
        || (method.Parameters.Length == types.Count
            && method.Parameters.Zip(types, (parameter, type) => SymbolEqualityComparer.Default.Equals(parameter.Type, type) || Mentions.Any(parameter.Type, t => t is ITypeParameterSymbol)).All(same => same));

    // m.Name.Equals(nameof(M)), string.Equals(m.Name, nameof(M), …)
    private bool IsComparison(InvocationExpressionSyntax call, ArgumentSyntax text) =>
        model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol { Name: nameof(string.Equals), ContainingType.SpecialType: SpecialType.System_String }
        && (call.ArgumentList.Arguments.Any(argument => argument != text && IsNameOfMember(argument.Expression))
            || (call.Expression is MemberAccessExpressionSyntax { Expression: var receiver } && IsNameOfMember(receiver)));

    // The name of a type or a property is asked for elsewhere.
    private bool IsNameOfMember(SyntaxNode? node) => node is not null
        && model.GetSymbolInfo(node, cancellation).Symbol is IPropertySymbol { Name: "Name" } property
        && IsMethod(node is MemberAccessExpressionSyntax { Expression: var owner } ? model.GetTypeInfo(owner, cancellation).Type : property.ContainingType);

    private static bool IsMethod(ITypeSymbol? type) =>
        type is not null && KnownTypes.MetadataName(type) is "System.Reflection.MemberInfo" or "System.Reflection.MethodBase" or "System.Reflection.MethodInfo";

    private static SyntaxNode? MatchedBy(ConstantPatternSyntax pattern)
    {
        SyntaxNode current = pattern;
        while (current.Parent is BinaryPatternSyntax or UnaryPatternSyntax or ParenthesizedPatternSyntax)
        {
            current = current.Parent;
        }

        return current.Parent switch
        {
            IsPatternExpressionSyntax matched => matched.Expression,
            SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax matched } => matched.GoverningExpression,
            SubpatternSyntax { ExpressionColon: NameColonSyntax { Name: var name } } => name,
            _ => null,
        };
    }

    // [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(M))] calls what it names.
    private bool IsAccessor(AttributeSyntax attribute) =>
        model.GetTypeInfo(attribute, cancellation).Type is { Name: "UnsafeAccessorAttribute", ContainingNamespace.Name: "CompilerServices" };

    private bool IsUsedToFind(VariableDeclaratorSyntax variable, IMethodSymbol method)
    {
        var scope = variable.FirstAncestorOrSelf<BaseFieldDeclarationSyntax>() is { Parent: { } type }
            ? type
            : variable.FirstAncestorOrSelf<SyntaxNode>(node => node is MemberDeclarationSyntax or CompilationUnitSyntax);
        return model.GetDeclaredSymbol(variable, cancellation) is { } symbol
            && scope is not null
            && scope.DescendantNodes().OfType<IdentifierNameSyntax>().Any(use =>
                use.Identifier.ValueText == symbol.Name
                && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(use, cancellation).Symbol, symbol)
                && Finds(use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : use, method));
    }
}
