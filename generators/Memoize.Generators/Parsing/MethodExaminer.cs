using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Decides whether an annotated method can be cached, and how.</summary>
internal sealed partial class MethodExaminer : WrapperExaminer
{
    private readonly AttributeData _cached;

    // Whether one of the members that the key is made of can be set.
    private bool _keyMayChange;

    private MethodExaminer(IMethodSymbol method, AttributeData cached, Compilation compilation, CancellationToken cancellation, AttributeData? ofAssembly = null)
        : base(method, compilation, cancellation, ofAssembly) => _cached = cached;

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

        // Of both attributes only one can be meant; the batch says so.
        if (HasErrors(method) || Attributes.CachedBatch(method) is not null)
        {
            return new Verdict(null, ImmutableArray<Problem>.Empty);
        }

        return new MethodExaminer(method, cached, compilation, cancellation).Examine();
    }

    /// <summary>Examines a method of an interface that is not ours, for which an attribute of the assembly speaks.</summary>
    public static Verdict ExamineForeign(IMethodSymbol method, AttributeData cached, Compilation compilation, CancellationToken cancellation) =>
        HasErrors(method)
            ? new Verdict(null, ImmutableArray<Problem>.Empty)
            : new MethodExaminer(method, cached, compilation, cancellation, cached).Examine();

    private Verdict Examine()
    {
        CheckLanguage();
        CheckShape();
        if (_problems.Count > 0)
        {
            return Refused();
        }

        var door = DoorOf();
        var core = door == Door.Partial ? FindCore(PartialCore.NameOf(_method, _cached)) : _method;
        var (returnKind, valueType) = ReadResult();
        var options = ReadOptions(valueType);
        CheckReach(door);
        if (core is null || _hasWrongDefault || _problems.Count > 0)
        {
            return Refused();
        }

        var receiver = ReadReceiver(core, out var keyMembers);
        var parameters = ReadParameters(out var fields);
        var tags = ReadTags(parameters);
        if (_problems.Count > 0)
        {
            return Refused();
        }

        var handle = ReadHandle(door);
        var accessors = new List<AccessorModel>();
        var original = ReadOriginal(door, core, accessors);
        var rules = ReadRules(door, valueType, parameters, accessors);
        AddReceiverFields(door, receiver, keyMembers, fields, accessors);
        var ambient = ReadAmbient(fields);
        var shape = ReadTiers(receiver, valueType, fields);
        if (ambient is null || _problems.Count > 0)
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
                Ambient = ambient.Value,
                Options = options,
                Rules = rules,
                Tags = tags,
                Shape = shape,
                KeyMayChange = _keyMayChange,
                Original = original with { Accessors = accessors.ToEquatableArray() },
                PartialModifiers = door == Door.Partial ? ModifiersOf(_method) : "",
            },
            ImmutableArray<Problem>.Empty);
    }

    private Verdict Refused() => new(null, _problems.ToImmutable());
}
