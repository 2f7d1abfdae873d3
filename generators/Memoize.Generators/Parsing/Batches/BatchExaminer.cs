using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Batches;

/// <summary>Decides whether a method can be the batch of a cached one, and how its parameters and its result are those of many calls.</summary>
internal sealed partial class BatchExaminer : WrapperExaminer
{
    private readonly AttributeData _batch;
    private readonly CompilationFacts _facts;

    private BatchExaminer(IMethodSymbol method, AttributeData batch, Compilation compilation, CancellationToken cancellation, AttributeData? ofAssembly = null)
        : base(method, compilation, cancellation, ofAssembly)
    {
        _batch = batch;
        _facts = CompilationFacts.Of(compilation);
    }

    /// <summary>Examines a method of the compilation; null where it does not carry the attribute.</summary>
    public static BatchVerdict? Examine(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        if (method.IsPartialImplementation())
        {
            method = method.PartialDefinitionPart!;
        }

        method = ExtensionMembers.Implementation(method);
        if (Attributes.CachedBatch(method) is not { } batch)
        {
            return null;
        }

        return HasErrors(method) ? new BatchVerdict(null, []) : new BatchExaminer(method, batch, compilation, cancellation).Examine();
    }

    /// <summary>Examines a method of an interface that is not ours, for which an attribute of the assembly speaks.</summary>
    public static BatchVerdict ExamineForeign(IMethodSymbol method, AttributeData batch, Compilation compilation, CancellationToken cancellation) =>
        HasErrors(method) ? new BatchVerdict(null, []) : new BatchExaminer(method, batch, compilation, cancellation, batch).Examine();

