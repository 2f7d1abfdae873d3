using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>What a parameter is to the cache.</summary>
internal enum ParameterRole
{
    /// <summary>It takes part in the key.</summary>
    Key,

    /// <summary>It is passed on and otherwise ignored.</summary>
    Ignored,

    /// <summary>The caller's cancellation token: the load gets one of its own.</summary>
    Token,

    /// <summary>A span: the key holds its content.</summary>
    Span,
}

/// <summary>A parameter of a cached method.</summary>
/// <param name="Name">The name, escaped where it is a keyword.</param>
/// <param name="Type">The fully qualified type.</param>
/// <param name="Modifier"><c>in </c>, <c>scoped </c>… with a trailing space, or nothing.</param>
/// <param name="Role">What it is to the cache.</param>
/// <param name="Default">The default value as a literal, for the handles; null where there is none.</param>
/// <param name="LoadArgument">What the load passes to the original in its place; <c>{0}</c> is the key.</param>
internal sealed record ParameterModel(
    string Name,
    string Type,
    string Modifier,
    ParameterRole Role,
    string? Default,
    string? LoadArgument)
{
    /// <summary>The type as overloads are told apart by it: without what is only said about null.</summary>
    public string Identity { get; init; } = Type;

    /// <summary>Whether the caller may pass a reference, and nothing is written to it.</summary>
    public bool IsIn => Modifier.Contains("ref readonly") || Modifier.Contains("in ");

    /// <summary>True for the first parameter of a classic extension method.</summary>
    public bool IsThis { get; init; }

    /// <summary>True for a parameter array.</summary>
    public bool IsParams { get; init; }

    /// <summary>The type that holds the content of a span in the key; null for every other parameter.</summary>
    public string? SpanKey { get; init; }

    /// <summary>How a collection is looked up by its elements; null for every other parameter.</summary>
    public ProbeModel? Probe { get; init; }

    /// <summary>What goes into a key that outlives the call: of a span, a copy.</summary>
    public string Lasting => SpanKey is null ? Name : $"{SpanKey}.Copy({Name})";

    /// <summary>Whether the handles that name an entry have this parameter.</summary>
    public bool NamesEntry => Role is ParameterRole.Key or ParameterRole.Span;

    public string Declaration => Modifier + Type + " " + Name;

    /// <summary>How to pass it on.</summary>
    public string Argument => Modifier switch
    {
        _ when IsIn => "in " + Name,
        _ when Modifier.Contains("ref ") => "ref " + Name,
        "out " => "out " + Name,
        _ => Name,
    };
}

/// <summary>The part of a key that holds the elements of a collection: rented for a lookup, and kept on a miss.</summary>
/// <param name="Type">The type of the part.</param>
/// <param name="Rent">The expression that rents one for the collection; in that of a member, <c>{0}</c> is the instance.</param>
/// <param name="Create">The expression that makes one that lasts, likewise.</param>
/// <param name="IsCopied">Whether the load gets a copy, so that the collection has to be of a type that can be copied.</param>
/// <param name="HasOrder">Whether the elements have an order that other processes can agree on.</param>
internal sealed record ProbeModel(string Type, string Rent, string Create, bool IsCopied, bool HasOrder)
{
    /// <summary>The property of the part that says whether the cache can be asked: in tiers, others have to spell the key alike.</summary>
    public string Fits(bool inTiers) => inTiers && HasOrder ? "CanShare" : "CanCopy";
}

/// <summary>One field of the generated key.</summary>
/// <param name="Name">The field, escaped where it is a keyword.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">Its value, as an expression over the parameters and <c>self</c>.</param>
/// <param name="Equality">The comparison, a format of <c>{0}</c> and <c>{1}</c>.</param>
/// <param name="Hash">The hash, a format of <c>{0}</c>.</param>
/// <param name="Label">How the field is shown to people.</param>
internal sealed record KeyFieldModel(string Name, string Type, string Value, string Equality, string Hash, string Label)
{
    /// <summary>Whether entries can be evicted by this field alone.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>Whether it is the value of a member of the instance.</summary>
    public bool IsMember { get; init; }

    /// <summary>How the collection is looked up that a member of the instance holds; null for every other field.</summary>
    public ProbeModel? Probe { get; init; }

    /// <summary>Why other processes could not spell it alike; null where they can.</summary>
    public string? Unshared { get; init; }
}

/// <summary>The instance that a cached method is called on.</summary>
/// <param name="Name">What generated code calls it.</param>
/// <param name="Type">Its fully qualified type.</param>
/// <param name="IsValueType">Whether it is a struct.</param>
/// <param name="InterceptorModifier"><c>ref </c> or <c>in </c> for a struct.</param>
/// <param name="InKey">Whether members or the run-time type of the instance take part in the key.</param>
/// <param name="PerInstance">Whether each instance has a cache of its own.</param>
internal sealed record ReceiverModel(string Name, string Type, bool IsValueType, string InterceptorModifier, bool InKey, bool PerInstance)
{
    /// <summary>Whether handles need the instance to name an entry.</summary>
    public bool NamesEntry => InKey || PerInstance;
}

/// <summary>How the original method is reached from the generated code.</summary>
/// <param name="Call">The call up to the argument list: <c>self.Resolve</c>, <c>global::Shop.Pricing.Vat</c>, <c>Accessor</c>.</param>
/// <param name="Accessors">Declarations of unsafe accessors that the cell needs.</param>
/// <param name="Receiver">The argument that comes before the others, or nothing.</param>
internal sealed record OriginalModel(string Call, EquatableArray<AccessorModel> Accessors, string Receiver);

/// <summary>An extern method through which generated code reaches a member that it may not name.</summary>
internal sealed record AccessorModel(string Attribute, string Declaration);
