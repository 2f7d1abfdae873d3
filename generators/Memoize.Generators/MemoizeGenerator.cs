using System.Collections.Immutable;
using Memoize.Generators.Emit;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators;

/// <summary>
/// Turns methods marked <c>[Cached]</c> into cached ones. Two pipelines, because they change at different rates: declarations (one
/// file per method, one per type for the handles) and calls (one file of forwarders per user file, made anew at each edit of it).
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class MemoizeGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Outputs run in this order, and a syntax provider shows one method after the other. Calls are read on all processors, and with
        // them the methods that they call, so that the declarations find their verdicts made.
        Calls(context);
        var methods = Declarations(context);
        var asked = Decorators(context);
        Catalog(context, methods, asked);
        var evicting = Evictions(context);
        Report(context, methods, evicting);
    }

    private static IncrementalValuesProvider<CachedMethodModel> Declarations(IncrementalGeneratorInitializationContext context)
    {
        var methods = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Names.CachedAttribute,
                static (node, _) => node is MethodDeclarationSyntax,
                static (syntax, cancellation) =>
                    CompilationFacts.Of(syntax.SemanticModel.Compilation).VerdictOf((IMethodSymbol)syntax.TargetSymbol, cancellation)?.Model)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Methods);
        context.RegisterSourceOutput(methods, static (output, method) =>
            output.AddSource(CellEmitter.HintName(method), CellEmitter.Emit(method).ToSourceText()));

        var batches = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Names.CachedBatchAttribute,
                static (node, _) => node is MethodDeclarationSyntax,
                static (syntax, cancellation) =>
                    CompilationFacts.Of(syntax.SemanticModel.Compilation).BatchOf((IMethodSymbol)syntax.TargetSymbol, cancellation)?.Model)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Batches);
        context.RegisterSourceOutput(batches, static (output, method) =>
            output.AddSource(BatchEmitter.HintName(method), BatchEmitter.Emit(method).ToSourceText()));

        var handles = methods
            .Where(static method => method.Handle is not null)
            .Collect()
            .SelectMany(static (all, _) => GroupByType(all))
            .WithTrackingName(TrackingNames.Handles);
        context.RegisterSourceOutput(handles, static (output, type) =>
            output.AddSource(HandlesEmitter.HintName(type), HandlesEmitter.Emit(type).ToSourceText()));
        return methods;
    }

    // Interfaces of ours, each read with the first of its cached methods; and those that an attribute of the assembly or the interface asks for.
    private static IncrementalValuesProvider<AskedDecoratorModel> Decorators(IncrementalGeneratorInitializationContext context)
    {
        var own = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Names.CachedAttribute,
                static (node, _) => node is MethodDeclarationSyntax { Parent: InterfaceDeclarationSyntax },
                static (syntax, cancellation) => CompilationFacts.Of(syntax.SemanticModel.Compilation).DecoratorOf((IMethodSymbol)syntax.TargetSymbol, cancellation))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Decorators);
        context.RegisterSourceOutput(own, static (output, decorator) =>
            output.AddSource(DecoratorEmitter.HintName(decorator), DecoratorEmitter.Emit(decorator).ToSourceText()));

        var asked = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Names.CachedDecoratorAttribute,
                static (node, _) => node is CompilationUnitSyntax or InterfaceDeclarationSyntax,
                static (syntax, cancellation) => syntax.TargetSymbol is INamedTypeSymbol type
                    ? CompilationFacts.Of(syntax.SemanticModel.Compilation).DecoratorOfInheritedMethods(type, cancellation)
                    : CompilationFacts.Of(syntax.SemanticModel.Compilation).DecoratorsAskedFor(syntax.Attributes, cancellation))
            .SelectMany(static (models, _) => models)
            .WithTrackingName(TrackingNames.AskedDecorators);
        context.RegisterSourceOutput(asked, static (output, all) =>
        {
            output.AddSource(DecoratorEmitter.HintName(all.Decorator), DecoratorEmitter.Emit(all.Decorator).ToSourceText());
            foreach (var method in all.Methods)
            {
                output.AddSource(CellEmitter.HintName(method), CellEmitter.Emit(method).ToSourceText());
            }

            if (all.Methods.Any(method => method.Handle is not null))
            {
                foreach (var handles in GroupByType([.. all.Methods.Where(method => method.Handle is not null)]))
                {
                    output.AddSource(HandlesEmitter.HintName(handles), HandlesEmitter.Emit(handles).ToSourceText());
                }
            }
        });
        return asked;
    }

    private static void Catalog(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<CachedMethodModel> methods, IncrementalValuesProvider<AskedDecoratorModel> asked)
    {
        var catalog = methods.Select(static (method, _) => CatalogEntryModel.Of(method)).Collect()
            .Combine(asked.SelectMany(static (all, _) => all.Methods.Select(CatalogEntryModel.Of)).Collect())
            .Select(static (all, _) => new CatalogModel(all.Left.AddRange(all.Right).Distinct().OrderBy(method => method.Name, StringComparer.Ordinal).ToEquatableArray()))
            .WithTrackingName(TrackingNames.Catalog);
        context.RegisterImplementationSourceOutput(catalog, static (output, made) =>
        {
            if (made.Methods.Count > 0)
            {
                output.AddSource(CatalogEmitter.HintName, CatalogEmitter.Emit(made).ToSourceText());
            }
        });
    }

    // A method may carry several of the attributes; the first kind that it carries stands for all.
    private static IncrementalValuesProvider<EvictingMethodModel> Evictions(IncrementalGeneratorInitializationContext context)
    {
        var methods = Evicting(context, Names.EvictsAttribute).Collect()
            .Combine(Evicting(context, Names.UpdatesAttribute).Collect())
            .Combine(Evicting(context, Names.EvictsTagAttribute).Collect())
            .SelectMany(static (all, _) => all.Left.Left.AddRange(all.Left.Right).AddRange(all.Right).Distinct())
            .WithTrackingName(TrackingNames.Evictions);
        context.RegisterSourceOutput(methods, static (output, method) =>
            output.AddSource(EvictionEmitter.HintName(method), EvictionEmitter.Emit(method).ToSourceText()));
        return methods;
    }

    private static IncrementalValuesProvider<EvictingMethodModel> Evicting(IncrementalGeneratorInitializationContext context, string attribute) => context.SyntaxProvider
        .ForAttributeWithMetadataName(
            attribute,
            static (node, _) => node is MethodDeclarationSyntax,
            static (syntax, cancellation) =>
                CompilationFacts.Of(syntax.SemanticModel.Compilation).EvictionsOf((IMethodSymbol)syntax.TargetSymbol, cancellation)?.Model)
        .Where(static model => model is not null)
        .Select(static (model, _) => model!);

    private static void Calls(IncrementalGeneratorInitializationContext context)
    {
        var enabled = context.ParseOptionsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (both, _) => Interception.WhyDisabled(both.Left, both.Right.GlobalOptions) is null);
        // A call is found by its name and understood by binding it, in the compilation as a whole: no node of the syntax is looked at
        // in vain, and what leaves this step is one value per file, equal as long as the calls in the file are.
        var files = context.CompilationProvider
            .Combine(enabled)
            .SelectMany(static (both, cancellation) => both.Right ? CompilationFacts.Of(both.Left).CallSiteFiles(cancellation) : [])
            .WithTrackingName(TrackingNames.CallSiteFiles);
        context.RegisterImplementationSourceOutput(files, static (output, file) =>
            output.AddSource(InterceptorFileEmitter.HintName(file), InterceptorFileEmitter.Emit(file).ToSourceText()));
    }

    // Only where the project asks for it: to list every call, all of them are looked at once more.
    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<CachedMethodModel> methods, IncrementalValuesProvider<EvictingMethodModel> evicting)
    {
        var wanted = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => Interception.WantsReport(options.GlobalOptions));
        var calls = context.CompilationProvider
            .Combine(wanted)
            .Select(static (both, cancellation) => both.Right ? CompilationFacts.Of(both.Left).ReportedCalls(cancellation).ToEquatableArray() : EquatableArray<ReportedCall>.Empty);
        var report = methods.Collect()
            .Combine(evicting.Collect())
            .Combine(calls)
            .Combine(wanted)
            .Select(static (all, _) => all.Right ? new ReportModel(all.Left.Left.Left.ToEquatableArray(), all.Left.Left.Right.ToEquatableArray(), all.Left.Right) : null)
            .WithTrackingName(TrackingNames.Report);
        context.RegisterImplementationSourceOutput(report, static (output, made) =>
        {
            if (made is not null)
            {
                output.AddSource(ReportEmitter.HintName, ReportEmitter.Emit(made).ToSourceText());
            }
        });
    }

    private static IEnumerable<HandlesModel> GroupByType(ImmutableArray<CachedMethodModel> methods) => methods
        .GroupBy(m => (m.Namespace, m.Handle!.ClassName, m.Handle.TypeParameters.Count))
        .OrderBy(g => g.Key.Namespace + "." + g.Key.ClassName + "`" + g.Key.Count, StringComparer.Ordinal)
        .Select(g => new HandlesModel(
            g.Key.Namespace,
            g.First().Handle! with { Accessibility = "" },
            g.OrderBy(m => m.Signature, StringComparer.Ordinal).ToEquatableArray()));
}
