using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing.Batches;

// What the batch returns, and on what it is called.
internal sealed partial class BatchExaminer
{
    private ReturnKind ReadResult(BatchTarget single, out BatchOutput? output)
    {
        var (kind, type) = _method.ReturnType switch
        {
            INamedTypeSymbol task when KnownTypes.IsTaskOf(task) => (ReturnKind.Task, task.TypeArguments[0]),
            INamedTypeSymbol task when KnownTypes.IsValueTaskOf(task) => (ReturnKind.ValueTask, task.TypeArguments[0]),
            var value => (ReturnKind.Value, value),
        };
        output = BatchOutput.Of(type);
        var reason = output switch
        {
            null when _method.ReturnsVoid => $"it returns nothing; return {BatchOutput.Supported}",
            null => $"'{Names.Short(type)}' cannot be put together from what is remembered and what is loaded; return {BatchOutput.Supported}",
            { Item: { } item } when !SymbolEqualityComparer.Default.Equals(item, single.Input.Item) =>
                $"its result is by '{Names.Short(item)}', and the items of '{single.Items.Name}' are '{Names.Short(single.Input.Item)}'",
            { Value: var value } when !SymbolEqualityComparer.Default.Equals(value, single.Value) =>
                $"its result holds '{Names.Short(value)}', and that returns '{Names.Short(single.Value)}', and both share their entries; return the same type",
            { Shape: BatchShape.List } when !single.Input.HasOrder =>
                $"'{single.Items.Name}' is a set, which has no order that a list of values could follow; take a list, or return a dictionary",
            { Value: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated }, Shape: BatchShape.List } when single.Value.NullableAnnotation == NullableAnnotation.Annotated =>
                $"its list holds '{Names.Short(output.Value)}', and that may return null, which would stand in the list; return a list of '{Names.Short(single.Value)}', or a dictionary",
            _ => null,
        };
        if (reason is not null)
        {
            Report(Rules.BatchResult, ResultLocation, _display, Names.Short(single.Method), reason);
        }

        return kind;
    }

    private Location? ResultLocation => _method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation) is MethodDeclarationSyntax syntax
        ? syntax.ReturnType.GetLocation()
        : _location;

    private bool IsIteratorMethod() => _method.DeclaringSyntaxReferences
        .Concat(PartialCore.BodyOf(_method)?.DeclaringSyntaxReferences ?? [])
        .Any(reference => reference.GetSyntax(_cancellation) is MethodDeclarationSyntax { Body: { } body }
            && body.DescendantNodes(node => node is not (LambdaExpressionSyntax or AnonymousMethodExpressionSyntax or LocalFunctionStatementSyntax))
                .Any(node => node is YieldStatementSyntax));

    private ReceiverModel? ReadReceiver(BatchTarget single)
    {
        if (_method.IsStatic)
        {
            return null;
        }

        var type = _method.ContainingType;
        var modifier = !type.IsValueType ? "" : type.IsReadOnly || _method.IsReadOnly ? "in " : "ref ";
        return new ReceiverModel(_self, Names.Bare(type), type.IsValueType, modifier, single.Model.Receiver?.InKey == true, single.Model.Receiver?.PerInstance == true);
    }

    // The instance must tell apart what it tells apart for the cached method, and nothing else.
    private void CheckReceiver(BatchTarget single, IMethodSymbol core)
    {
        var owner = single.Method.ContainingType;
        if (single.Model.Receiver is { NamesEntry: true } && (_method.IsStatic || !Converts(_method.ContainingType, owner)))
        {
            ReportReceiver($"the entries of that belong to an instance of '{Names.Short(owner)}', and a static method or one of another type is not called on it; declare the batch there, without static");
            return;
        }

        if (_method.IsStatic || single.Model.Receiver is { PerInstance: true })
        {
            return;
        }

        if (IsOverridable(_method) && !(IsOverridable(single.Method) && single.Model.Receiver is not null))
        {
            ReportReceiver("it can be overridden and that cannot, so the entries are not told apart by the type of the instance; seal it, or make that virtual as well");
            return;
        }

        var analysis = ReceiverAnalysis.Of(core, _compilation, _cancellation);
        if (analysis.Undecided is { } state)
        {
            _problems.Add(new Problem(Rules.ReceiverState, _location, _display, state) { Elsewhere = analysis.UndecidedLocation });
            return;
        }

        if (analysis.KeyMembers.Count == 0)
        {
            return;
        }

        var body = PartialCore.BodyOf(single.Method) ?? single.Method;
        var inKey = single.Method.IsStatic ? [] : ReceiverAnalysis.Of(body, _compilation, _cancellation).KeyMembers;
        if (analysis.KeyMembers.FirstOrDefault(member => !inKey.Any(other => SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, member.OriginalDefinition))) is { } stranger)
        {
            ReportReceiver($"it reads '{stranger.Name}', which that does not read, so it is not in the key of the entries");
        }

        void ReportReceiver(string reason) => Report(Rules.BatchReceiver, _display, Names.Short(single.Method), reason);
    }

    private static bool IsOverridable(IMethodSymbol method) =>
        (method.IsVirtual || (method.IsOverride && !method.IsSealed)) && !method.ContainingType.IsSealed && !method.ContainingType.IsValueType;
}
