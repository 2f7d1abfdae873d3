using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace Memoize.Generators.Tests.Tiers;

/// <summary>
/// MEMO1102 about types of other assemblies, of which the compiler sees what they show: the assembly itself, or the reference assembly
/// that a build makes of it.
/// </summary>
public sealed class ForeignResultTests
{
    static readonly Dictionary<string, (string Type, string? Problem)> _types = new()
    {
        ["public sealed record R(int A, string B, IReadOnlyList<R> C);"] = ("R", null),
        ["public record B(int X); public sealed record R(int A) : B(A);"] = ("R", null),
        ["public class R { public int A { get; set; } public string? B { get; init; } public int Twice => 2 * A; public bool IsEmpty { get { return A == 0; } } }"] = ("R", null),
        ["public sealed class R(int a) { public int A { get; } = a; }"] = ("R", null),
        ["public sealed record R(Dictionary<string, List<int>> A);"] = ("List<R>", null),
        ["public sealed class R : List<int>;"] = ("R", null),
        ["public readonly record struct R(int A);"] = ("R?", null),
        ["public struct R { private int _net; public int A { get; set; } public int Net() => _net; public void Set(int net) => _net = net; }"] = ("R", "'R' keeps something in the field '_net', which JSON leaves out"),
        ["public sealed class R { public int A { get; } = 1; }"] = ("R", "'R' has 'A', which JSON leaves out or cannot set"),
        ["public sealed class R { public R(int b) => A = b; public int A { get; } }"] = ("R", "'R' has 'A', which JSON leaves out or cannot set"),
        ["public sealed class R { private R() { } public int A { get; set; } public static R Of(int a) => new() { A = a }; }"] = ("R", "'R' has no public constructor, and JSON cannot make it again: mark one with [JsonConstructor]"),
        ["public sealed class R { public R(int a) => A = a; public R(string a) => A = a.Length; public int A { get; set; } }"] = ("R", "'R' has several constructors, and JSON cannot make it again: mark one with [JsonConstructor]"),
        ["public sealed class R { public R(int a, string why) => A = a + why.Length; public int A { get; set; } }"] = ("R", "'R' has a constructor with 'why', for which JSON finds no member of that name"),
        ["public sealed class R : List<int> { public int Total { get; set; } }"] = ("R", "'R' is a collection, of which JSON writes the elements and leaves out 'Total'"),
        ["public sealed class R : List<int> { public int Total { get; } = 1; public bool IsEmpty => Count == 0; }"] = ("R", "leaves out 'Total'"),
    };

    public static IEnumerable<TheoryDataRow<string, bool>> Rows => _types.Keys.SelectMany(code => new[] { false, true }.Select(isReference =>
        new TheoryDataRow<string, bool>(code, isReference) { TestDisplayName = $"{code}{(isReference ? " in a reference assembly" : "")}" }));

    [Theory, MemberData(nameof(Rows))]
    public async Task What_JSON_loses_of_a_type_of_another_assembly(string code, bool isReference)
    {
        var (type, problem) = _types[code];
        var library = Sources.Compile(new Setup { AssemblyName = "Lib" }, ("Lib.cs", $"namespace Lib; {code}"));
        using var image = new MemoryStream();
        var made = library.Emit(image, options: isReference ? new EmitOptions(metadataOnly: true, includePrivateMembers: false) : null, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(made.Success, string.Join("\n", made.Diagnostics));

        var setup = new Setup { References = [MetadataReference.CreateFromImage(image.ToArray())] };
        var app = Sources.Compile(setup, ("App.cs", $"using Lib; public static class S {{ [Cached(Ttl = 9, Tiers = \"disk\")] public static {type} M(int a) => Make(a); [NotInKey] static Func<int, {type}> Make = null!; }}"));
        Assert.DoesNotContain(app.GetDiagnostics(TestContext.Current.CancellationToken), static finding => finding.Severity == DiagnosticSeverity.Error);
        var found = (await AnalyzerRun.Of(setup, app)).Where(static diagnostic => diagnostic.Id == "MEMO1102").Select(static diagnostic => diagnostic.GetMessage(null)).ToList();
        if (problem is null)
            Assert.Empty(found);
        else
            Assert.Contains(problem, Assert.Single(found), StringComparison.Ordinal);
    }
}
