using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing.Invalidation;
using Memoize.Generators.Parsing.Tiers;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// Parameters, and the key that is made of them.
internal sealed partial class MethodExaminer
{
    private EquatableArray<ParameterModel> ReadParameters(out List<KeyFieldModel> fields)
    {
        fields = [];
        var parameters = new List<ParameterModel>();
        foreach (var name in NotInKey.Where(name => _method.Parameters.All(parameter => parameter.Name != name)))
        {
            ReportOption($"NotInKey = \"{name}\"", "there is no parameter of that name");
        }

        foreach (var parameter in _method.Parameters)
        {
            parameters.Add(ReadParameter(parameter, fields));
        }

        return parameters.ToEquatableArray();
    }

    private ParameterModel ReadParameter(IParameterSymbol parameter, List<KeyFieldModel> fields)
    {
        var name = Names.Escape(parameter.Name);
        var model = new ParameterModel(
            name,
            Names.Of(parameter.Type),
            ModifierOf(parameter),
            ParameterRole.Ignored,
            parameter.HasExplicitDefaultValue ? Literals.Default(parameter) : null,
            null)
        {
            Identity = Names.Identity(parameter.Type),
            IsThis = parameter.Ordinal == 0 && _method.IsExtensionMethod,
            IsParams = parameter.IsParams,
        };

        if (KnownTypes.IsCancellationToken(parameter.Type))
        {
            return model with { Role = ParameterRole.Token };
        }

        if (KnownTypes.IsNeverInKey(parameter.Type) || KnownTypes.IsCallerInfo(parameter) || Attributes.IsNotInKey(parameter) || NotInKey.Contains(parameter.Name))
        {
            if (Attributes.CacheKey(parameter) is not null)
            {
                ReportKeyAttribute(FixProperties.CacheKey, parameter, "[CacheKey]", "the parameter is left out of the key");
            }

            return KnownTypes.SpanElement(parameter.Type) is null ? model : RefuseSpanOutsideKey(parameter, model);
        }

        var key = Attributes.CacheKey(parameter);
        if (KnownTypes.SpanElement(parameter.Type) is { } element)
        {
            if (key is not null)
            {
                ReportKeyAttribute(FixProperties.CacheKey, parameter, "[CacheKey]", "a span is always compared by its elements");
            }

            var field = FieldName(parameter.Name, fields);
            var spanKey = $"global::Memoize.Keys.SpanKey<{Names.Of(element)}>";
            fields.Add(Field(field, spanKey, name, KeyComparison.Default));
            return model with { Role = ParameterRole.Span, SpanKey = spanKey, LoadArgument = $"{{0}}.{field}.Span" };
        }

        if (key is null)
        {
            AddWhole(parameter, fields);
            return model with { Role = ParameterRole.Key };
        }

        return ReadWithAttribute(parameter, key, model with { Role = ParameterRole.Key }, fields);
    }

    private ParameterModel ReadWithAttribute(IParameterSymbol parameter, AttributeData key, ParameterModel model, List<KeyFieldModel> fields)
    {
        var before = fields.Count;
        var ignoreCase = key.Named("IgnoreCase", false);
        var structural = key.Named("Structural", false);
        var members = MembersOf(key);
        if (ignoreCase && structural || structural && members.Count > 0)
        {
            ReportKeyAttribute(FixProperties.Structural, parameter, "[CacheKey]", "members, IgnoreCase and Structural cannot be combined in this way");
        }
        else if (members.Count > 0)
        {
            AddMembers(parameter, members, ignoreCase, fields);
        }
        else if (ignoreCase)
        {
            AddIgnoreCase(parameter, fields);
        }
        else if (structural)
        {
            model = AddStructural(parameter, model, fields);
        }
        else
        {
            AddWhole(parameter, fields);
        }

        if (key.Named("Indexed", false))
        {
            AddIndex(parameter, structural || members.Count > 1, before, fields);
        }

        return model;
    }

