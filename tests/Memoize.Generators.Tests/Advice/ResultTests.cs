namespace Memoize.Generators.Tests.Advice;

/// <summary>MEMO0202 and MEMO0203: what one caller could change for all others.</summary>
public sealed class ResultTests
{
    static AdviceCase Returns(string type, string rule, params string[] expected) => new(
        $"{rule}: {type}",
        rule,
        $$"""
        #nullable disable
        using System.Collections.Concurrent;
        using System.Collections.Frozen;
        using System.Collections.Immutable;
        using System.Collections.ObjectModel;
        public static class S { [Cached] public static {{type}} M(int a) => default; }
        public sealed class Dto { public int Id { get; set; } }
        public class Base { public string Text; }
        public sealed class Derived : Base { public int Id { get; init; } }
        public sealed record Fixed(int Id, string Name);
        public sealed record Loose { public int Id { get; set; } }
        public sealed class Closed { public int Id { get; private set; } }
        public struct Copied { public int Id { get; set; } }
        public sealed class Names : List<string>;
        public sealed record Download(string Name, System.IO.Stream Content);
        public sealed record Envelope(int Id, Download Attached);
        public sealed record Page(int Total, IEnumerable<int> Items);
        """,
        expected);

    static readonly AdviceCase[] _cases =
    [
        Returns("int[]", "MEMO0202", "the same int[], and what one of them changes, the others see: return IReadOnlyList<int> or ImmutableArray<int> instead"),
        Returns("byte[]", "MEMO0202", "ReadOnlyMemory<byte>"),
        Returns("int[,]", "MEMO0202", "an immutable type"),
        Returns("List<string>", "MEMO0202", "IReadOnlyList<string>"),
        Returns("Task<List<string>>", "MEMO0202", "IReadOnlyList<string>"),
        Returns("ValueTask<string[]>", "MEMO0202", "IReadOnlyList<string>"),
        Returns("IList<int>", "MEMO0202", "IReadOnlyList<int>"),
        Returns("ICollection<int>", "MEMO0202", "IReadOnlyCollection<int>"),
        Returns("HashSet<int>", "MEMO0202", "FrozenSet<int>"),
        Returns("Dictionary<string, int>", "MEMO0202", "FrozenDictionary<string, int>"),
        Returns("IDictionary<string, int>", "MEMO0202", "IReadOnlyDictionary<string, int>"),
        Returns("ConcurrentDictionary<string, int>", "MEMO0202", "IReadOnlyDictionary<string, int>"),
        Returns("ObservableCollection<int>", "MEMO0202", "IReadOnlyList<int>"),
        Returns("(int Count, List<int> Items)", "MEMO0202", "the same List<int>"),
        Returns("Names", "MEMO0202", "the same Names, and what one of them changes, the others see: return IReadOnlyList<string> or ImmutableArray<string>"),
        Returns("Memory<byte>", "MEMO0202", "ReadOnlyMemory<byte> or ImmutableArray<byte>"),
        Returns("ArraySegment<int>", "MEMO0202", "ReadOnlyMemory<int> or ImmutableArray<int>"),
        Returns("ConcurrentStack<int>", "MEMO0202", "IReadOnlyCollection<int>"),
        Returns("System.Collections.Hashtable", "MEMO0202", "a generic collection in its read-only form"),
        Returns("System.Collections.Specialized.NameValueCollection", "MEMO0202", "IReadOnlyDictionary<string, string>"),
        Returns("System.Text.Json.Nodes.JsonObject", "MEMO0202", "return JsonElement"),
        Returns("System.Dynamic.ExpandoObject", "MEMO0202", "an immutable type of your own"),
        Returns("IReadOnlyList<int[]>", "MEMO0202", "the same int[]"),
        Returns("IReadOnlyDictionary<string, List<int>>", "MEMO0202", "the same List<int>"),
        Returns("ImmutableArray<int>?", "MEMO0202"),
        Returns("IReadOnlyList<int>", "MEMO0202"),
        Returns("ImmutableList<string>", "MEMO0202"),
        Returns("FrozenDictionary<string, int>", "MEMO0202"),
        Returns("IReadOnlyDictionary<string, IReadOnlyList<int>>", "MEMO0202"),
        Returns("ReadOnlyCollection<int>", "MEMO0202"),
        Returns("string", "MEMO0202"),
        Returns("ReadOnlyMemory<byte>", "MEMO0202"),

        Returns("Dto", "MEMO0203", "the same Dto, and 'Dto.Id' can be set"),
        Returns("Task<Dto>", "MEMO0203", "Dto.Id"),
        Returns("IReadOnlyList<Dto>", "MEMO0203", "Dto.Id"),
        Returns("Derived", "MEMO0203", "Base.Text"),
        Returns("Loose", "MEMO0203", "Loose.Id"),
        Returns("ImmutableArray<int>.Builder", "MEMO0203", "Builder.Capacity"),
        Returns("(int, Dto)", "MEMO0203", "Dto.Id"),
        Returns("List<Dto>", "MEMO0203"),
        Returns("Fixed", "MEMO0203"),
        Returns("Closed", "MEMO0203"),
        Returns("Copied", "MEMO0203"),
        Returns("Copied?", "MEMO0203"),
        Returns("string", "MEMO0203"),
        Returns("Uri", "MEMO0203"),
        Returns("Version", "MEMO0203"),
        Returns("IComparable", "MEMO0203"),

        Returns("(int, System.IO.Stream)", "MEMO0201", "inside of '(int, Stream)', 'Stream' is disposable") with { Refuses = true },
        Returns("IReadOnlyList<System.IO.Stream>", "MEMO0201", "inside of 'IReadOnlyList<Stream>', 'Stream' is disposable") with { Refuses = true },
        Returns("IReadOnlyDictionary<int, Lazy<int>>", "MEMO0201", "'Lazy<int>' may be lazy") with { Refuses = true },
        Returns("(int Total, IEnumerable<int> Items)", "MEMO0201", "'IEnumerable<int>' may be lazy") with { Refuses = true },
        Returns("Task<IReadOnlyList<Task<int>>>", "MEMO0201", "'Task<int>' is a running operation") with { Refuses = true },
        Returns("Download", "MEMO0201", "Download.Content is 'Stream', which only one caller can read") with { Refuses = true },
        Returns("Envelope", "MEMO0201", "Envelope.Attached.Content is 'Stream'") with { Refuses = true },
        Returns("IReadOnlyList<Fixed>", "MEMO0201"),
        Returns("(int, string)?", "MEMO0201"),
        Returns("Page", "MEMO0201"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => AdviceCase.Names(_cases);

    [Theory, MemberData(nameof(Rows))]
    public Task What_callers_share(string name) => AdviceCase.Verify(_cases, name);
}
