using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>A generated class that stands before the implementations of an interface.</summary>
internal sealed record DecoratorModel
{
    /// <summary>The namespace of the interface; empty for the global one.</summary>
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Accessibility { get; init; }

    /// <summary>The interface, fully qualified.</summary>
    public required string Interface { get; init; }

    /// <summary>The interface, as people write it.</summary>
    public required string Display { get; init; }

    public required EquatableArray<TypeParameterModel> TypeParameters { get; init; }

    /// <summary>The names that members and parameters of the interface have.</summary>
    public required EquatableArray<string> TakenNames { get; init; }

    public required EquatableArray<DecoratorMemberModel> Members { get; init; }

    /// <summary>What <c>AddMemoize</c> needs to know the decorator by; null where the interface cannot be registered.</summary>
    public required string? UnboundInterface { get; init; }

    /// <summary>Whether the assembly can say what containers make of an open type.</summary>
    public required bool KnowsContainers { get; init; }
}

/// <summary>A decorator that an attribute asks for.</summary>
/// <param name="Decorator">The decorator.</param>
/// <param name="Methods">Its methods with a wrapper, where nothing but attributes of the assembly speaks of them.</param>
internal sealed record AskedDecoratorModel(DecoratorModel Decorator, EquatableArray<WrappedMethodModel> Methods)
{
    /// <summary>Those that are cached.</summary>
    public IEnumerable<CachedMethodModel> Cached => Methods.OfType<CachedMethodModel>();
}

/// <summary>One member of a decorator.</summary>
/// <param name="Header">The declaration up to its body: <c>public int Count</c>.</param>
/// <param name="Constraints">The constraint clauses of a method.</param>
/// <param name="Body">What a method does, an expression in which <c>{0}</c> is the inner service; null for what has accessors.</param>
/// <param name="Accessors">The accessors of a property, an indexer or an event.</param>
internal sealed record DecoratorMemberModel(
    string Header,
    EquatableArray<string> Constraints,
    string? Body,
    EquatableArray<DecoratorAccessorModel> Accessors)
{
    /// <summary>What takes the call; null for a member that is passed on.</summary>
    public DecoratorCallModel? Call { get; init; }

    /// <summary>The same for a member that has a cache.</summary>
    public DecoratorCallModel? Cached => Call is { Method: CachedMethodModel } ? Call : null;

    /// <summary>The method, where a wrapper of another assembly takes the call; null where none does.</summary>
    public string? Elsewhere { get; init; }

    /// <summary>Whether disposing is what it does.</summary>
    public bool Disposes { get; init; }
}

/// <summary>An accessor and what it does.</summary>
internal sealed record DecoratorAccessorModel(string Keyword, string Body);

/// <summary>The call of a cell.</summary>
/// <param name="Method">The method that is cached, is a batch, or evicts.</param>
/// <param name="Cell">Its cell, with the type arguments of the interface.</param>
/// <param name="Alias">The short name of the cell; null where the namespace has a type of that name.</param>
/// <param name="ValueType">What is remembered, with these type arguments.</param>
/// <param name="Arguments">The arguments that follow cache and service.</param>
internal sealed record DecoratorCallModel(WrappedMethodModel Method, string Cell, string? Alias, string ValueType, string Arguments);
