using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Invalidation;

/// <summary>Decides what a method that writes evicts and updates, and how.</summary>
internal sealed partial class EvictingMethodExaminer : WrapperExaminer
{
    private readonly IReadOnlyList<AttributeData> _attributes;
    private readonly CompilationFacts _facts;

    // The names that generated code may not give to a local: parameters, and what it has called something itself.
    private readonly HashSet<string> _taken;

    private readonly string _result;

    // A target that has its own error: nothing to say here, and nothing to generate.
    private bool _isIncomplete;

    private EvictingMethodExaminer(IMethodSymbol method, IReadOnlyList<AttributeData> attributes, Compilation compilation, CancellationToken cancellation, AttributeData? ofAssembly = null)
        : base(method, compilation, cancellation, ofAssembly)
    {
        _attributes = attributes;
        _facts = CompilationFacts.Of(compilation);
        _taken = new HashSet<string>(method.Parameters.Select(p => p.Name).Append(_self), StringComparer.Ordinal);
        _result = Local("result");
    }

    /// <summary>Examines a method of the compilation; null where it carries none of the attributes.</summary>
    public static EvictingVerdict? Examine(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        if (method.IsPartialImplementation())
        {
            method = method.PartialDefinitionPart!;
        }

        method = ExtensionMembers.Implementation(method);
        var attributes = Attributes.Invalidations(method);
        if (attributes.Count == 0)
        {
            return null;
        }

        return HasErrors(method)
            ? new EvictingVerdict(null, [])
            : new EvictingMethodExaminer(method, attributes, compilation, cancellation).Examine();
    }

    /// <summary>Examines a method of an interface that is not ours, for which attributes of the assembly speak.</summary>
    public static EvictingVerdict ExamineForeign(IMethodSymbol method, IReadOnlyList<AttributeData> attributes, Compilation compilation, CancellationToken cancellation) =>
        HasErrors(method)
            ? new EvictingVerdict(null, [])
            : new EvictingMethodExaminer(method, attributes, compilation, cancellation, attributes[0]).Examine();

    private EvictingVerdict Examine()
    {
        CheckLanguage();
        CheckShape();
        CheckDecorator();
        if (_problems.Count > 0)
        {
            return Refused();
        }

        var door = DoorOf();
        var core = door == Door.Partial ? FindCore(PartialCore.NameOf(_method, null)) : _method;
        CheckReach(door);
        if (core is null || _problems.Count > 0)
        {
            return Refused();
        }

        var invalidations = _attributes.SelectMany(Read).ToEquatableArray();
        var accessors = new List<AccessorModel>();
        var original = ReadOriginal(door, core, accessors);
        if (_isIncomplete || _problems.Any(problem => problem.Rule.DefaultSeverity == DiagnosticSeverity.Error))
        {
            return Refused();
        }

        return new EvictingVerdict(
            new EvictingMethodModel
            {
                Door = door,
                Namespace = Names.NamespaceOf(_method),
                Containers = Names.ContainersOf(_method.ContainingType).Select(Container).ToEquatableArray(),
                Name = Names.Escape(_method.Name),
                Signature = Names.Signature(_method),
                Cell = CellNames.Of(_method, door),
                ReturnKind = Kind,
                ReturnType = Names.Of(_method.ReturnType),
                HasResult = Result is not null,
                Result = _result,
                Receiver = ReadReceiver(),
                Parameters = _method.Parameters.Select(ReadParameter).ToEquatableArray(),
                TypeParameters = TypeParameters.Of(_method.TypeParameters),
                TakesReferences = _method.Parameters.Any(p => p.RefKind != RefKind.None || p.Type.IsRefLikeType) || _method is { IsStatic: false, ContainingType.IsValueType: true },
                Invalidations = invalidations,
                Original = original with { Accessors = accessors.ToEquatableArray() },
                PartialModifiers = door == Door.Partial ? ModifiersOf(_method) : "",
            },
            _problems.ToImmutable());
    }

    private EvictingVerdict Refused() => new(null, _problems.ToImmutable());

