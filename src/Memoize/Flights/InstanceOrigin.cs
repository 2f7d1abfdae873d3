using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Flights;

/// <summary>Where instances came from: a container, and how it gives another one of the same kind.</summary>
/// <param name="scopes">Opens scopes in the container.</param>
/// <param name="resolve">Gives the instance of a scope.</param>
/// <param name="disposesInstance">Whether the scope does not know of the instance, so that whoever asks for it disposes it.</param>
internal sealed class InstanceOrigin(IServiceScopeFactory scopes, Func<IServiceProvider, object> resolve, bool disposesInstance)
{
    /// <summary>An instance for one load, which owns it together with its scope.</summary>
    /// <exception cref="BackgroundSkippedException">The container is disposed.</exception>
    internal T Resolve<T>(T self, BackgroundScope background)
        where T : class
    {
        object instance;
        try
        {
            var scope = scopes.CreateAsyncScope();
            background.Own(scope);
            instance = resolve(scope.ServiceProvider);
        }
        catch (ObjectDisposedException e)
        {
            throw new BackgroundSkippedException("The container of the instance is disposed.", e);
        }

        if (disposesInstance)
            Own(instance, background);
        return instance as T ?? throw new InvalidOperationException(
            $"A load in the background needs a {self.GetType().Name} of its own, and its scope gave a {instance?.GetType().Name ?? "null"}.");
    }

    private static void Own(object instance, BackgroundScope background)
    {
        if (instance is IAsyncDisposable asynchronous)
            background.Own(asynchronous);
        else if (instance is IDisposable disposable)
            background.Own(new Synchronous(disposable));
    }

    private sealed class Synchronous(IDisposable disposable) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            disposable.Dispose();
            return default;
        }
    }
}

/// <summary>There is no instance for a load in the background, so it does not run; no caller ever sees this.</summary>
internal sealed class BackgroundSkippedException(string message, Exception? inner) : Exception(message, inner);
