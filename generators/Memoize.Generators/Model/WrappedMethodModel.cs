using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>Which door the annotated method opens.</summary>
internal enum Door
{
    /// <summary>Direct calls are intercepted.</summary>
    Plain,

    /// <summary>The partial method is the wrapper.</summary>
    Partial,

    /// <summary>The method of an interface; a generated decorator is the wrapper.</summary>
    Decorator,
}

/// <summary>How the method hands its value back.</summary>
internal enum ReturnKind
{
    Value,
    Task,
    ValueTask,
}

/// <summary>What every annotated method has in common, whatever its wrapper does: text and numbers only, equal by value.</summary>
internal abstract record WrappedMethodModel
{
    public required Door Door { get; init; }

    /// <summary>The namespace of the declaring type; empty for the global one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The declaring type and the types around it, outermost first.</summary>
    public required EquatableArray<ContainingTypeModel> Containers { get; init; }

    public required string Name { get; init; }

    /// <summary><c>Shop.TemplateStore.Resolve(string)</c>: for people, and the default of <see cref="OptionsModel.Name"/>.</summary>
    public required string Signature { get; init; }

    public required CellModel Cell { get; init; }

    public required ReturnKind ReturnKind { get; init; }

    /// <summary>The declared return type.</summary>
    public required string ReturnType { get; init; }

    /// <summary>Null for a static method.</summary>
    public required ReceiverModel? Receiver { get; init; }

    public required EquatableArray<ParameterModel> Parameters { get; init; }

    public required EquatableArray<TypeParameterModel> TypeParameters { get; init; }

    public required OriginalModel Original { get; init; }

    /// <summary>The modifiers that the generated half of a partial method repeats.</summary>
    public required string PartialModifiers { get; init; }
}

/// <summary>A type that encloses the annotated method.</summary>
internal sealed record ContainingTypeModel(string Keyword, string Name, EquatableArray<TypeParameterModel> TypeParameters);

/// <summary>A type parameter with its constraint clause (<c>where T : class</c>), which is empty where there is none.</summary>
internal sealed record TypeParameterModel(string Name, string Constraints);

/// <summary>The generated class that holds what belongs to one method: of a cached one, cache and key.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="FullName">Its name from anywhere, with the type parameters of the declaring types.</param>
/// <param name="Accessibility"><c>public</c>, <c>internal</c> or, inside the user's type, <c>private</c>.</param>
internal sealed record CellModel(string Name, string FullName, string Accessibility);
