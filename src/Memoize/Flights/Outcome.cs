using System.Runtime.ExceptionServices;

namespace Memoize.Flights;

/// <summary>How a load ended, for those who waited: a value, or the exception with the stack that it was thrown with.</summary>
internal sealed class Outcome<TValue>(TValue value, ExceptionDispatchInfo? failure)
{
    internal TValue Get()
    {
        failure?.Throw();
        return value;
    }
}
