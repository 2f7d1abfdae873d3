namespace Memoize.Tests.Model;

internal enum Act
{
    Call,
    Refresh,
    Complete,
    Fail,
    Cancel,
    Evict,
    Set,
    Clear,
    EvictTag,
    BeginUpdate,
    EndUpdate,
    Wait,
}

/// <summary>One step of a story about a cache.</summary>
/// <param name="Act">What happens.</param>
/// <param name="Key">To which key, where that matters.</param>
/// <param name="Pick">Which of the running loads, cancellable callers or open updates, where that matters.</param>
/// <param name="HasToken">Whether the caller can leave.</param>
/// <param name="Blocks">Whether the caller is a thread rather than a task.</param>
internal sealed record Operation(Act Act, int Key, int Pick, bool HasToken, bool Blocks);
