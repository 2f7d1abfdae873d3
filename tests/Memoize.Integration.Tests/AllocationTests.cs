using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Memoize.Integration.Tests;

/// <summary>A hit allocates nothing, measured through the generated code.</summary>
public class AllocationTests
{
    private const int Hits = 10_000;

    private static readonly Task<int> _done = Task.FromResult(1);

    [Fact]
    public void A_hit_on_a_number_allocates_nothing() => AssertNoAllocation(static () => Number(1));

    [Fact]
    public void A_hit_on_a_text_allocates_nothing() => AssertNoAllocation(static () => Text("text"));

    [Fact]
    public void A_hit_on_two_fields_allocates_nothing() => AssertNoAllocation(static () => Both(1, "text"));

    [Fact]
    public void A_hit_on_a_tuple_allocates_nothing() => AssertNoAllocation(static () => Pair((1, "text")));

    [Fact]
    public void A_hit_on_a_tuple_that_is_a_class_allocates_nothing()
    {
        var pair = Tuple.Create(1, "text");
        AssertNoAllocation(() => Pair(pair));
    }

    [Fact]
    public void A_hit_on_a_tuple_in_the_place_of_a_type_parameter_allocates_nothing()
    {
        AssertNoAllocation(static () => Any((1, "text")));
        AssertNoAllocation(static () => Any((1, (0.5, DateTime.UnixEpoch, "text"))));
        AssertNoAllocation(static () => AnyOrNull<Half>(Half.One));
    }

    [Fact]
    public void A_hit_on_a_span_allocates_nothing() => AssertNoAllocation(static () => Span("a long text".AsSpan(2, 4)));

    [Fact]
    public void A_hit_on_a_long_span_allocates_nothing()
    {
        var text = new string('x', 100_000);
        AssertNoAllocation(() => Span(text));
        AssertNoAllocation(() => Spans(text, text.AsSpan(1)));
    }

    [Fact]
    public void A_hit_on_a_collection_allocates_nothing()
    {
        int[] array = [1, 2, 3];
        AssertNoAllocation(() => Array(array));
        AssertNoAllocation(() => Sequence(array));
        var list = new List<string> { "a", "b" };
        AssertNoAllocation(() => List(list));
        AssertNoAllocation(() => Sequence(new ReadOnlyCollection<int>(array)), perHit: 24);
        AssertNoAllocation(() => Immutable([.. array]), perHit: 40);
        var set = new HashSet<string>(list);
        AssertNoAllocation(() => Set(set));
        var map = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 };
        AssertNoAllocation(() => Map(map, list));
        var many = Enumerable.Range(0, 50_000).ToList();
        AssertNoAllocation(() => Sequence(many), hits: 200);
    }

    [Fact]
    public void A_hit_on_a_value_result_allocates_nothing() => AssertNoAllocation(static () => Value(1).Hour);

    [Fact]
    public void A_hit_on_a_task_allocates_nothing() => AssertNoAllocation(static () => Async(1).Result);

#pragma warning disable CA2012 // A hit is a completed value task.
    [Fact]
    public void A_hit_on_a_value_task_allocates_nothing() => AssertNoAllocation(static () => ValueAsync(1).GetAwaiter().GetResult());
#pragma warning restore CA2012

    [Fact]
    public void A_hit_with_a_lifetime_allocates_nothing() => AssertNoAllocation(static () => Timed(1, "text"));

    [Fact]
    public void A_hit_in_an_lfu_cache_allocates_nothing() => AssertNoAllocation(static () => Frequent(1));

    [Fact]
    public void A_hit_on_an_instance_allocates_nothing()
    {
        var instance = new Instance();
        AssertNoAllocation(() => instance.Number(1));
        AssertNoAllocation(() => instance.Own(1));
    }

    [Fact]
    public void A_hit_on_an_instance_with_collections_allocates_nothing()
    {
        var instance = new Holder();
        AssertNoAllocation(() => instance.Of(1));
        AssertNoAllocation(() => instance.Both([]));
    }

    private static void AssertNoAllocation(Func<int> call, int perHit = 0, int hits = Hits)
    {
        // The first calls load, and let the runtime finish with what it compiles in tiers.
        for (var i = 0; i < 1000; i++)
            call();

        // A background thread of the runtime cannot add to this thread's count, so the smallest of a few trials is exact.
        var allocated = long.MaxValue;
        for (var trial = 0; trial < 5 && allocated > 0; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < hits; i++)
                call();
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // The LFU's buffers are drained now and then; per hit that is nothing.
        Assert.InRange(allocated - (perHit * (long)hits), 0, hits / 10);
    }

    [Cached]
    internal static int Number(int a) => a;

    [Cached]
    internal static int Text(string a) => a.Length;

    [Cached]
    internal static int Both(int a, string b) => a + b.Length;

    [Cached]
    internal static int Pair((int Number, string Text) a) => a.Number + a.Text.Length;

    [Cached]
    internal static int Pair(Tuple<int, string> a) => a.Item1 + a.Item2.Length;

    [Cached]
    internal static int Any<T>(T a)
        where T : IEquatable<T> => 1;

    [Cached]
    internal static int AnyOrNull<T>(T? a)
        where T : struct, IEquatable<T> => 1;

    [Cached]
    internal static int Span(ReadOnlySpan<char> a) => a.Length;

    [Cached]
    internal static int Spans(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.Length + b.Length;

    [Cached]
    internal static int Array([CacheKey(Structural = true)] int[] a) => a.Length;

    [Cached]
    internal static int Sequence([CacheKey(Structural = true)] IReadOnlyList<int> a) => a.Count;

    [Cached]
    internal static int List([CacheKey(Structural = true)] IList<string> a) => a.Count;

    [Cached]
    internal static int Immutable([CacheKey(Structural = true)] ImmutableArray<int> a) => a.Length;

    [Cached]
    internal static int Set([CacheKey(Structural = true)] IReadOnlySet<string> a) => a.Count;

    [Cached]
    internal static int Map([CacheKey(Structural = true)] Dictionary<string, int> a, [CacheKey(Structural = true)] List<string> b) => a.Count + b.Count;

    [Cached]
    internal static DateTime Value(int a) => new(2024, 1, 1, a, 0, 0, DateTimeKind.Utc);

    [Cached]
    internal static Task<int> Async(int a) => _done;

    [Cached]
    internal static ValueTask<int> ValueAsync(int a) => new(a);

    [Cached(Ttl = 300, MaxSize = 1000, Sliding = 100)]
    internal static int Timed(int a, string b) => a + b.Length;

    [Cached(Eviction = Eviction.Lfu)]
    internal static int Frequent(int a) => a;

    internal sealed class Holder
    {
        [CacheKey(Structural = true)]
        private readonly List<string> names = ["a", "b"];

        [CacheKey(Structural = true)]
        private readonly Dictionary<string, int> numbers = new() { ["a"] = 1 };

        [Cached]
        public int Of(int a) => a + this.names.Count;

        [Cached]
        public int Both([CacheKey(Structural = true)] int[] a) => a.Length + this.names.Count + this.numbers.Count;
    }

    internal sealed class Instance
    {
        [Cached]
        public int Number(int a) => a;

        [Cached(PerInstance = true)]
        public int Own(int a) => a;
    }
}