    private BatchVerdict Examine()
    {
        CheckLanguage();
        CheckShape();
        CheckDecorator();
        if (_problems.Count > 0 || FindSingle() is not { } single)
        {
            return Refused();
        }

        var door = DoorOf();
        var core = door == Door.Partial ? FindCore(PartialCore.NameOf(_method, _batch)) : _method;
        CheckReach(door);
        if (core is null || _problems.Count > 0)
        {
            return Refused();
        }

        var kind = ReadResult(single, out var output);
        if (door != Door.Decorator)
        {
            CheckReceiver(single, core);
        }

        var accessors = new List<AccessorModel>();
        var original = ReadOriginal(door, core, accessors);
        if (output is null || _problems.Count > 0)
        {
            return Refused();
        }

        var words = new Emit.Words(single.Model);
        var cell = CellOf(single, door);
        var receiver = ReadReceiver(single);
        return new BatchVerdict(
            new BatchMethodModel
            {
                Door = door,
                Namespace = Names.NamespaceOf(_method),
                Containers = Names.ContainersOf(_method.ContainingType).Select(Container).ToEquatableArray(),
                Name = Names.Escape(_method.Name),
                Signature = Names.Signature(_method),
                Cell = CellNames.Of(_method, door),
                ReturnKind = kind,
                ReturnType = Names.Of(_method.ReturnType),
                Receiver = receiver,
                Parameters = _method.Parameters.Select(ReadParameter).ToEquatableArray(),
                TypeParameters = EquatableArray<TypeParameterModel>.Empty,
                Original = original with { Accessors = accessors.ToEquatableArray() },
                PartialModifiers = door == Door.Partial ? ModifiersOf(_method) : "",
                Shape = output.Shape,
                ResultType = Names.Of(KnownTypes.ResultOf(_method.ReturnType)),
                Items = Names.Escape(single.Items.Name),
                Item = Names.Escape(single.Item),
                ItemType = Names.Of(single.Input.Item),
                MayBeNull = single.Items.Type.IsReferenceType,
                ValueType = Names.Of(output.Value),
                Single = single.Model.Signature,
                KeyType = cell + "." + words.KeyType,
                Cache = door == Door.Decorator ? Names.Unique("cache", _method.Parameters.Select(p => p.Name).Append(_self)) : $"{cell}.{words.Scope}{words.Cache}{(receiver is { PerInstance: true } ? $".For({_self})" : "")}{(Names.Of(output.Value) == single.Model.ValueType ? "" : "!")}",
                KeyArguments = (receiver is { InKey: true } ? [_self] : Array.Empty<string>()).Concat(single.Arguments).ToEquatableArray(),
                Rules = !single.Model.HasRules ? null : $"{cell}.{words.Rules}({string.Join(", ", single.Model.RuleParameters.Select(p =>
                    p.Name == Names.Escape(single.Varying.Name) ? Names.Escape(single.Item) : p.Name))}){(Names.Of(output.Value) == single.Model.ValueType ? "" : "!")}",
                // The load gets the caller's own collections, which may change meanwhile.
                KeyMayChange = single.Model.KeyMayChange || single.Model.Parameters.Any(p => p.Probe is { IsCopied: true }),
                LoadsOnOwnInstance = single.Model.LoadsOnOwnInstance && receiver is { IsValueType: false, InKey: false },
                Missing = single.Input.FromArray,
                Loaded = output.Loaded,
                Result = output.Result,
                NullIsAbsent = output.Shape == BatchShape.Dictionary
                    && output.Value is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated }
                    && single.Value.NullableAnnotation == NullableAnnotation.Annotated,
                IgnoreCase = output.Shape == BatchShape.Dictionary
                    && single.Input.Item.SpecialType == SpecialType.System_String
                    && Attributes.CacheKey(single.Varying)?.Named("IgnoreCase", false) == true,
            },
            [])
        {
            Single = single.Method,
        };
    }

    private BatchVerdict Refused() => new(null, _problems.ToImmutable());

    private void CheckShape()
    {
        if (_facts.IsCached(_method, _cancellation))
        {
            Report(Rules.BatchAndCached, AttributeLocation, _display);
            return;
        }

        var reason = _method switch
        {
            { MethodKind: MethodKind.ExplicitInterfaceImplementation } => "an explicit interface implementation is never called directly; put the attribute on a method that it calls",
            { MethodKind: not MethodKind.Ordinary } => "only methods of a type can be cached; move the code to one",
            { ContainingType.TypeKind: TypeKind.Interface } when WhyNotDecorated() is { } why => why,
            { IsAbstract: true, ContainingType.TypeKind: not TypeKind.Interface } => "it is abstract and says nothing of what its overrides do; put the attribute on the overriding methods",
            { IsGenericMethod: true } => "a batch method cannot have type parameters; write one for each type",
            { ContainingType.IsRefLikeType: true } => $"'{Names.Short(_method.ContainingType)}' is a ref struct, which no load can hold on to",
            { IsVararg: true } => "it takes __arglist",
            _ when _method.ReturnsByRef || _method.ReturnsByRefReadonly => "it returns a reference to a variable, and a cache can only remember values",
            _ when IsIteratorMethod() => "it is an iterator: its result runs the body anew each time it is enumerated; return a dictionary or a list",
            _ when _method.Parameters.Count(p => KnownTypes.IsCancellationToken(p.Type)) > 1 => "it takes more than one CancellationToken, and only one can be the caller's",
            _ => _method.Parameters.Select(WhyNot).FirstOrDefault(found => found is not null),
        };
        if (reason is not null)
        {
            Report(Rules.Declaration, _display, reason);
        }
    }

    private static string? WhyNot(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: RefKind.Out } => $"parameter '{parameter.Name}': an out parameter is a second result that the cache would not set",
        { RefKind: RefKind.Ref } => $"parameter '{parameter.Name}': a ref parameter can be changed by the call, and a hit would not change it",
        { Type.IsRefLikeType: true } => $"parameter '{parameter.Name}': a ref struct cannot be kept for the load; take an array or a list",
        _ when Mentions.Pointer(parameter.Type) => $"parameter '{parameter.Name}': a pointer cannot be remembered",
        _ => null,
    };

    private ParameterModel ReadParameter(IParameterSymbol parameter) => new(
        Names.Escape(parameter.Name),
        Names.Of(parameter.Type),
        ModifierOf(parameter),
        KnownTypes.IsCancellationToken(parameter.Type) ? ParameterRole.Token : ParameterRole.Ignored,
        null,
        null)
    {
        IsThis = parameter.Ordinal == 0 && _method.IsExtensionMethod,
        IsParams = parameter.IsParams,
    };

    private Location? AttributeLocation => _batch.LocationOf(_cancellation) ?? _location;

    // The shortest name that is right from where the generated code stands.
    private string CellOf(BatchTarget single, Door door)
    {
        var isSibling = SymbolEqualityComparer.Default.Equals(single.Method.ContainingType, _method.ContainingType) && single.Model.Door == door;
        var isGeneric = CellNames.TypeParametersOf(_method.ContainingType).Any();
        return isSibling && (door == Door.Partial || !isGeneric) ? single.Model.Cell.Name : single.Model.Cell.FullName;
    }
}
