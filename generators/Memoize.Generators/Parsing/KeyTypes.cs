using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>How a keyable value is compared and hashed: formats of <c>{0}</c> and <c>{1}</c>.</summary>
internal readonly record struct KeyComparison(string Equality, string Hash)
{
    /// <summary>By the identity rules of <c>KeyPart</c>, which knows floats, dates, decimals, strings and addresses.</summary>
    public static readonly KeyComparison Default =
        new("global::Memoize.Keys.KeyPart.Equal({0}, {1})", "global::Memoize.Keys.KeyPart.Hash({0})");

    public static readonly KeyComparison IgnoreCase =
        new("global::Memoize.Keys.KeyPart.EqualIgnoreCase({0}, {1})", "global::Memoize.Keys.KeyPart.HashIgnoreCase({0})");
}

/// <summary>
/// Decides whether a type has value equality that a cache may rely on. The answer is either a comparison or the reason why not,
/// with the path to the part that spoils it.
/// </summary>
internal sealed class KeyTypes
{
    private readonly HashSet<ITypeSymbol> _visiting = new(SymbolEqualityComparer.Default);
    private readonly CompilationFacts _facts;

    private KeyTypes(CompilationFacts facts) => _facts = facts;

    /// <summary>The comparison for values of the type; null with a reason where there is none.</summary>
    public static KeyComparison? Compare(ITypeSymbol type, Compilation compilation, out string reason)
    {
        reason = new KeyTypes(CompilationFacts.Of(compilation)).WhyNot(type, "") ?? "";
        return reason.Length > 0 ? null : Comparison(type);
    }

    /// <summary>What spoils the comparison when a value of the type is one of a type of this compilation that derives from it; null for nothing.</summary>
    public static string? WhyNotDerived(INamedTypeSymbol type, Compilation compilation) =>
        new KeyTypes(CompilationFacts.Of(compilation)).FirstProblemOfDerived(type, "");

    // Tuples and nullable tuples are compared element by element, because their own Equals would let -0.0 and 0.0, or two
    // kinds of DateTime, be the same key. Everything else goes to KeyPart.
    private static KeyComparison Comparison(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            && nullable.TypeArguments[0] is INamedTypeSymbol inner
            && (inner.IsTupleType || RecordEquality.StrictMembers(inner).Any()))
        {
            var value = Comparison(inner);
            var left = "{0}.GetValueOrDefault()";
            var right = "{1}.GetValueOrDefault()";
            return new KeyComparison(
                $"({{0}}.HasValue == {{1}}.HasValue && {Fill(value.Equality, left, right)})",
                $"({{0}}.HasValue ? {Fill(value.Hash, left, right)} : 0)");
        }

        if (type is not INamedTypeSymbol { IsTupleType: true } tuple)
        {
            return type is INamedTypeSymbol record ? RecordComparison(record) : KeyComparison.Default;
        }

        var equality = new List<string>();
        string? hash = null;
        foreach (var element in tuple.TupleElements)
        {
            var name = Names.Escape(element.Name);
            var part = Comparison(element.Type);
            equality.Add(Fill(part.Equality, "{0}." + name, "{1}." + name));
            var partHash = Fill(part.Hash, "{0}." + name, "{1}." + name);
            hash = hash is null ? partHash : $"global::Memoize.Keys.KeyPart.Combine({hash}, {partHash})";
        }

