using Memoize.Isolation;

namespace Memoize.Testing;

/// <summary>
/// Caches of its own for one test. From <see cref="Isolate()"/> to the end of the <see langword="using"/>, the current flow of
/// execution, with every task and thread that it starts, has its own entries, loads, statistics and clock for every cached method that it
/// reaches, through whatever door; tests that run at the same time see nothing of it.
/// </summary>
/// <remarks>
/// <para>Isolate in the test method itself, or in the constructor of the test class: what an <see langword="async"/> helper does to its
/// flow is gone when it returns. Work that does not come from the test, such as the requests of a server, is brought in with
/// <see cref="Enter"/>.</para>
/// <para>Isolations can be nested; the inner one hides the outer until it ends. Safe for use by many threads.</para>
/// </remarks>
public sealed class MemoTest : IDisposable
{
    private readonly CacheIsolation isolation;
    private readonly Recorder recorder;
    private readonly HashSet<CachedMethod> alwaysMissing = [];
    private volatile bool alwaysMiss;

    private MemoTest(TimeProvider time, Action<string>? log)
    {
        recorder = new(time.GetUtcNow(), log);
        isolation = CacheIsolation.Begin(time, recorder.Add, MustMiss);
    }

    /// <summary>Isolates the current flow, with a clock that stands still until <see cref="Advance"/>.</summary>
    /// <returns>Ends the isolation when disposed.</returns>
    public static MemoTest Isolate() => new(new TestClock(), null);

    /// <summary>Isolates the current flow.</summary>
    /// <param name="time">The clock, such as a <c>FakeTimeProvider</c> that the code under test shares; null for a new <see cref="TestClock"/>.</param>
    /// <param name="log">Gets a line for everything that happens in the caches, as it happens; a test framework's output, say.</param>
    /// <returns>Ends the isolation when disposed.</returns>
    public static MemoTest Isolate(TimeProvider? time, Action<string>? log = null) => new(time ?? new TestClock(), log);

    /// <summary>The clock of this isolation: hand it to code under test that takes a <see cref="TimeProvider"/>.</summary>
    public TimeProvider Time => isolation.TimeProvider;

    /// <summary>
    /// Whether results are remembered in this isolation, <see langword="true"/> at its start. While it is <see langword="false"/>, every
    /// call runs the original. The process, and its own <see cref="Memo.Enabled"/>, has no part in it.
    /// </summary>
    public bool Enabled
    {
        get => isolation.Enabled;
        set => isolation.Enabled = value;
    }

    /// <summary>
    /// Whether every call is a miss, although there may be an entry; <see langword="false"/> at the start. Other than with
    /// <see cref="Enabled"/> off, results are remembered, and callers wait for each other.
    /// </summary>
    public bool AlwaysMiss
    {
        get => alwaysMiss;
        set => alwaysMiss = value;
    }

    /// <summary>What has happened so far, in order: the last <see cref="Recorder.Kept"/> events.</summary>
    public IReadOnlyList<CacheEvent> Events => recorder.Snapshot();

    /// <summary>The same for people, one line for each event; what the messages of failed expectations end with.</summary>
    public string Transcript => recorder.ToString();

    /// <summary>
    /// Moves the clock: lifetimes end, stale windows open and close, timeouts come, all before this returns.
    /// </summary>
    /// <param name="time">How far.</param>
    /// <exception cref="InvalidOperationException">The isolation was given a clock of yours; move that.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public void Advance(TimeSpan time)
    {
        if (Time is not TestClock clock)
            throw new InvalidOperationException($"This isolation has the clock that it was given, a {Time.GetType().Name}; advance that one.");
        clock.Advance(time);
    }

    /// <summary>What the caches behind a handle have done in this isolation, and what is expected of them.</summary>
    /// <param name="handle">The handle of a method: <c>UserServiceCache.GetUser</c>.</param>
    /// <returns>A view that is always up to date.</returns>
    public MethodProbe Of(CacheHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new(this, handle.Methods);
    }

    /// <summary>What the caches of a method have done in this isolation, and what is expected of them.</summary>
    /// <param name="method">The method, for instance of <see cref="Memo.Caches"/>.</param>
    /// <returns>A view that is always up to date.</returns>
    public MethodProbe Of(CachedMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return new(this, [method]);
    }

