using System.Text;
using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>What keys are called in Redis. Values begin with the prefix; leases begin with a brace, which no prefix does.</summary>
/// <remarks>
/// A lease must be in the slot of its value, or no script could see both in a cluster. The slot is that of the text between the first
/// brace and the next closing one, if there is any, or else of the whole key:
/// <list type="bullet">
/// <item><c>memoize:user:42</c> has the lease <c>{memoize:user:42}:lease</c>,</item>
/// <item><c>memoize:{user}:42</c> has the lease <c>{user}:lease:memoize:{user}:42</c>,</item>
/// <item><c>memoize:odd}key</c> cannot stand between braces: its lease is <c>{…}:lease:memoize:odd}key</c> with another text of the same slot.</item>
/// </list>
/// </remarks>
internal sealed class RedisKeys(string prefix)
{
    private const string Mark = "}:lease";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RedisKey beginning = Encoding.UTF8.GetBytes(prefix);

    internal string Value(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Check(key);
        return prefix + key;
    }

    /// <summary>The same without another string.</summary>
    internal RedisKey Of(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Check(key);
        return new RedisKey(key).Prepend(beginning);
    }

    internal static string Lease(string value)
    {
        var open = value.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : value.IndexOf('}', open);
        if (close > open + 1)
            return $"{value.AsSpan(open, close - open)}{Mark}:{value}";
        return value.Contains('}', StringComparison.Ordinal)
            ? $"{{{HashSlot.Name(HashSlot.Of(value))}{Mark}:{value}"
            : $"{{{value}{Mark}";
    }

    /// <summary>A pattern of SCAN that finds at least all values and leases of keys that begin with this.</summary>
    internal string Pattern(string beginning)
    {
        var pattern = new StringBuilder("*");
        foreach (var c in prefix + beginning)
        {
            if (c is '*' or '?' or '[' or ']' or '\\' or '^')
                pattern.Append('\\');
            pattern.Append(c);
        }
        return pattern.Append('*').ToString();
    }

    /// <summary>Whether a key that was found by the pattern is such a value or lease, and nobody else's.</summary>
    internal bool IsOurs(string found, string beginning)
    {
        var start = prefix + beginning;
        if (found.StartsWith(start, StringComparison.Ordinal))
            return true;
        if (!found.StartsWith('{'))
            return false;
        var mark = found.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0)
            return false;
        var rest = found.AsSpan(mark + Mark.Length);
        var value = rest.IsEmpty ? found[1..mark] : rest[1..].ToString();
        return value.StartsWith(start, StringComparison.Ordinal) && Lease(value) == found;
    }

    // Half a surrogate pair has no bytes: all such keys would be one.
    private static void Check(string key)
    {
        if (key.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return;
        try
        {
            Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("The key contains half a surrogate pair, which Redis cannot tell from any other.", nameof(key), exception);
        }
    }
}
