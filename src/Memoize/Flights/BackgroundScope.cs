namespace Memoize.Flights;

/// <summary>
/// What a load in the background has made for its own use, such as a scope of services: nobody else is there whose it could be. The
/// flight disposes it when the load has ended, before the value is published.
/// </summary>
internal sealed class BackgroundScope
{
    private readonly Stack<IAsyncDisposable> owned = [];

    /// <summary>Hands something over that is disposed at the end of the load; the last comes first.</summary>
    internal void Own(IAsyncDisposable disposable)
    {
        lock (owned)
            owned.Push(disposable);
    }

    /// <summary>Disposes all. Never throws: the value of the load is good whatever becomes of its tools.</summary>
    internal async Task EndAsync()
    {
        while (Next() is { } disposable)
        {
            try
            {
                await disposable.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // There is no caller who could be told.
            }
        }
    }

    private IAsyncDisposable? Next()
    {
        lock (owned)
            return owned.TryPop(out var next) ? next : null;
    }
}