    /// <summary>
    /// The key that a call has, without running the original: the call is followed until it reaches the cache of a cached method, and
    /// ends there. Two calls share an entry exactly if their keys are equal.
    /// </summary>
    /// <param name="call">One call: <c>() =&gt; users.GetUser(7)</c>. The task of an asynchronous one is not waited for.</param>
    /// <returns>Method and key; <see cref="CallKey.ToString"/> is <c>Shop.Users.GetUser(int) (id: 7)</c>.</returns>
    /// <exception cref="MemoTestException">The call reaches no cached method; perhaps it is made where it is not intercepted.</exception>
    public CallKey KeyOf(Action call) => CallKey.Of(call, Time);

    /// <inheritdoc cref="KeyOf(Action)"/>
    /// <typeparam name="T">The result, which nobody sees.</typeparam>
    public CallKey KeyOf<T>(Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return KeyOf(() => { _ = call(); });
    }

    /// <summary>Runs a call, and expects that it is answered with what is remembered.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="call">One call: <c>() =&gt; users.GetUser(7)</c>.</param>
    /// <returns>What the call returns.</returns>
    /// <exception cref="MemoTestException">It was a miss, or did not reach a cached method.</exception>
    public T ExpectHit<T>(Func<T> call) => Expecting(CacheEventKind.Hit).Run(call);

    /// <inheritdoc cref="ExpectHit{T}(Func{T})"/>
    public Task<T> ExpectHit<T>(Func<Task<T>> call) => Expecting(CacheEventKind.Hit).RunAsync(call);

    /// <inheritdoc cref="ExpectHit{T}(Func{T})"/>
    public Task<T> ExpectHit<T>(Func<ValueTask<T>> call) => Expecting(CacheEventKind.Hit).RunAsync(async () => await call().ConfigureAwait(false));

    /// <summary>Runs a call, and expects that nothing is remembered for it: that it loads, or waits for a load.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="call">One call: <c>() =&gt; users.GetUser(7)</c>.</param>
    /// <returns>What the call returns.</returns>
    /// <exception cref="MemoTestException">It was a hit, or did not reach a cached method.</exception>
    public T ExpectMiss<T>(Func<T> call) => Expecting(CacheEventKind.Miss).Run(call);

    /// <inheritdoc cref="ExpectMiss{T}(Func{T})"/>
    public Task<T> ExpectMiss<T>(Func<Task<T>> call) => Expecting(CacheEventKind.Miss).RunAsync(call);

    /// <inheritdoc cref="ExpectMiss{T}(Func{T})"/>
    public Task<T> ExpectMiss<T>(Func<ValueTask<T>> call) => Expecting(CacheEventKind.Miss).RunAsync(async () => await call().ConfigureAwait(false));

    /// <summary>
    /// Brings another flow in, such as a thread that was there before, or a request that a server handles:
    /// <c>app.Use(async (context, next) =&gt; { using (memo.Enter()) await next(context); });</c>
    /// </summary>
    /// <returns>Takes the flow out again when disposed, on the same flow.</returns>
    public IDisposable Enter() => isolation.Enter();

    /// <summary>
    /// Ends the isolation and throws its caches away; the flow has those again that it had before. What the test has left running
    /// runs uncached from now on.
    /// </summary>
    public void Dispose() => isolation.Dispose();

    /// <summary>The transcript.</summary>
    /// <returns><see cref="Transcript"/>.</returns>
    public override string ToString() => Transcript;

    internal void AlwaysMissOn(IEnumerable<CachedMethod> methods, bool miss)
    {
        lock (alwaysMissing)
        {
            foreach (var method in methods)
            {
                if (miss)
                    alwaysMissing.Add(method);
                else
                    alwaysMissing.Remove(method);
            }
        }
    }

    internal bool MustMiss(CachedMethod method)
    {
        if (alwaysMiss)
            return true;
        lock (alwaysMissing)
            return alwaysMissing.Contains(method);
    }

    internal MemoTestException Failure(string message, IReadOnlyCollection<CachedMethod>? methods = null)
        => new(message + Environment.NewLine + Environment.NewLine + recorder.Tell(methods));

    private CallExpectation Expecting(CacheEventKind kind) => new(this, kind);
}
