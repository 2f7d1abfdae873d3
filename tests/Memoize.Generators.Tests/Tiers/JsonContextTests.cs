using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Tiers;

/// <summary>MEMO1104: results that JSON cannot write where it has no reflection.</summary>
public sealed class JsonContextTests
{
    const string Rate = "public sealed record Rate(string Currency, Part[] Parts); public sealed record Part(int A); ";

    static readonly (string Type, string Context, bool IsKnown)[] _cases =
    [
        ("Rate", "", false),
        ("Rate", "[JsonSerializable(typeof(Rate))]", true),
        ("Rate?", "[JsonSerializable(typeof(int))] [JsonSerializable(typeof(Rate))]", true),
        ("Task<Rate>", "[JsonSerializable(typeof(Rate))]", true),
        ("Rate", "[JsonSerializable(typeof(int))]", false),
        ("Rate", "[JsonSerializable(typeof(Dictionary<string, List<Rate>>))]", true),
        ("Part", "[JsonSerializable(typeof(Rate))]", true),
        ("List<Rate>", "[JsonSerializable(typeof(Rate))]", false),
        ("int", "", false),
        ("int?", "[JsonSerializable(typeof(int))]", false),
        ("string", "", true),
        ("byte[]", "", true),
        ("int[]", "", false),
    ];

    static string App(string type, string context) =>
        $$"""
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Text.Json.Serialization.Metadata;
        public static class S { [Cached(Ttl = 9, Tiers = "disk")] public static {{type}} M(int a) => Make(a); [NotInKey] static Func<int, {{type}}> Make = null!; }
        {{(context.Length == 0 ? "" : Context(context))}}
        """;

    // The compiler's generator for JSON does not run here: what it writes is written by hand.
    static string Context(string attributes) =>
        $$"""
        {{attributes}} public sealed class ShopJson() : JsonSerializerContext(null)
        {
            protected override JsonSerializerOptions? GeneratedSerializerOptions => null;
            public override JsonTypeInfo? GetTypeInfo(Type type) => null;
        }
        """;

    static async Task<IReadOnlyList<string>> Said(Setup setup, params (string, string)[] files)
    {
        var app = Sources.Compile(setup, files);
        Assert.DoesNotContain(app.GetDiagnostics(TestContext.Current.CancellationToken), static finding => finding.Severity == DiagnosticSeverity.Error);
        return [.. (await AnalyzerRun.Of(setup, app)).Where(static diagnostic => diagnostic.Id == "MEMO1104").Select(static diagnostic => diagnostic.GetMessage(null))];
    }

    public static IEnumerable<TheoryDataRow<int>> Rows => _cases.Select(static (one, i) => new TheoryDataRow<int>(i) { TestDisplayName = $"{one.Type} with {(one.Context.Length == 0 ? "no context" : one.Context)}" });

    [Theory, MemberData(nameof(Rows))]
    public async Task A_result_needs_a_context_that_knows_it(int row)
    {
        var (type, context, isKnown) = _cases[row];
        var said = await Said(new Setup { Says = "PublishAot" }, ("Rate.cs", Rate), ("App.cs", App(type, context)));
        if (isKnown)
            Assert.Empty(said);
        else
            Assert.Contains($"says PublishAot=true, where JSON has no reflection: add [JsonSerializable(typeof({type}))]", Assert.Single(said), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PublishAot", 1)]
    [InlineData("PublishTrimmed", 1)]
    [InlineData("IsAotCompatible", 1)]
    [InlineData("", 0)]
    public async Task The_project_says_whether_there_is_reflection(string property, int said)
        => Assert.Equal(said, (await Said(new Setup { Says = property }, ("Rate.cs", Rate), ("App.cs", App("Rate", "")))).Count);

    [Theory]
    [InlineData("[JsonSerializable(typeof(Rate))]", 0)]
    [InlineData("[JsonSerializable(typeof(Part))]", 1)]
    public async Task The_context_may_be_in_a_library(string context, int said)
    {
        var library = Sources.Compile(
            new Setup { AssemblyName = "Lib" }, ("Rate.cs", Rate), ("Lib.cs", $"using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata; namespace Lib; {Context(context)}"));
        using var image = new MemoryStream();
        Assert.True(library.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        Assert.Equal(said, (await Said(new Setup { Says = "PublishAot", References = [MetadataReference.CreateFromImage(image.ToArray())] }, ("App.cs", App("Rate", "")))).Count);
    }

    [Fact]
    public async Task What_MemoryPack_writes_needs_none()
        => Assert.Empty(await Said(
            new Setup { Says = "PublishAot" },
            ("Pack.cs", "namespace MemoryPack { public sealed class MemoryPackableAttribute : Attribute; } namespace Memoize.MemoryPack { public sealed class MemoryPackSerializerFactory; } [MemoryPack.MemoryPackable] public sealed partial record Rate(int A);"),
            ("App.cs", App("Rate", ""))));
}
