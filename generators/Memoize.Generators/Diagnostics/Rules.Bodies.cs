using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What bodies read and write besides their parameters.
internal static partial class Rules
{
    /// <summary>A clock, a random value, the environment.</summary>
    public static readonly DiagnosticDescriptor ClockOrChance = Warning(
        "MEMO0501",
        "The result depends on the clock, on chance or on the environment",
        "'{0}' reads {1}, which is something else the next time, while the first result is remembered: {2}");

    /// <summary>The user, the tenant, the request, the thread.</summary>
    public static readonly DiagnosticDescriptor Caller = Error(
        "MEMO0502",
        "The result depends on who is calling",
        "'{0}' reads {1}, which belongs to the caller and is not in the key, so one caller gets what was remembered for another: take the user or tenant as a parameter{2}");

    /// <summary>The current culture, named.</summary>
    public static readonly DiagnosticDescriptor Culture = Warning(
        "MEMO0503",
        "The result depends on the current culture",
        "'{0}' reads {1}, which is not in the key, so callers of another culture get this one's result: take the name of the culture as a parameter, or use CultureInfo.InvariantCulture{2}");

    /// <summary>A static member that can change.</summary>
    public static readonly DiagnosticDescriptor StaticState = Warning(
        "MEMO0504",
        "The result depends on static state that can change",
        "'{0}' reads {1}, which can change without the remembered results: {2}");

    /// <summary>A side effect.</summary>
    public static readonly DiagnosticDescriptor LostWrite = Warning(
        "MEMO0505",
        "A call that is answered from the cache does not repeat this change",
        "'{0}' {1}, and a call that is answered from the cache does not: return the value, or make the change where the method is called");

    /// <summary>Less work than a lookup.</summary>
    public static readonly DiagnosticDescriptor CheapWork = Info(
        "MEMO0506",
        "Computing this takes less time than looking it up",
        "'{0}' only calculates with its arguments, which takes less time than looking up a remembered result: remove [Cached]");

    /// <summary>The current culture, unnamed.</summary>
    public static readonly DiagnosticDescriptor ImplicitCulture = Info(
        "MEMO0507",
        "The result depends on the current culture without saying so",
        "'{0}' uses {1}, which looks at the current culture, and that is not in the key: pass CultureInfo.InvariantCulture or StringComparison.Ordinal, or take the name of the culture as a parameter{2}");

    /// <summary>A call that waits for itself.</summary>
    public static readonly DiagnosticDescriptor SameKey = Error(
        "MEMO0601",
        "A cached method calls itself with its own key",
        "'{0}' calls itself with the key that is being computed, so the call would wait for its own result and throws an InvalidOperationException: pass another argument, or move the code that is run again into a method without [Cached]");

    /// <summary>Calls in a circle that wait for themselves.</summary>
    public static readonly DiagnosticDescriptor SameKeyInCircle = Warning(
        "MEMO0602",
        "A cached method calls itself with its own key, through others",
        "'{0}' is called again by {1} with the key that is being computed, so where these calls are all made, it would wait for its own result and throws an InvalidOperationException: pass another argument, or move the work that is needed on both sides into a method without [Cached]");
}
