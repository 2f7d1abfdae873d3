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

    private ReceiverAnalysis(Compilation compilation, CancellationToken cancellation)
    {
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
        var analysis = new ReceiverAnalysis(compilation, cancellation);
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

        if (method.DeclaringSyntaxReferences.Length == 0)
        {
            Undecided ??= $"the result of '{method.Name}', whose source is not here";
            return;
        }

        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(_cancellation);
            var operation = CompilationFacts.Of(_compilation).ModelOf(syntax.SyntaxTree).GetOperation(syntax, _cancellation);
            if (operation is not null)
            {
                Walk(operation, method.ContainingType);
            }
        }
    }

    private void Walk(IOperation operation, INamedTypeSymbol type)
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
                ReadInstance(operation, type);
                break;
        }

        foreach (var child in operation.ChildOperations)
        {
            if (Undecided is not null)
            {
                return;
            }

            Walk(child, type);
        }
    }

    private void ReadInstance(IOperation instance, INamedTypeSymbol type)
    {
        var throughBase = instance.Syntax.RawKind == (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.BaseExpression;
        switch (instance.Parent)
        {
            case IFieldReferenceOperation field:
                Read(field.Field, field.Field.Type, mutable: !field.Field.IsReadOnly, field);
                break;
            case IPropertyReferenceOperation property:
                ReadProperty(property, type, throughBase);
                break;
            case IInvocationOperation call:
                Follow(call.TargetMethod, type, throughBase);
                break;
            case IMethodReferenceOperation reference:
                Follow(reference.Method, type, throughBase);
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

    private void ReadProperty(IPropertyReferenceOperation reference, INamedTypeSymbol type, bool throughBase)
    {
        var property = reference.Property;
        if (IsDecided(property))
        {
            return;
        }

        if (!throughBase && IsOverridable(property, type))
        {
            Undecided ??= $"'{property.Name}', which a derived type can override";
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

    private void Follow(IMethodSymbol method, INamedTypeSymbol type, bool throughBase)
    {
        if (method is { Name: nameof(GetType), ContainingType.SpecialType: SpecialType.System_Object })
        {
            Undecided ??= "the run-time type of the instance";
        }
        else if (!throughBase && IsOverridable(method, type))
        {
            Undecided ??= $"the result of '{method.Name}', which a derived type can override";
        }
        else
        {
            Visit(method);
        }
    }

    private void Read(ISymbol member, ITypeSymbol type, bool mutable, IOperation reference)
    {
        if (IsDecided(member) || (!mutable && ServiceTypes.IsService(type)) || IsLock(type, reference))
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

    private static bool IsLock(ITypeSymbol type, IOperation reference)
    {
        var parent = reference.Parent is IConversionOperation conversion ? conversion.Parent : reference.Parent;
        return parent is ILockOperation || KnownTypes.MetadataName(type) is "System.Threading.Lock" or "System.Threading.SemaphoreSlim";
    }

    private static bool IsOverridable(ISymbol member, INamedTypeSymbol type) =>
        (member.IsVirtual || member.IsAbstract || (member.IsOverride && !member.IsSealed)) && !type.IsSealed && !type.IsValueType;

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.OriginalDefinition.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property.OriginalDefinition));
}
