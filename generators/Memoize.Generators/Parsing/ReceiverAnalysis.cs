using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Finds what a method reads of its instance: directly, and through the members of its type and bases that it calls. What cannot
/// be followed (metadata, overridable members, an escaping <c>this</c>) counts as state, because nobody can prove that it is none.
/// </summary>
internal sealed class ReceiverAnalysis
{
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private readonly Queue<ISymbol> _pending = new();
    private readonly List<ISymbol> _keyMembers = [];

    // The type of the instances, as far as it is known: code of a base runs on it as well.
    private readonly INamedTypeSymbol _type;

    // Of a method that can be overridden, the run-time type of the instance is part of the key.
    private readonly bool _typeInKey;

    private ReceiverAnalysis(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        _type = method.ContainingType;
        _typeInKey = method.IsVirtual || (method.IsOverride && !method.IsSealed);
        _compilation = compilation;
        _cancellation = cancellation;
    }

    /// <summary>The members marked with [CacheKey] that the method reads, in order of their names.</summary>
    public IReadOnlyList<ISymbol> KeyMembers => _keyMembers;

    /// <summary>What it reads that nobody has decided about, for a message; null where there is nothing.</summary>
    public string? Undecided { get; private set; }

    /// <summary>The one member that <see cref="Undecided"/> is about; null where it is none.</summary>
    public ISymbol? UndecidedMember { get; private set; }

    /// <summary>Where that member is declared, if it is in the compilation: a diagnostic cannot point outside.</summary>
    public Location? UndecidedLocation => UndecidedMember?.Locations.FirstOrDefault(
        location => location.SourceTree is { } tree && _compilation.ContainsSyntaxTree(tree));

    public static ReceiverAnalysis Of(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var analysis = new ReceiverAnalysis(method, compilation, cancellation);
        analysis.Visit(method);
        while (analysis.Undecided is null && analysis._pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            analysis.Walk(analysis._pending.Dequeue());
        }

        analysis._keyMembers.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return analysis;
    }

    private void Visit(ISymbol member)
    {
        if (_visited.Add(member.OriginalDefinition))
        {
            _pending.Enqueue(member.OriginalDefinition);
        }
    }

    private void Walk(ISymbol member)
    {
        var method = (IMethodSymbol)member;
        if (PartialCore.BodyOf(method) is { } core)
        {
            Visit(core);
            return;
        }

        method = method.PartialImplementationPart ?? method;
        if (method.IsImplicitlyDeclared && method.ContainingType.IsRecord)
        {
            // What the compiler writes for a record (printing, equality, deconstruction) reads all of it.
            Undecided ??= $"all members, through '{method.Name}' of the record";
            return;
        }

        // In an editor, other projects are there as source; the compiler sees their metadata.
        if (!method.DeclaringSyntaxReferences.Any(reference => _compilation.ContainsSyntaxTree(reference.SyntaxTree)))
        {
            Undecided ??= $"{(method.AssociatedSymbol is IPropertySymbol { Name: var property } ? $"'{property}'" : $"the result of '{method.Name}'")}, whose source is not here";
            return;
        }

        foreach (var code in CompilationFacts.Of(_compilation).CodeOf(method, _cancellation))
        {
            Walk(code);
        }
    }

