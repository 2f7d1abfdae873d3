using Memoize.CodeFixes.Frame;
using Memoize.Generators.Parsing;
using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes.Lambdas;

/// <summary>A method that is named without being called, where a delegate is made of it.</summary>
internal sealed class MethodGroup
{
    private readonly ExpressionSyntax _group;
    private readonly IMethodSymbol _invoke;
    private readonly Place _place;

    private MethodGroup(ExpressionSyntax group, IMethodSymbol method, IMethodSymbol invoke, Place place)
    {
        _group = group;
        Method = method;
        _invoke = invoke;
        _place = place;
    }

    public IMethodSymbol Method { get; }

    /// <summary>Null where a lambda would mean something else, or could not be written.</summary>
    public static MethodGroup? Of(ExpressionSyntax group, Place place)
    {
        if (place.Model.GetOperation(group, place.Cancellation) is not IMethodReferenceOperation { Parent: IDelegateCreationOperation { Type: INamedTypeSymbol { DelegateInvokeMethod: { } invoke } } } reference
            || !Attributes.IsWrapped(reference.Method.OriginalDefinition)
            || reference.IsInExpressionTree()
            || IsIdentity(group)
            || invoke.Parameters.Any(parameter => parameter.RefKind != RefKind.None)
            || !IsTheSameLater(reference.Instance, group, place))
        {
            return null;
        }

        return new MethodGroup(group, reference.Method, invoke, place);
    }

    /// <summary>What makes a lambda of the group; null where no lambda would be taken for the same thing.</summary>
    public Func<ExpressionSyntax, ExpressionSyntax>? Lambda()
    {
        // Types are written only where the compiler would not know them, as in 'var f = (int id) => Resolve(id)'.
        foreach (var typed in new[] { false, true })
        {
            if (MeansTheSame(node => Write(node, typed)))
            {
                return node => Write(node, typed);
            }
        }

        return null;
    }

    private ExpressionSyntax Write(ExpressionSyntax group, bool typed)
    {
        var names = Parameters();
        var call = SyntaxFactory.InvocationExpression(
            group.WithoutTrivia(),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(names.Select(name => SyntaxFactory.Argument(SyntaxFactory.IdentifierName(name))))));
        var parameters = names.Select((name, i) => SyntaxFactory.Parameter(SyntaxFactory.Identifier(name)).WithType(typed ? TypeOf(_invoke.Parameters[i].Type) : null)).ToList();
        LambdaExpressionSyntax lambda = parameters.Count == 1 && !typed
            ? SyntaxFactory.SimpleLambdaExpression(parameters[0], call)
            : SyntaxFactory.ParenthesizedLambdaExpression(SyntaxFactory.ParameterList(SyntaxFactory.SeparatedList(parameters)), call);
        ExpressionSyntax written = lambda.NormalizeWhitespace();
        if (_group.Parent is CastExpressionSyntax or BinaryExpressionSyntax)
        {
            written = SyntaxFactory.ParenthesizedExpression(written);
        }

