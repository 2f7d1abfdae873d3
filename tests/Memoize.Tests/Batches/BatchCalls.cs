namespace Memoize.Tests.Batches;

/// <summary>What generated code does for a batch method, and a source that counts what it is asked for.</summary>
internal sealed class BatchCalls(MethodCache<int, string> cache, bool nullIsAbsent = false)
{
    public const string Name = "Shop.Store.GetMany(int[])";

    public List<int[]> Asked { get; } = [];

    /// <summary>What has been loaded, call by call.</summary>
    public string Loads
    {
        get
        {
            lock (Asked)
                return string.Join(" ", Asked.Select(ids => string.Join(",", ids)));
        }
    }

    public IReadOnlyDictionary<int, string> Load(int[] ids, CancellationToken token)
    {
        lock (Asked)
            Asked.Add(ids);
        return ids.Where(id => id >= 0).ToDictionary(id => id, id => $"value {id}");
    }

    public IReadOnlyList<string> LoadList(int[] ids, CancellationToken token) => [.. Load(ids, token).Values];

    public Dictionary<int, string> Get(params int[] ids) => Get(ids, Load);

    public Dictionary<int, string> Get(int[] ids, Func<int[], CancellationToken, IReadOnlyDictionary<int, string>> load, CancellationToken cancellationToken = default)
    {
        var batch = Begin(ids);
        if (!batch.IsComplete)
            batch.Load(load, cancellationToken);
        return batch.Result;
    }

    public Task<Dictionary<int, string>> GetAsync(params int[] ids) => GetAsync(ids, (missing, token) => Task.FromResult(Load(missing, token)));

    public async Task<Dictionary<int, string>> GetAsync(
        int[] ids, Func<int[], CancellationToken, Task<IReadOnlyDictionary<int, string>>> load, CancellationToken cancellationToken = default)
    {
        var batch = Begin(ids);
        if (!batch.IsComplete)
            await batch.LoadAsync(load, cancellationToken);
        return batch.Result;
    }

    public List<string> List(params int[] ids) => List(ids, LoadList);

    public List<string> List(int[] ids, Func<int[], CancellationToken, IReadOnlyList<string>> load)
    {
        var batch = new ListBatch<int, int, string>(cache, Name);
        foreach (var id in ids)
            batch.Add(id, id);
        if (!batch.IsComplete)
            batch.Load(load);
        return batch.Result;
    }

    private DictionaryBatch<int, int, string> Begin(int[] ids)
    {
        var batch = new DictionaryBatch<int, int, string>(cache, Name, nullIsAbsent);
        foreach (var id in ids)
            batch.Add(id, id);
        return batch;
    }
}
