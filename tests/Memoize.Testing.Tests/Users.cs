namespace Memoize.Testing.Tests;

public interface IUserTable
{
    string Read(int id);
}

/// <summary>A table that counts how often it is read.</summary>
public sealed class FakeTable : IUserTable
{
    private int reads;

    public int Reads => Volatile.Read(ref reads);

    public string Read(int id) => $"user {id}, read {Interlocked.Increment(ref reads)}";
}

public sealed class Users(IUserTable table)
{
    [Cached(Ttl = 60)]
    public string Get(int id) => table.Read(id);

    [Cached(Ttl = 60)]
    public async Task<string> GetAsync(int id, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return table.Read(id);
    }

    public string GetUncached(int id) => table.Read(id);
}

public sealed class Greeter(string greeting)
{
    [Cached(PerInstance = true)]
    public string Greet(string name) => $"{greeting}, {name}";
}
