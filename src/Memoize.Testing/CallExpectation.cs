using Memoize.Isolation;

namespace Memoize.Testing;

/// <summary>Runs one call, and looks at how it was answered.</summary>
internal sealed class CallExpectation(MemoTest memo, CacheEventKind expected)
{
    private readonly List<CacheEvent> events = [];

    public T Run<T>(Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        T result;
        using (memo.Enter())
        using (Recorder.Begin(events))
            result = call();
        Check();
        return result;
    }

    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        T result;
        using (memo.Enter())
        using (Recorder.Begin(events))
            result = await call().ConfigureAwait(false);
        Check();
        return result;
    }

    // The first answer is that of the call; others are given inside of it.
    private void Check()
    {
        CacheEvent? answer;
        lock (events)
            answer = events.Find(static e => e.Kind is CacheEventKind.Hit or CacheEventKind.Miss or CacheEventKind.Bypass);
        if (answer is null)
            throw memo.Failure($"Expected a {Word(expected)}, but the call did not reach a cached method. Perhaps it is made where it is not intercepted.");
        if (answer.Kind != expected)
            throw memo.Failure($"{answer.Method.Name}: expected a {Word(expected)} for ({CallKey.TextOf(answer.Key)}), but it was a {Word(answer.Kind)}.", [answer.Method]);
    }

    private static string Word(CacheEventKind kind) => kind.ToString().ToLowerInvariant();
}
