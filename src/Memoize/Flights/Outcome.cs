using System.Runtime.ExceptionServices;
using Memoize.Batches;

namespace Memoize.Flights;

/// <summary>How a load ended, for those who waited: a value, or the exception with the stack that it was thrown with.</summary>
internal sealed class Outcome<TValue>(TValue value, ExceptionDispatchInfo? failure)
{
    internal TValue Get()
    {
        failure?.Throw();
        return value;
    }

    /// <summary>The same for one of several keys.</summary>
    /// <returns>The failure, if it is one.</returns>
    internal ExceptionDispatchInfo? TryGet(out BatchAnswer<TValue> answer)
    {
        answer = new(failure is null, value);
        return failure;
    }
}