    private void Walk(IOperation operation)
    {
        switch (operation)
        {
            case INameOfOperation or ITypeOfOperation:
                return;
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } parameter }
                when !constructor.IsStatic:
                Read(parameter, parameter.Type, mutable: operation.Parent is IAssignmentOperation assignment && assignment.Target == operation, operation);
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                ReadInstance(operation);
                break;
        }

        foreach (var child in operation.ChildOperations)
        {
            if (Undecided is not null)
            {
                return;
            }

            Walk(child);
        }
    }

    private void ReadInstance(IOperation instance)
    {
        var throughBase = instance.Syntax.RawKind == (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.BaseExpression;
        switch (instance.Parent)
        {
            case IFieldReferenceOperation field:
                if (!SettledFields.IsConstant(field.Field.OriginalDefinition, _compilation, _cancellation) || IsDecided(field.Field))
                {
                    Read(field.Field, field.Field.Type, mutable: !SettledFields.IsSettled(field.Field.OriginalDefinition, _cancellation), field);
                }

                break;
            case IPropertyReferenceOperation property:
                ReadProperty(property, throughBase);
                break;
            case IInvocationOperation call:
                Follow(call.TargetMethod, throughBase);
                break;
            case IMethodReferenceOperation reference:
                Follow(reference.Method, throughBase);
                break;
            case ILockOperation:
                break;
            case IEventReferenceOperation reference:
                Undecided ??= $"the event '{reference.Event.Name}'";
                break;
            default:
                Undecided ??= "the instance as a whole ('this')";
                break;
        }
    }

    private void ReadProperty(IPropertyReferenceOperation reference, bool throughBase)
    {
        // Of who is calling there is a rule of its own, which refuses it whatever the instance is.
        var property = reference.Property;
        if (IsDecided(property) || Callers.IsKnown(property))
        {
            return;
        }

        if (!throughBase && IsOverridable(property))
        {
            Undecided ??= $"'{property.Name}', which a derived type can override";
        }
        else if (!throughBase && Final(property) is IPropertySymbol { GetMethod: { } own } final && !SymbolEqualityComparer.Default.Equals(final, property.OriginalDefinition) && !IsAutomatic(final))
        {
            Visit(own);
        }
        else if (IsAutomatic(property))
        {
            Read(property, property.Type, mutable: property.SetMethod is { IsInitOnly: false }, reference);
        }
        else if (property.GetMethod is { } getter)
        {
            Visit(getter);
        }
    }

    private void Follow(IMethodSymbol method, bool throughBase)
    {
        if (method is { Name: nameof(GetType), ContainingType.SpecialType: SpecialType.System_Object })
        {
            Undecided ??= IsExact || _typeInKey ? null : "the run-time type of the instance";
        }
        else if (KnownTypes.MakesActionResult(method))
        {
            // Ok(value) and its like are virtual, and nobody overrides them.
        }
        else if (!throughBase && IsOverridable(method))
        {
            Undecided ??= $"the result of '{method.Name}', which a derived type can override";
        }
        else
        {
            Visit(throughBase ? method : Final(method));
        }
    }

    private void Read(ISymbol member, ITypeSymbol type, bool mutable, IOperation reference)
    {
        if (IsDecided(member) || (!mutable && ServiceTypes.IsService(type) && !IsComposed(type)) || IsLock(type, reference))
        {
            return;
        }

        var kind = member switch
        {
            IFieldSymbol => "the field",
            IPropertySymbol => "the property",
            _ => "the constructor parameter",
        };
        if (Undecided is null)
        {
            Undecided = $"{kind} '{member.Name}'";
            UndecidedMember = member.OriginalDefinition;
        }
    }

    private bool IsDecided(ISymbol member)
    {
        if (Attributes.IsNotInKey(member))
        {
            return true;
        }

        if (Attributes.CacheKey(member) is null)
        {
            return false;
        }

        if (!_keyMembers.Contains(member, SymbolEqualityComparer.Default))
        {
            _keyMembers.Add(member);
        }

        return true;
    }

    // A combination of several of its own kind (left and right of an expression, the parts of a specification) is what it combines,
    // while one of its own kind is a service around another.
    private bool IsComposed(ITypeSymbol type) =>
        (SymbolEqualityComparer.Default.Equals(_type.BaseType, type) || _type.AllInterfaces.Contains(type, SymbolEqualityComparer.Default))
        && _type.GetMembers().OfType<IFieldSymbol>().Count(field => field is { IsStatic: false, IsImplicitlyDeclared: false } && SymbolEqualityComparer.Default.Equals(field.Type, type))
            + _type.InstanceConstructors.Where(constructor => constructor.DeclaringSyntaxReferences.Any(r => r.GetSyntax(_cancellation) is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax))
                .SelectMany(constructor => constructor.Parameters).Count(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, type)) > 1;

    private static bool IsLock(ITypeSymbol type, IOperation reference)
    {
        var parent = reference.Parent is IConversionOperation conversion ? conversion.Parent : reference.Parent;
        return parent is ILockOperation || KnownTypes.MetadataName(type) is "System.Threading.Lock" or "System.Threading.SemaphoreSlim";
    }

    // Whether every instance is of exactly the type that declares the cached method.
    private bool IsExact => _type.IsSealed || _type.IsValueType;

    private bool IsOverridable(ISymbol member) =>
        (member.IsVirtual || member.IsAbstract || (member.IsOverride && !member.IsSealed)) && !IsExact;

    // What a call of the member ends in, where that is certain.
    private ISymbol Final(ISymbol member)
    {
        if (!IsExact || !(member.IsVirtual || member.IsAbstract || member.IsOverride))
        {
            return member;
        }

        for (INamedTypeSymbol? current = _type; current is not null; current = current.BaseType)
        {
            foreach (var candidate in current.GetMembers(member.Name))
            {
                for (ISymbol? overridden = candidate; overridden is not null; overridden = (overridden as IMethodSymbol)?.OverriddenMethod ?? (ISymbol?)(overridden as IPropertySymbol)?.OverriddenProperty)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, member.OriginalDefinition))
                    {
                        return candidate;
                    }
                }
            }
        }

        return member;
    }

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.OriginalDefinition.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property.OriginalDefinition));
}
