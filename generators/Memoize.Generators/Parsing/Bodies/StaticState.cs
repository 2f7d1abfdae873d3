using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Reads of static members that can change while results are remembered.</summary>
internal sealed class StaticState(Body body, Compilation compilation, CancellationToken cancellation)
{
    private const string Advice = "make it readonly, or take its value as a parameter";
    private const string ContentAdvice = "keep what it holds as it is made (a frozen or immutable collection), or take it as a parameter";
    private const string MemoAdvice = "remove it and its lookup, since [Cached] remembers the results now";

    private readonly Dictionary<ISymbol, bool> _changing = new(SymbolEqualityComparer.Default);

    /// <summary>Members that the method reads and writes, of which all is said that is to say.</summary>
    public ISet<ISymbol> Settled { get; } = new HashSet<ISymbol>(SymbolEqualityComparer.Default);

    public IReadOnlyList<Finding> Find() =>
        [.. body.Parts.Where(IsNear).SelectMany(part => part.Operations.Select(operation => Find(operation) is { } finding ? finding with { Part = part } : null)).OfType<Finding>()];

    // Of a helper somewhere else nobody here can say what its state is for.
    private static bool IsNear(BodyPart part) => part.Steps == 0 || part is { Steps: 1, Site: IPropertyReferenceOperation { Property.IsStatic: true } };

    private Finding? Find(IOperation operation)
    {
        if (operation is not IMemberReferenceOperation { Member: { IsStatic: true } member }
            || Type(member) is not { } type
            || !IsValueUsed(operation)
            || Body.IsDecided(member)
            || IsHarmless(type)
            || LazyInit.IsTarget(operation)
            || Use.IsOnlyObserved(operation, body, isDuration: false)
            || !IsChanging(member.OriginalDefinition, type))
        {
            return null;
        }

        var name = $"the static {(member is IPropertySymbol ? "property" : "field")} '{member.Name}'";
        if (!MutableCollections.IsMemo(type) || !IsFilledHere(member.OriginalDefinition))
        {
            return new Finding(operation, member.OriginalDefinition, name) { Advice = member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null } ? ContentAdvice : Advice };
        }

