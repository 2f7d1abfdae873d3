using System.Text.Json.Serialization;

namespace QrCards;

/// <summary>How values are written into tiers and answers, made at compile time.</summary>
[JsonSerializable(typeof(Template))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(IReadOnlyList<Scans>))]
internal sealed partial class QrJson : JsonSerializerContext;