        return written.WithTriviaFrom(group);
    }

    private TypeSyntax TypeOf(ITypeSymbol type) =>
        SyntaxFactory.ParseTypeName(type.ToMinimalDisplayString(_place.Model, NullableFlowState.None, _group.SpanStart)).WithAdditionalAnnotations(Simplifier.Annotation);

    // As the method calls them, unless the name is taken where the lambda stands.
    private List<string> Parameters()
    {
        var taken = new HashSet<string>(
            _place.Model.LookupSymbols(_group.SpanStart).Where(symbol => symbol is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol).Select(symbol => symbol.Name)
                .Concat(_group.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)));
        var names = new List<string>();
        foreach (var parameter in Method.Parameters.Skip(Method.Parameters.Length - _invoke.Parameters.Length))
        {
            var name = Names.Unique(parameter.Name, taken);
            taken.Add(name);
            names.Add(Names.Escape(name));
        }

        return names;
    }

    // The file is bound once more with the lambda in it: the call must be one of this method, and be handed to what it was handed to.
    private bool MeansTheSame(Func<ExpressionSyntax, ExpressionSyntax> write)
    {
        var mark = new SyntaxAnnotation();
        var root = _place.Root.ReplaceNode(_group, write(_group).WithAdditionalAnnotations(mark));
        var tree = _place.Root.SyntaxTree.WithRootAndOptions(root, _place.Root.SyntaxTree.Options);
        var model = _place.Model.Compilation.ReplaceSyntaxTree(_place.Root.SyntaxTree, tree).GetSemanticModel(tree);
        var written = tree.GetRoot(_place.Cancellation).GetAnnotatedNodes(mark).Single();
        var call = written.DescendantNodesAndSelf().OfType<LambdaExpressionSyntax>().First().ExpressionBody!;
        var around = Around(written);
        return IsSame(Unreduced(model.GetSymbolInfo(call, _place.Cancellation).Symbol), Unreduced(Method))
            && IsSame(HandedTo(written, model), HandedTo(_group, _place.Model))
            && !model.GetDiagnostics(around.Span, _place.Cancellation).Any(finding => finding.Severity == DiagnosticSeverity.Error);
    }

    private ISymbol? HandedTo(SyntaxNode expression, SemanticModel model)
    {
        var call = expression.AncestorsAndSelf().TakeWhile(node => node is not StatementSyntax).OfType<ArgumentSyntax>().FirstOrDefault()?.Parent?.Parent;
        return call is null ? null : model.GetSymbolInfo(call, _place.Cancellation).Symbol;
    }

    private static SyntaxNode Around(SyntaxNode node) => node.FirstAncestorOrSelf<SyntaxNode>(parent => parent is StatementSyntax or MemberDeclarationSyntax) ?? node;

    private static ISymbol? Unreduced(ISymbol? symbol) => symbol is IMethodSymbol { ReducedFrom: { } whole } ? whole : symbol;

    // Of two compilations.
    private static bool IsSame(ISymbol? one, ISymbol? other) =>
        one?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == other?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)
        && one?.OriginalDefinition.GetDocumentationCommentId() == other?.OriginalDefinition.GetDocumentationCommentId();

    // Two delegates of one method are equal, two lambdas are not: what is subscribed could not be unsubscribed, what is looked for not found.
    private static bool IsIdentity(ExpressionSyntax group) => group.Parent switch
    {
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression or (int)SyntaxKind.SubtractAssignmentExpression } => true,
        BinaryExpressionSyntax { RawKind: not (int)SyntaxKind.CoalesceExpression } => true,
        PrefixUnaryExpressionSyntax => true,
        _ => false,
    };

    // A group asks for its receiver once, where it stands, and a lambda whenever it runs.
    private static bool IsTheSameLater(IOperation? receiver, SyntaxNode group, Place place)
    {
        while (receiver is IParenthesizedOperation or IConversionOperation { Conversion.IsReference: true })
        {
            receiver = receiver is IParenthesizedOperation parenthesized ? parenthesized.Operand : ((IConversionOperation)receiver).Operand;
        }

        if (receiver?.Type is { IsValueType: true })
        {
            return false;
        }

        return receiver switch
        {
            null => true,
            IInstanceReferenceOperation => receiver.Syntax.RawKind != (int)SyntaxKind.BaseExpression,
            IFieldReferenceOperation field => SettledFields.IsSettled(field.Field, place.Cancellation) && IsTheSameLater(field.Instance, group, place),
            ILocalReferenceOperation local => !Origin.IsAssigned(local.Local, local.Root()),
            IPropertyReferenceOperation property => IsReadOnly(property.Property) && IsTheSameLater(property.Instance, group, place),
            // The parameter of a primary constructor may be given another value anywhere in the type.
            IParameterReferenceOperation { Parameter: var parameter } => !Origin.IsAssigned(parameter, receiver.Root())
                && !(parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && AssignedNames.In(group.SyntaxTree).Contains(parameter.Name)),
            _ => false,
        };
    }

    private static bool IsReadOnly(IPropertySymbol property) =>
        property is { SetMethod: null or { IsInitOnly: true }, IsVirtual: false, IsAbstract: false, IsOverride: false }
        && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