        return new KeyComparison(
            equality.Count == 0 ? "true" : "(" + string.Join(" && ", equality) + ")",
            hash ?? "0");
    }

    private static KeyComparison RecordComparison(INamedTypeSymbol type)
    {
        var strict = RecordEquality.StrictMembers(type)
            .Select(m => Fill(Comparison(m.Type).Equality, "{0}." + Names.Escape(m.Member.Name), (type.IsValueType ? "{1}." : "{1}!.") + Names.Escape(m.Member.Name)))
            .ToList();
        if (strict.Count == 0)
        {
            return KeyComparison.Default;
        }

        var members = string.Join(" && ", strict);
        return KeyComparison.Default with
        {
            Equality = $"({KeyComparison.Default.Equality} && {(type.IsValueType ? members : $"({{0}} is null || ({members}))")})",
        };
    }

    private static string Fill(string format, string left, string right) => format.Replace("{0}", "\u0001").Replace("{1}", right).Replace("\u0001", left);

    private string? WhyNot(ITypeSymbol type, string path)
    {
        if (type.TypeKind == TypeKind.Error)
        {
            return Names.At(path, type, "is not known");
        }

        if (KnownTypes.IsKeyableByValue(type) || type.TypeKind == TypeKind.Enum)
        {
            return null;
        }

        if (KnownTypes.RefusalOf(type) is { } refusal)
        {
            return Names.At(path, type, refusal);
        }

        return type switch
        {
            IArrayTypeSymbol or INamedTypeSymbol when CollectionShape.Of(type) is not null =>
                Names.At(path, type, path.Length == 0
                    ? "is a collection and equal only to itself; [CacheKey(Structural = true)] compares it element by element"
                    : "is a collection and equal only to itself; choose the members that matter with [CacheKey(\"…\")]"),
            ITypeParameterSymbol parameter => WhyNotParameter(parameter, path),
            INamedTypeSymbol named => _visiting.Add(named) ? WhyNotNamed(named, path) : null,
            _ => Names.At(path, type, "has no value equality"),
        };
    }

    private string? WhyNotNamed(INamedTypeSymbol type, string path)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return WhyNot(type.TypeArguments[0], path);
        }

        if (type.IsTupleType)
        {
            return FirstProblem(type.TupleElements.Select(element => (element.Type, Join(path, element.Name))));
        }

        if (type.TypeKind == TypeKind.Interface)
        {
            return Names.At(path, type, "is an interface, and its implementations may be equal only to themselves");
        }

        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
        {
            return Names.At(path, type, "has no value equality");
        }

        var own = Equality.IsOverridden(type);
        if (!own && !Equality.IsRecord(type))
        {
            // A type of somebody else's stays what it is.
            var isOwn = !type.DeclaringSyntaxReferences.IsEmpty;
            return Names.At(path, type, type.IsValueType
                ? $"does not override Equals and GetHashCode; {(isOwn ? "make it a record struct, or " : "")}name the members that matter with [CacheKey(\"…\")]"
                : $"is equal only to itself; {(isOwn ? "make it an immutable record, or " : "")}name the members that matter with [CacheKey(\"…\")]");
        }

        if (Equality.LeftOut(type) is { } leftOut)
        {
            return Names.At(path, type, $"has its equality from '{Names.Short(leftOut.Base)}', which does not know '{leftOut.Unseen.Name}'; override Equals and GetHashCode in it, or name the members that matter with [CacheKey(\"…\")]");
        }

        // What gives access to data elsewhere may call itself equal to something, but the data changes behind it.
        if (type.AllInterfaces.Any(static i => KnownTypes.MetadataName(i) is "System.IDisposable" or "System.IAsyncDisposable" or "System.Linq.IQueryable"))
        {
            return Names.At(path, type, "is a resource or a query, not a value; pass what it is asked for instead");
        }

        if (!type.IsValueType && Equality.MutableMember(type) is { } mutable)
        {
            return Names.At(path, type, $"can change after it became a key: '{mutable.Name}' is not read-only");
        }

        return FirstProblem(Equality.ComparedByRecord(type)
                .Select(compared => (compared.Type, Join(path.Length == 0 ? type.Name : path, compared.Member.Name)))
                .Concat(type.TypeArguments.Select(argument => (argument, Join(path, Names.Short(type))))))
            ?? (RecordEquality.Obstacle(type) is { } obstacle ? Names.At(path, type, obstacle) : null)
            ?? FirstProblemOfDerived(type, path);
    }

    // Equality is virtual: what is passed may be compared by the members of a type that derives from the declared one.
    private string? FirstProblemOfDerived(INamedTypeSymbol type, string path)
    {
        if (type.IsSealed || type.IsValueType)
        {
            return null;
        }

        foreach (var derived in _facts.DerivedFrom(type))
        {
            if (WhyNot(derived, "") is { } reason)
            {
                return Names.At(path, type, $"may be a '{Names.Short(derived)}', and {reason}");
            }

            if (RecordEquality.StrictMembers(derived).FirstOrDefault(member => !Lineage.IsOrDerivesFrom(type, member.Member.ContainingType)).Member is { } unseen)
            {
                return Names.At(path, type, $"may be a '{Names.Short(derived)}', whose '{unseen.Name}' is equal in several forms, and is compared less strictly than a method can; write Equals and GetHashCode, or take the type that is passed");
            }
        }

        return null;
    }

    private static string? WhyNotParameter(ITypeParameterSymbol parameter, string path)
    {
        if (parameter.AllowsRefLikeType)
        {
            return Names.At(path, parameter, "may be a ref struct, which cannot be remembered");
        }

        return parameter.ConstraintTypes.Any(constraint => constraint.AllInterfaces.Prepend(constraint).Any(i => IsEquatableOf(i, parameter)) || constraint.SpecialType == SpecialType.System_Enum)
            ? null
            : Names.At(path, parameter, $"is an open type parameter; constrain it with 'where {parameter.Name} : System.IEquatable<{parameter.Name}>'");
    }

    private static bool IsEquatableOf(ITypeSymbol constraint, ITypeParameterSymbol parameter) =>
        constraint is INamedTypeSymbol { MetadataName: "IEquatable`1" } equatable
        && SymbolEqualityComparer.Default.Equals(equatable.TypeArguments[0], parameter);

    private string? FirstProblem(IEnumerable<(ITypeSymbol Type, string Path)> parts)
    {
        foreach (var (type, path) in parts)
        {
            if (WhyNot(type, path) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