    private ReturnKind Kind => _method.ReturnType switch
    {
        var type when KnownTypes.IsTask(type) || KnownTypes.IsTaskOf(type) => ReturnKind.Task,
        var type when KnownTypes.IsValueTask(type) || KnownTypes.IsValueTaskOf(type) => ReturnKind.ValueTask,
        _ => ReturnKind.Value,
    };

    // What the method returns, without its task; null for nothing.
    private ITypeSymbol? Result =>
        KnownTypes.IsTask(_method.ReturnType) || KnownTypes.IsValueTask(_method.ReturnType) || _method.ReturnsVoid ? null : KnownTypes.ResultOf(_method.ReturnType);

    private void CheckShape()
    {
        var reason = _method switch
        {
            _ when _facts.IsCached(_method, _cancellation) =>
                "it is cached, and a call that is answered from the cache does not run it, so whether something is evicted would be a matter of luck; put the attribute on the method that writes, or move the writing to one",
            { MethodKind: MethodKind.ExplicitInterfaceImplementation } => "an explicit interface implementation is never called directly; put the attribute on a method that it calls",
            { MethodKind: not MethodKind.Ordinary } => "only methods of a type can; move the code to one",
            { ContainingType.TypeKind: TypeKind.Interface } when WhyNotDecorated() is { } why => why,
            { IsAbstract: true, ContainingType.TypeKind: not TypeKind.Interface } => "it is abstract and is run by its overrides; put the attribute on the overriding methods",
            { IsAsync: true, ReturnsVoid: true } => "nobody can wait for an async void method, so nobody knows when it has succeeded; return a Task",
            _ when _method.ReturnsByRef || _method.ReturnsByRefReadonly => "it returns a reference to a variable, through which the writing may go on",
            { IsVararg: true } => "it takes __arglist",
            { ContainingType.IsRefLikeType: true } => $"'{Names.Short(_method.ContainingType)}' is a ref struct, whose methods cannot be redirected",
            _ when IsIterator() => "it is an iterator, whose body runs when its result is enumerated; return a list or an array",
            _ when Kind == ReturnKind.Value && IsAwaitable(_method.ReturnType) => $"'{Names.Short(_method.ReturnType)}' is awaited, and only of Task and ValueTask does Memoize know when they have succeeded; return one of these",
            _ when _method.Parameters.Any(p => Mentions.Pointer(p.Type)) || Mentions.Pointer(_method.ReturnType) => "it passes a pointer",
            _ when _method.TypeParameters.FirstOrDefault(p => CellNames.TypeParametersOf(_method.ContainingType).Any(outer => outer.Name == p.Name)) is { } hiding =>
                $"type parameter '{hiding.Name}' hides one of the type around it; rename one of them",
            _ => null,
        };
        if (reason is not null)
        {
            _problems.Add(new Problem(Rules.EvictingMethod, _location, _display, reason) { Fix = _method is { IsAsync: true, ReturnsVoid: true } ? FixProperties.Task : null });
        }
    }

    private static bool IsAwaitable(ITypeSymbol type) => type.GetMembers("GetAwaiter").OfType<IMethodSymbol>().Any(m => m.Parameters.IsEmpty)
        || KnownTypes.MetadataName(type) is "System.Collections.Generic.IAsyncEnumerable`1";

    private ReceiverModel? ReadReceiver()
    {
        if (_method.IsStatic)
        {
            return null;
        }

        var type = _method.ContainingType;
        var modifier = !type.IsValueType ? "" : type.IsReadOnly || _method.IsReadOnly ? "in " : "ref ";
        return new ReceiverModel(_self, Names.Bare(type), type.IsValueType, modifier, InKey: false, PerInstance: false);
    }

    private ParameterModel ReadParameter(IParameterSymbol parameter) =>
        new(Names.Escape(parameter.Name), Names.Of(parameter.Type), ModifierOf(parameter), ParameterRole.Ignored, null, null)
        {
            IsThis = parameter.Ordinal == 0 && _method.IsExtensionMethod,
            IsParams = parameter.IsParams,
        };

    private string Local(string wish)
    {
        var name = Names.Unique(wish, _taken);
        _taken.Add(name);
        return Names.Escape(name);
    }
}
