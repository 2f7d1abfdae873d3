using Memoize;

static class Wrong
{
    // A key that compares by reference, and a result that depends on the clock.
    [Cached]
    public static int Length(List<int> numbers) => numbers.Count;

    [Cached]
    public static string Now(int id) => $"{id} at {DateTime.Now}";

    // A delegate slips past the plain door.
    public static Func<decimal, string, decimal> Door => Prices.Gross;
}
