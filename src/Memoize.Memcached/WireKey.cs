using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Memoize.Memcached;

/// <summary>
/// A key as the server sees it: at most 248 bytes of UTF-8 (the limit is 250; two are for the key of a lease on it), without spaces and
/// control characters, which are escaped with a percent sign as in URLs. A longer one ends with a hash of 128 bits instead, and the
/// whole key is stored beside the value and compared.
/// </summary>
internal static class WireKey
{
    private const int Longest = 248;
    private const int HashLength = 22;

    // After a percent sign that escapes, two hexadecimal digits or 'u' follow. These are the other uses.
    private static ReadOnlySpan<byte> HashMark => "%#"u8;

    private static ReadOnlySpan<byte> LeaseMark => "%!"u8;

    private static ReadOnlySpan<byte> Nothing => "%-"u8;

    /// <summary>The key on the wire.</summary>
    /// <param name="key">The prefix and the user's key.</param>
    /// <param name="isHashed">Whether it is no more than a hash, so that two keys may share it.</param>
    public static byte[] Of(string key, out bool isHashed)
    {
        isHashed = false;
        if (key.Length <= Longest && IsPlain(key))
            return key.Length == 0 ? Nothing.ToArray() : Encoding.ASCII.GetBytes(key);

        var escaped = Escape(key);
        if (escaped.Length <= Longest)
            return escaped;

        isHashed = true;
        var start = Longest - HashMark.Length - HashLength;
        // Not in the middle of a character, so that it stays readable.
        while ((escaped[start] & 0xC0) == 0x80)
            start--;
        var hashed = new byte[start + HashMark.Length + HashLength];
        escaped.AsSpan(0, start).CopyTo(hashed);
        HashMark.CopyTo(hashed.AsSpan(start));
        WriteHash(key, hashed.AsSpan(start + HashMark.Length));
        return hashed;
    }

    /// <summary>The key of the lease on a value that is there.</summary>
    public static byte[] Lease(byte[] key) => [.. LeaseMark, .. key];

    private static bool IsPlain(string key) => !key.AsSpan().ContainsAnyExceptInRange('!', '~') && !key.Contains('%', StringComparison.Ordinal);

    /// <summary>The whole key in escaped form, which no other key has.</summary>
    public static byte[] Escape(string key)
    {
        var escaped = new StringBuilder(key.Length + 16);
        for (var i = 0; i < key.Length; i++)
        {
            var character = key[i];
            if (char.IsHighSurrogate(character) && i + 1 < key.Length && char.IsLowSurrogate(key[i + 1]))
                escaped.Append(character).Append(key[++i]);
            else if (char.IsSurrogate(character))
                escaped.Append("%u").Append(((int)character).ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
            else if (character is <= ' ' or '\u007F' or '%')
                escaped.Append('%').Append(((int)character).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(character);
        }
        return Encoding.UTF8.GetBytes(escaped.ToString());
    }

    private static void WriteHash(string key, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[16];
        if (BitConverter.IsLittleEndian)
        {
            XxHash128.Hash(MemoryMarshal.AsBytes(key.AsSpan()), hash);
        }
        else
        {
            // The same on every machine.
            XxHash128.Hash(Encoding.Unicode.GetBytes(key), hash);
        }
        Span<byte> base64 = stackalloc byte[24];
        Base64.EncodeToUtf8(hash, base64, out _, out _);
        for (var i = 0; i < HashLength; i++)
            destination[i] = base64[i] switch { (byte)'+' => (byte)'-', (byte)'/' => (byte)'_', var other => other };
    }
}
