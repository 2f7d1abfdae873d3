using System.Diagnostics;

namespace Memoize.Flights;

/// <summary>A load under way, as far as its key and value do not matter: a node of the <see cref="WaitGraph"/>.</summary>
internal abstract class Flight
{
    internal readonly LoadScope Scope = new();

    /// <summary>The load within which this one was started, if any.</summary>
    internal readonly Flight? Parent;

    /// <summary>Whether the caller that started this load still waits for it.</summary>
    internal volatile bool ParentWaits = true;

    /// <summary>The loads within which callers wait for this one, besides <see cref="Parent"/>. Guarded by the wait graph.</summary>
    internal List<Flight>? Askers;

    /// <summary>What the load has made for its own use, if it runs in the background; otherwise null.</summary>
    internal BackgroundScope? Background { get; init; }

    /// <summary>What tracing knows of the load, if anybody listens.</summary>
    internal Activity? Activity { get; set; }

    protected Flight(Flight? parent)
    {
        Parent = parent;
        Scope.Flight = this;
    }

    /// <summary>Whether the load has not ended.</summary>
    internal bool IsRunning => Scope.Flight is not null;

    /// <summary>Method and key, for messages.</summary>
    public abstract override string ToString();
}
