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
        var cached = Annotated(context, Names.CachedAttribute, static (facts, method, cancellation) => facts.VerdictOf(method, cancellation)?.Model);
        var batches = Annotated(context, Names.CachedBatchAttribute, static (facts, method, cancellation) => facts.BatchOf(method, cancellation)?.Model);
        var evicting = Evicting(context, Names.EvictsAttribute).Collect()
            .Combine(Evicting(context, Names.UpdatesAttribute).Collect())
            .Combine(Evicting(context, Names.EvictsTagAttribute).Collect())
            .Select(static (all, _) => all.Left.Left.AddRange(all.Left.Right).AddRange(all.Right));
        var methods = Declarations(context, cached, batches);
        Decorators(context, cached, batches, evicting);
        var asked = AskedDecorators(context);
        Catalog(context, methods, asked);
        var evictions = Evictions(context, evicting);
        Report(context, methods, evictions);
    }

    private static IncrementalValuesProvider<Declared<TModel>> Annotated<TModel>(
        IncrementalGeneratorInitializationContext context, string attribute, Func<CompilationFacts, IMethodSymbol, CancellationToken, TModel?> read)
        where TModel : WrappedMethodModel => context.SyntaxProvider
        .ForAttributeWithMetadataName(
            attribute,
            static (node, _) => node is MethodDeclarationSyntax,
            (syntax, cancellation) =>
            {
                var facts = CompilationFacts.Of(syntax.SemanticModel.Compilation);
                var method = (IMethodSymbol)syntax.TargetSymbol;
                var decorators = syntax.TargetNode.Parent is InterfaceDeclarationSyntax ? facts.DecoratorsAt(method, cancellation) : EquatableArray<DecoratorModel>.Empty;
                return new Declared<TModel>(read(facts, method, cancellation), decorators);
            });

    private static IncrementalValuesProvider<Declared<EvictingMethodModel>> Evicting(IncrementalGeneratorInitializationContext context, string attribute) =>
        Annotated(context, attribute, static (facts, method, cancellation) => facts.EvictionsOf(method, cancellation)?.Model);

    private static IncrementalValuesProvider<CachedMethodModel> Declarations(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<Declared<CachedMethodModel>> cached, IncrementalValuesProvider<Declared<BatchMethodModel>> batches)
    {
        var methods = cached
            .Where(static declared => declared.Model is not null)
            .Select(static (declared, _) => declared.Model!)
            .WithTrackingName(TrackingNames.Methods);
        context.RegisterSourceOutput(methods, static (output, method) =>
            output.AddSource(CellEmitter.HintName(method), CellEmitter.Emit(method).ToSourceText()));

        var batchMethods = batches
            .Where(static declared => declared.Model is not null)
            .Select(static (declared, _) => declared.Model!)
            .WithTrackingName(TrackingNames.Batches);
        context.RegisterSourceOutput(batchMethods, static (output, method) =>
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

    // Interfaces of ours, each read with the first of its annotated members, which may carry several attributes.
    private static void Decorators(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<Declared<CachedMethodModel>> cached,
        IncrementalValuesProvider<Declared<BatchMethodModel>> batches,
        IncrementalValueProvider<ImmutableArray<Declared<EvictingMethodModel>>> evicting)
    {
        var own = cached.SelectMany(static (declared, _) => declared.Decorators).Collect()
            .Combine(batches.SelectMany(static (declared, _) => declared.Decorators).Collect())
            .Combine(evicting)
            .SelectMany(static (all, _) => all.Left.Left.AddRange(all.Left.Right).AddRange(all.Right.SelectMany(declared => declared.Decorators)).Distinct())
            .WithTrackingName(TrackingNames.Decorators);
        context.RegisterSourceOutput(own, Add);

        // Nothing of theirs is annotated here, so no attribute in the source leads to them.
        var heirs = context.CompilationProvider
            .SelectMany(static (compilation, cancellation) => CompilationFacts.Of(compilation).DecoratorsOfHeirsOfOthers(cancellation))
            .WithTrackingName(TrackingNames.Heirs);
        context.RegisterSourceOutput(heirs, Add);

        static void Add(SourceProductionContext output, DecoratorModel decorator) =>
            output.AddSource(DecoratorEmitter.HintName(decorator), DecoratorEmitter.Emit(decorator).ToSourceText());
    }

    // What an attribute of the assembly or of an interface asks for.
    private static IncrementalValuesProvider<AskedDecoratorModel> AskedDecorators(IncrementalGeneratorInitializationContext context)
    {
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
                var source = method switch
                {
                    CachedMethodModel cached => CellEmitter.Emit(cached),
                    BatchMethodModel batch => BatchEmitter.Emit(batch),
                    _ => EvictionEmitter.Emit((EvictingMethodModel)method),
                };
                output.AddSource(WrapperEmitter.HintName(method), source.ToSourceText());
            }
        });

        // Several decorators may have methods of one interface, which has one class of handles.
        var handles = asked
            .SelectMany(static (all, _) => all.Cached.Where(static method => method.Handle is not null))
            .Collect()
            .SelectMany(static (all, _) => GroupByType(all));
        context.RegisterSourceOutput(handles, static (output, type) =>
            output.AddSource(HandlesEmitter.HintName(type), HandlesEmitter.Emit(type).ToSourceText()));
        return asked;
    }

    private static void Catalog(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<CachedMethodModel> methods, IncrementalValuesProvider<AskedDecoratorModel> asked)
    {
        var catalog = methods.Select(static (method, _) => CatalogEntryModel.Of(method)).Collect()
            .Combine(asked.SelectMany(static (all, _) => all.Cached.Select(CatalogEntryModel.Of)).Collect())
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

    // A method may carry several of the attributes, and is read with each.
    private static IncrementalValuesProvider<EvictingMethodModel> Evictions(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<ImmutableArray<Declared<EvictingMethodModel>>> evicting)
    {
        var methods = evicting
            .SelectMany(static (all, _) => all.Select(declared => declared.Model).OfType<EvictingMethodModel>().Distinct())
            .WithTrackingName(TrackingNames.Evictions);
        context.RegisterSourceOutput(methods, static (output, method) =>
            output.AddSource(EvictionEmitter.HintName(method), EvictionEmitter.Emit(method).ToSourceText()));
        return methods;
    }

    private static void Calls(IncrementalGeneratorInitializationContext context)
    {
        var enabled = context.ParseOptionsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (both, _) => Interception.WhyDisabled(both.Left, both.Right.GlobalOptions) is null);
        // A call is found by its name and understood by binding it, in the compilation as a whole: no node of the syntax is looked at
        // in vain, and what leaves this step is one value per generated file, equal as long as the calls in its files are.
        var files = context.CompilationProvider
            .Combine(enabled)
            .SelectMany(static (both, cancellation) => both.Right ? InterceptorFileModel.Of(CompilationFacts.Of(both.Left).CallSiteFiles(cancellation)) : [])
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

    /// <summary>What an annotated method brings: what its own file needs, and at the first of an interface the decorators.</summary>
    private sealed record Declared<TModel>(TModel? Model, EquatableArray<DecoratorModel> Decorators)
        where TModel : WrappedMethodModel;
}