    private void AddIndex(IParameterSymbol parameter, bool isSeveral, int at, List<KeyFieldModel> fields)
    {
        var isOverloaded = _method.ContainingType.GetMembers(_method.Name).OfType<IMethodSymbol>().Count(m => !m.IsPartialImplementation() && Attributes.Cached(m) is not null) > 1;
        if (isSeveral || isOverloaded)
        {
            Report(Rules.KeyAttribute, LocationOf(parameter), "Indexed", parameter.Name, isSeveral
                ? "an index is of one value; name one member, or index parameters of their own"
                : "the cached method is overloaded, and EvictWhere could not tell the overloads apart; rename one of them");
        }
        else if (fields.Count > at)
        {
            fields[at] = fields[at] with { IsIndexed = true };
        }
    }

    private EquatableArray<string> ReadTags(IReadOnlyList<ParameterModel> parameters)
    {
        var given = _cached.NamedArguments.FirstOrDefault(argument => argument.Key == "Tags").Value;
        var tags = new List<string>();
        foreach (var text in given is { Kind: TypedConstantKind.Array, IsNull: false } ? given.Values.Select(v => v.Value as string ?? "") : [])
        {
            if (TagTemplate.Read(text, _method, WhyNot, out var problem) is { } template)
            {
                tags.Add(template.Expression);
            }
            else
            {
                _problems.Add(TagTemplate.Problem(text, _method, AttributeLocation, _display, problem));
            }
        }

        return tags.ToEquatableArray();

        string? WhyNot(IParameterSymbol parameter) => parameters[parameter.Ordinal].Role switch
        {
            ParameterRole.Key => null,
            ParameterRole.Span => "is a span, and cannot be part of a tag; take a string",
            _ => "is not in the key, so entries would have the tag of whoever came first",
        };
    }

    private void AddWhole(IParameterSymbol parameter, List<KeyFieldModel> fields)
    {
        if (KeyTypes.Compare(parameter.Type, _compilation, out var reason) is { } comparison)
        {
            fields.Add(Field(FieldName(parameter.Name, fields), Names.Of(parameter.Type), Names.Escape(parameter.Name), comparison) with { Unshared = SharedText.WhyNot(parameter.Type) });
        }
        else
        {
            var isCollection = CollectionShape.Of(parameter.Type) is not null;
            var advice = isCollection ? "" : ". If it cannot change the result, mark it [NotInKey]";
            _problems.Add(new Problem(Rules.KeyType, LocationOf(parameter), parameter.Name, _display, reason + advice)
            {
                Fix = isCollection ? FixProperties.Structural : null,
            });
        }
    }

    private void AddIgnoreCase(IParameterSymbol parameter, List<KeyFieldModel> fields)
    {
        if (parameter.Type.SpecialType != SpecialType.System_String)
        {
            ReportKeyAttribute(FixProperties.IgnoreCase, parameter, "IgnoreCase", "it is for strings");
            return;
        }

        fields.Add(Field(FieldName(parameter.Name, fields), Names.Of(parameter.Type), Names.Escape(parameter.Name), KeyComparison.IgnoreCase) with { Unshared = SharedText.IgnoresCase });
    }

    private ParameterModel AddStructural(IParameterSymbol parameter, ParameterModel model, List<KeyFieldModel> fields)
    {
        var shape = CollectionShape.Of(parameter.Type);
        if (shape is null)
        {
            ReportKeyAttribute(FixProperties.Structural, parameter, "Structural", $"'{Names.Short(parameter.Type)}' is no collection that can be compared element by element");
            return model;
        }

        foreach (var element in shape.Elements)
        {
            if (KeyTypes.Compare(element, _compilation, out var reason) is not { } comparison)
            {
                Report(Rules.KeyType, LocationOf(parameter), parameter.Name, _display, "its element " + reason);
                return model;
            }

            if (comparison != KeyComparison.Default && RecordEquality.NeedsCare(element) && element is INamedTypeSymbol { IsTupleType: false })
            {
                Report(Rules.KeyType, LocationOf(parameter), parameter.Name, _display, $"its element '{Names.Short(element)}' is a record of numbers, dates or addresses that are equal in several forms; write its Equals and GetHashCode");
                return model;
            }

            if (comparison != KeyComparison.Default && Mentions.Any(element, static t => t.SpecialType is
                SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_DateTime))
            {
                Report(Rules.KeyType, LocationOf(parameter), parameter.Name, _display, $"its element '{Names.Short(element)}' is a tuple of numbers or dates that have several forms; use a record struct");
                return model;
            }
        }

        var field = FieldName(parameter.Name, fields);
        var name = Names.Escape(parameter.Name);
        fields.Add(Field(field, shape.KeyType, name, KeyComparison.Default) with { Unshared = SharedText.WhyNot(shape) });
        return model with
        {
            LoadArgument = shape.LoadArgument?.Replace("{0}", "{0}." + field),
            Probe = new ProbeModel(shape.KeyType, shape.Rent.Replace("{0}", name), shape.Create.Replace("{0}", name), IsCopied: shape.LoadArgument is not null, shape.IsSequence),
        };
    }

