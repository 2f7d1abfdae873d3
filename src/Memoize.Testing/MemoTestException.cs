namespace Memoize.Testing;

/// <summary>An expectation of a test was not met. The message says which, and what has happened instead.</summary>
public sealed class MemoTestException : Exception, IAssertionException
{
    /// <summary>An expectation was not met.</summary>
    public MemoTestException()
        : this("An expectation on a cache was not met.")
    {
    }

    /// <summary>An expectation was not met.</summary>
    /// <param name="message">Which, and what has happened instead.</param>
    public MemoTestException(string message)
        : base(message)
    {
    }

    /// <summary>An expectation was not met.</summary>
    /// <param name="message">Which, and what has happened instead.</param>
    /// <param name="innerException">Why.</param>
    public MemoTestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>xunit takes an exception for a failed assertion, and not for an error, if it has an interface of this name.</summary>
internal interface IAssertionException;
