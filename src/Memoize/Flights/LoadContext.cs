using System.Diagnostics;

namespace Memoize.Flights;

/// <summary>
/// What a flow of execution carries while it loads: the flight, until that has ended. A flow that outlives its load, such as a timer
/// that the load has started, holds on to this small object only, and no longer belongs to a load.
/// </summary>
internal sealed class LoadScope
{
    internal volatile Flight? Flight;
}

/// <summary>
/// Runs the start of a load in the context of the caller, with the flight on record, and gives the caller its context back
/// unchanged: whatever the load writes into an <see cref="AsyncLocal{T}"/> stays in the load.
/// </summary>
internal readonly struct LoadContext
{
    private static readonly AsyncLocal<LoadScope?> Scope = new();

    private readonly ExecutionContext? before;
    private readonly LoadScope? outer;
    private readonly Activity? activity;

    private LoadContext(ExecutionContext? before, LoadScope? outer, Activity? activity)
    {
        this.before = before;
        this.outer = outer;
        this.activity = activity;
    }

    /// <summary>The load that the current flow belongs to, the innermost one, if it is still running.</summary>
    internal static Flight? Current => Scope.Value?.Flight;

    /// <summary>What the load that the current flow belongs to owns, if it runs in the background; otherwise null.</summary>
    internal static BackgroundScope? Background => Current?.Background;

    internal static LoadContext Enter(LoadScope scope)
    {
        var before = ExecutionContext.Capture();
        var context = new LoadContext(before, Scope.Value, before is null ? Activity.Current : null);
        Scope.Value = scope;
        return context;
    }

    internal void Exit()
    {
        if (before is not null)
        {
            ExecutionContext.Restore(before);
            return;
        }

        // The caller has suppressed the flow of its context.
        Scope.Value = outer;
        Activity.Current = activity;
    }
}