    private void AddMembers(IParameterSymbol parameter, IReadOnlyList<string> paths, bool ignoreCase, List<KeyFieldModel> fields)
    {
        foreach (var path in paths)
        {
            if (MemberPath.Resolve(parameter.Type, path, out var problem) is not { } member)
            {
                ReportKeyAttribute(FixProperties.Path, parameter, $"[CacheKey(\"{path}\")]", problem, path);
                continue;
            }

            var comparison = KeyTypes.Compare(member.Type, _compilation, out var reason);
            if (comparison is null)
            {
                Report(Rules.KeyType, LocationOf(parameter), parameter.Name, _display, $"{path}: {reason}");
                continue;
            }

            if (ignoreCase && member.Type.SpecialType == SpecialType.System_String)
            {
                comparison = KeyComparison.IgnoreCase;
            }

            _keyMayChange |= member.MayChange;
            var argument = Names.Escape(parameter.Name);
            var label = parameter.Name + "." + path;
            var field = FieldName(parameter.Name + "_" + path.Replace('.', '_'), fields);
            fields.Add(Field(field, member.FieldType, argument + member.Access, comparison.Value) with { Label = label, Unshared = comparison == KeyComparison.IgnoreCase ? SharedText.IgnoresCase : SharedText.WhyNot(member.Type) });
            if (member.NullTest(argument) is { } nullTest)
            {
                // A missing object and an object with a missing member are two different calls.
                var missing = FieldName(field + "_missing", fields);
                fields.Add(Field(missing, "int", nullTest, KeyComparison.Default) with { Label = label + " missing" });
            }
        }
    }

    // Parameters of a method that is not ours cannot carry an attribute.
    private IReadOnlyList<string> NotInKey => !IsForeign ? [] : _cached.NamedArguments
        .Where(argument => argument.Key == "NotInKey" && argument.Value is { Kind: TypedConstantKind.Array, IsNull: false })
        .SelectMany(argument => argument.Value.Values.Select(name => name.Value as string ?? ""))
        .ToList();

    private ParameterModel RefuseSpanOutsideKey(IParameterSymbol parameter, ParameterModel model)
    {
        ReportKeyAttribute(FixProperties.NotInKey, parameter, "[NotInKey]", "a load may outlive the memory a span points at, so a span must be in the key");
        return model;
    }

    private static IReadOnlyList<string> MembersOf(AttributeData key) =>
        key.ConstructorArguments is [{ Kind: TypedConstantKind.Array, IsNull: false } members]
            ? members.Values.Select(v => v.Value as string ?? "").ToList()
            : [];

    private static KeyFieldModel Field(string name, string type, string value, KeyComparison comparison) =>
        new(name, type, value, comparison.Equality, comparison.Hash, Names.Unescape(name));

    // The members of every struct, and of the key itself, are taken.
    private static string FieldName(string wish, List<KeyFieldModel> fields) => Names.Escape(Names.Unique(
        wish, fields.Select(f => f.Name).Concat(["Equals", "GetHashCode", "ToString", "GetType", "MemberwiseClone", "Finalize", "ReferenceEquals", "Key", "Shared", "other", "obj", "hash"])));

    private void ReportKeyAttribute(string fix, ISymbol owner, string attribute, string reason, string? subject = null) =>
        _problems.Add(new Problem(Rules.KeyAttribute, LocationOf(owner), attribute, owner.Name, reason) { Fix = fix, Subject = subject });
}
