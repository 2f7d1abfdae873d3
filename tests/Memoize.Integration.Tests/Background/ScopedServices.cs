namespace Memoize.Integration.Tests.Background;

/// <summary>Stands for a <c>DbContext</c>: of one scope, and of no use when that is over.</summary>
public sealed class Db(Connections connections, Tenant tenant) : IDisposable
{
    private volatile bool disposed;

    public Task<string> ReadAsync(int id)
    {
        connections.Uses.Enqueue(this);
        ObjectDisposedException.ThrowIf(disposed, this);
        return connections.AnswerAsync($"{tenant.Id}{id}");
    }

    public string Read(int id) => ReadAsync(id).GetAwaiter().GetResult();

    public void Dispose()
    {
        disposed = true;
        connections.Disposed.Enqueue(this);
    }
}

/// <summary>What the tests see of all scopes.</summary>
public sealed class Connections
{
    private TaskCompletionSource? gate;
    private int answers;

    public System.Collections.Concurrent.ConcurrentQueue<Db> Uses { get; } = [];

    public System.Collections.Concurrent.ConcurrentQueue<Db> Disposed { get; } = [];

    /// <summary>Holds up all answers from now on.</summary>
    public TaskCompletionSource Hold() => gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<string> AnswerAsync(string question)
    {
        var number = Interlocked.Increment(ref answers);
        if (gate is { } held)
            await held.Task;
        return $"{question}:{number}";
    }
}

/// <summary>A generic interface with a decorator.</summary>
public interface IStore<T>
    where T : class
{
    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    Task<string> GetAsync(int id);
}

/// <summary>What stands behind it.</summary>
public class Store<T>(Db db) : IStore<T>
    where T : class
{
    public Task<string> GetAsync(int id) => db.ReadAsync(id);
}

/// <summary>A closed one.</summary>
public sealed class TextStore(Db db) : Store<string>(db);

/// <summary>Of a scope, and different in each.</summary>
public sealed class Tenant
{
    public string Id { get; set; } = "";
}

public interface IStore
{
    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    Task<string> GetAsync(int id);

    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    string Get(int id);
}

public sealed class Store(Db db) : IStore
{
    public Task<string> GetAsync(int id) => db.ReadAsync(id);

    public string Get(int id) => db.Read(id);
}

public sealed class PlainStore(Db db)
{
    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    public Task<string> GetAsync(int id) => db.ReadAsync(id);

    [Cached(Ttl = 10, RefreshAhead = 0.5)]
    public string Get(int id) => db.Read(id);

    [CachedBatch(nameof(GetAsync))]
    public async Task<IReadOnlyDictionary<int, string>> GetManyAsync(IReadOnlyCollection<int> ids)
    {
        var found = new Dictionary<int, string>();
        foreach (var id in ids)
            found[id] = await db.ReadAsync(id);
        return found;
    }
}

public interface IPartialStore
{
    Task<string> GetAsync(int id);
}

/// <summary>Disposable itself.</summary>
public sealed partial class PartialStore(Db db) : IPartialStore, IDisposable
{
    public int Disposals { get; private set; }

    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    public partial Task<string> GetAsync(int id);

    private Task<string> GetAsyncCore(int id) => db.ReadAsync(id);

    public void Dispose() => Disposals++;
}

/// <summary>The instance takes part in the key.</summary>
public sealed class TenantStore(Db db, Tenant tenant)
{
    [CacheKey]
    private string Tenant { get; } = tenant.Id;

    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    public Task<string> GetAsync(int id) => Tenant.Length > 2 ? throw new InvalidOperationException() : db.ReadAsync(id);
}

/// <summary>Of an open registration: it says itself where it came from.</summary>
public sealed class Repository<T>
    where T : class
{
    private readonly Db db;

    public Repository(Db db, Microsoft.Extensions.DependencyInjection.IServiceScopeFactory scopes)
    {
        this.db = db;
        BackgroundLoad.UseScopes(this, scopes);
    }

    [Cached(Ttl = 10, StaleWhileRevalidate = 1000)]
    public Task<string> GetAsync(int id) => db.ReadAsync(id);
}
