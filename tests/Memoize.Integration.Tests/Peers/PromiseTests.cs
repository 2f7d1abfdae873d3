using System.Reflection;

namespace Memoize.Integration.Tests.Peers;

/// <summary>Every line of the peers' feature lists is a test, or a line of the comparison that says why it is absent.</summary>
public sealed class PromiseTests
{
    private const string Absent = "## What is absent, and why";

    private static readonly string[] _page = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "docs", "comparison.md"));

    public static TheoryData<string> Peers() => [.. Promise.Tests.Keys];

    [Theory]
    [MemberData(nameof(Peers))]
    public void Every_promise_that_is_kept_has_its_test_and_every_test_its_promise(string peer)
    {
        var tests = Promise.Tests[peer].GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null }).Select(method => method.Name);
        var named = Promise.All.Where(promise => promise.Peer == peer && promise.Test is not null).Select(promise => promise.Test!);
        Assert.Equal(tests.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public void The_comparison_says_where_every_promise_is_kept(string peer)
        => Assert.Equal(
            Promise.All.Where(promise => promise.Peer == peer && promise.Test is not null).Select(promise => promise.Name).Order(StringComparer.Ordinal),
            Rows($"### {(peer == "cached" ? "cached (Rust)" : peer)}").Select(row => row[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void The_comparison_says_why_every_other_promise_is_absent()
    {
        Assert.Equal(
            Promise.All.Where(promise => promise.Test is null).Select(promise => $"{promise.Peer}: {promise.Name}").Order(StringComparer.Ordinal),
            Rows(Absent).Select(row => $"{row[1]}: {row[0]}").Order(StringComparer.Ordinal));
        Assert.All(Rows(Absent), row => Assert.True(row[2].Length > 15, $"{row[0]}: why?"));
    }

    // The cells of the table below a heading.
    private static List<string[]> Rows(string heading)
        => [.. _page.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
            .Select(line => line.Trim('|', ' ').Split(" | "))];
}
