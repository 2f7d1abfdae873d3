using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Memoize.Tiers;

/// <summary>
/// Whether all values of a type come back from JSON if some of them do: where everything in it is written in the usual way. A converter of
/// the program, options that leave something out, or a base that does not tell its kinds apart may lose something of only some values.
/// </summary>
internal sealed class JsonTrust
{
    // What is sorted has an order of its own, and ones of other names may keep more than their elements.
    private static readonly FrozenSet<Type> Usual = new[]
    {
        typeof(List<>), typeof(IList<>), typeof(ICollection<>), typeof(IEnumerable<>), typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>),
        typeof(HashSet<>), typeof(ISet<>), typeof(IReadOnlySet<>), typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>),
        typeof(System.Collections.Immutable.ImmutableArray<>), typeof(System.Collections.Immutable.ImmutableList<>), typeof(System.Collections.Immutable.IImmutableList<>),
    }.ToFrozenSet();

    private readonly JsonSerializerOptions options;
    private readonly HashSet<Type> seen = [];

    private JsonTrust(JsonSerializerOptions options) => this.options = options;

    /// <param name="type">The type of the result.</param>
    /// <param name="options">As the program gives them.</param>
    internal static bool In(Type type, JsonSerializerOptions options)
    {
        try
        {
            return LeavesNothingOut(options) && new JsonTrust(FaithfulJson.Of(options)).InAll(type);
        }
        catch (Exception)
        {
            // Something in it has no contract, and a value that has it cannot be written.
            return false;
        }
    }

    private static bool LeavesNothingOut(JsonSerializerOptions options)
        => options.DefaultIgnoreCondition == JsonIgnoreCondition.Never && options.DictionaryKeyPolicy is null && options.ReferenceHandler is null
           && !options.IgnoreReadOnlyProperties && !options.IgnoreReadOnlyFields && options.PreferredObjectCreationHandling == JsonObjectCreationHandling.Replace
           && options.TypeInfoResolverChain.All(static resolver => IsPlain(resolver));

    private static bool IsPlain(IJsonTypeInfoResolver resolver)
        => resolver is JsonSerializerContext || (resolver is DefaultJsonTypeInfoResolver { Modifiers.Count: 0 } && resolver.GetType().Assembly == typeof(JsonSerializer).Assembly);

    private bool InAll(Type type)
    {
        if (!seen.Add(type))
            return true;

        var contract = options.GetTypeInfo(type);
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (contract.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly || (contract.PolymorphismOptions is { } kinds && !TellsApart(kinds)))
            return false;
        return contract.Kind switch
        {
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => InElements(type),
            JsonTypeInfoKind.Object => contract.Properties.All(member => member.CustomConverter is null && member.ShouldSerialize is null && InAll(member.PropertyType))
                && (contract.PolymorphismOptions is not { } all || all.DerivedTypes.All(kind => InAll(kind.DerivedType))),
            _ => inner == type || InAll(inner),
        };
    }

    private bool InElements(Type type)
        => type.IsArray ? InAll(type.GetElementType()!) : type.IsGenericType && Usual.Contains(type.GetGenericTypeDefinition()) && type.GetGenericArguments().All(InAll);

    private static bool TellsApart(JsonPolymorphismOptions kinds)
        => kinds.UnknownDerivedTypeHandling == JsonUnknownDerivedTypeHandling.FailSerialization && kinds.DerivedTypes.All(static kind => kind.TypeDiscriminator is not null);
}
