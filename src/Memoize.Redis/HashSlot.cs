using System.Globalization;
using System.Text;

namespace Memoize.Redis;

/// <summary>The slots of a Redis cluster: CRC-16 (XModem) of the bytes, modulo 16384.</summary>
internal static class HashSlot
{
    private const int Count = 16384;

    private static readonly Lazy<string[]> Names = new(MakeNames);

    /// <summary>The slot of a whole text, whatever braces it has.</summary>
    internal static int Of(string text)
    {
        var crc = 0;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            crc ^= b << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        }
        return crc & (Count - 1);
    }

    /// <summary>A short text of this slot.</summary>
    internal static string Name(int slot) => Names.Value[slot];

    private static string[] MakeNames()
    {
        var names = new string[Count];
        var missing = Count;
        for (var number = 0; missing > 0; number++)
        {
            var name = number.ToString("x", CultureInfo.InvariantCulture);
            if (names[Of(name)] is null)
            {
                names[Of(name)] = name;
                missing--;
            }
        }
        return names;
    }
}