        // A memo of results is what the attribute is for; one of something else on the way is nobody's business.
        Settled.Add(member.OriginalDefinition);
        return HoldsResults(type) ? new Finding(operation, member.OriginalDefinition, name) { Advice = MemoAdvice } : null;
    }

    private bool HoldsResults(ITypeSymbol type)
    {
        var result = ResultOf(body.Method.ReturnType);
        return type is not INamedTypeSymbol { TypeArguments: { Length: > 0 } arguments }
            || SymbolEqualityComparer.Default.Equals(ResultOf(arguments[arguments.Length - 1]), result);
    }

    private static ITypeSymbol ResultOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask" or "Lazy" or "Nullable", TypeArguments: [var inner] } ? ResultOf(inner) : type;

    // All that changes the collection is in the body itself.
    private bool IsFilledHere(ISymbol member) => !IsAssigned(member) && References(member).Where(IsContentWrite).All(write =>
        body.Parts.Any(part => part.Root.Syntax.SyntaxTree == write.Syntax.SyntaxTree && part.Root.Syntax.Span.Contains(write.Syntax.Span))
        || IsClear(write));

    private static bool IsClear(IOperation reference) => reference.Parent is IInvocationOperation { TargetMethod.Name: "Clear" };

    private static ITypeSymbol? Type(ISymbol member) => member switch
    {
        IFieldSymbol { IsConst: false } field when !Callers.IsOfThread(field) => field.Type,
        IPropertySymbol { IsIndexer: false } property => property.Type,
        _ => null,
    };

    // Written, counted up, locked: nothing of the old value gets into the result, or another rule sees it.
    private static bool IsValueUsed(IOperation operation) => operation.IsRead() && operation.Parent switch
    {
        ICompoundAssignmentOperation compound => compound.Target != operation,
        IIncrementOrDecrementOperation => false,
        ILockOperation => false,
        IConversionOperation { Parent: ILockOperation } => false,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: not "Read", ContainingType: { Name: "Interlocked", ContainingNamespace.Name: "Threading" } } } } => false,
        _ => true,
    };

    private static bool IsHarmless(ITypeSymbol type) =>
        Observers.IsObserver(type)
        || Observers.IsLogger(type)
        || Observers.IsMeasure(type)
        || KnownTypes.MetadataName(type) is "System.Random" or "System.Threading.Lock" or "System.Threading.SemaphoreSlim" or "System.Threading.ReaderWriterLockSlim"
            or "System.Text.RegularExpressions.Regex" or "System.Net.Http.HttpClient" or "System.Threading.AsyncLocal`1" or "System.Threading.ThreadLocal`1" or "System.Lazy`1"
        // Services are the same for every result, here as in the fields of an instance.
        || ServiceTypes.IsService(type)
        || type.Name is "ArrayPool" or "ObjectPool" or "MemoryPool";

    private bool IsChanging(ISymbol member, ITypeSymbol type)
    {
        if (!_changing.TryGetValue(member, out var changing))
        {
            changing = CanChange(member, type);
            _changing.Add(member, changing);
        }

        return changing;
    }

    private bool CanChange(ISymbol member, ITypeSymbol type)
    {
        var isInSource = member.DeclaringSyntaxReferences.Any(reference => compilation.ContainsSyntaxTree(reference.SyntaxTree));
        switch (member)
        {
            case IFieldSymbol { IsReadOnly: true }:
            case IPropertySymbol { SetMethod: null } when IsAutomatic((IPropertySymbol)member):
                // A collection that never grows is as good as an immutable one.
                return isInSource && MutableCollections.IsMutable(type) && IsMutated(member);
            case IFieldSymbol when isInSource:
                return IsAssigned(member) || (MutableCollections.IsMutable(type) && IsMutated(member));
            case IFieldSymbol:
                return !IsConstantOfLibrary(member);
            case IPropertySymbol { SetMethod: { } setter } property when isInSource && IsAutomatic(property):
                return setter.DeclaredAccessibility != Accessibility.Private || IsAssigned(member);
            default:
                // Code runs there; what the compiler shows of it is followed.
                return false;
        }
    }

    // Many a library forgot to write readonly.
    private static bool IsConstantOfLibrary(ISymbol member) =>
        member.Name is "Empty" or "None" or "Null" or "Default" or "Invalid" or "Zero" or "One" or "Instance" or "Unknown"
        || member.ContainingNamespace?.ToDisplayString() is "System" or "Microsoft"
        || member.ContainingNamespace?.ToDisplayString() is { } ns && (ns.StartsWith("System.", StringComparison.Ordinal) || ns.StartsWith("Microsoft.", StringComparison.Ordinal));

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    private bool IsAssigned(ISymbol member) => References(member).Any(reference => IsWrite(reference) && !LazyInit.IsInitialisation(reference, member));

    private bool IsMutated(ISymbol member) => References(member).Any(IsContentWrite);

    private static bool IsWrite(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Parent: IInvocationOperation { TargetMethod: var method } } =>
            !(method.ContainingType is { Name: "Volatile" or "Interlocked" } && method.Name == "Read"),
        ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple => deconstruction.Target == tuple,
        _ => false,
    };

    private static bool IsContentWrite(IOperation reference)
    {
        var value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            IInvocationOperation call when call.Instance == value => MutableCollections.IsMutation(call.TargetMethod, value.Type!),
            IArgumentOperation { Parent: IInvocationOperation call } argument => call.Arguments[0] == argument && MutableCollections.ChangesFirstArgument(call.TargetMethod),
            IPropertyReferenceOperation { Property.IsIndexer: true } element => element.Instance == value && IsWrite(element),
            IArrayElementReferenceOperation element => element.ArrayReference == value && IsWrite(element),
            IConditionalAccessOperation access => access.WhenNotNull is IInvocationOperation call && MutableCollections.IsMutation(call.TargetMethod, value.Type!),
            _ => false,
        };
    }

    // Everywhere that can name it, apart from what runs before anybody can ask: initialisers and the static constructor.
    private IEnumerable<IOperation> References(ISymbol member)
    {
        var facts = CompilationFacts.Of(compilation);
        foreach (var scope in ScopesOf(member))
        {
            cancellation.ThrowIfCancellationRequested();
            SemanticModel? model = null;
            foreach (var name in scope.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (name.Identifier.ValueText != member.Name)
                {
                    continue;
                }

                SyntaxNode node = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
                model ??= facts.ModelOf(scope.SyntaxTree);
                if (model.GetOperation(node, cancellation) is IMemberReferenceOperation reference
                    && SymbolEqualityComparer.Default.Equals(reference.Member.OriginalDefinition, member)
                    && !IsInitialisation(node, member, model))
                {
                    yield return reference;
                }
            }
        }
    }

    // Only its own type writes a private member; others are looked for in the files that assign something of their name.
    private IEnumerable<SyntaxNode> ScopesOf(ISymbol member)
    {
        var type = member.ContainingType;
        while (member.DeclaredAccessibility == Accessibility.Private && type.ContainingType is { } outer)
        {
            type = outer;
        }

        return member.DeclaredAccessibility == Accessibility.Private || MutableCollections.IsMutable(Type(member)!)
            ? type.DeclaringSyntaxReferences.Where(reference => compilation.ContainsSyntaxTree(reference.SyntaxTree)).Select(reference => reference.GetSyntax(cancellation))
            : compilation.SyntaxTrees.Where(tree => AssignedNames.In(tree).Contains(member.Name)).Select(tree => tree.GetRoot(cancellation));
    }

    private bool IsInitialisation(SyntaxNode node, ISymbol member, SemanticModel model)
    {
        for (var current = node.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case ConstructorDeclarationSyntax constructor:
                    return constructor.Modifiers.Any(m => m.ValueText == "static")
                        && SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(constructor, cancellation)?.ContainingType, member.ContainingType);
                case AnonymousFunctionExpressionSyntax:
                    return false;
                case FieldDeclarationSyntax or PropertyDeclarationSyntax { Initializer: not null }:
                    return true;
                case MethodDeclarationSyntax method:
                    return IsPartOfInitialisation(method, member, model);
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    // A private helper that nothing but the static constructor calls, as those that fill a table.
    private bool IsPartOfInitialisation(MethodDeclarationSyntax method, ISymbol member, SemanticModel model)
    {
        if (model.GetDeclaredSymbol(method, cancellation) is not { IsStatic: true, DeclaredAccessibility: Accessibility.Private } helper
            || !SymbolEqualityComparer.Default.Equals(helper.ContainingType, member.ContainingType))
        {
            return false;
        }

        var mentions = member.ContainingType.DeclaringSyntaxReferences
            .Where(reference => compilation.ContainsSyntaxTree(reference.SyntaxTree))
            .SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes().OfType<SimpleNameSyntax>())
            .Where(name => name.Identifier.ValueText == helper.Name)
            .ToList();
        return mentions.Count > 0 && mentions.TrueForAll(name =>
            name.FirstAncestorOrSelf<MethodDeclarationSyntax>() is null
            && IsInitialisation(name, member, CompilationFacts.Of(compilation).ModelOf(name.SyntaxTree)));
    }
}
