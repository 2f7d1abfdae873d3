using System.Buffers;
using System.Buffers.Text;

namespace Memoize.Memcached.Protocol;

/// <summary>The commands of the meta protocol that the store uses, as they are written.</summary>
internal enum Verb
{
    /// <summary><c>mg</c></summary>
    Get,

    /// <summary><c>ms</c></summary>
    Set,

    /// <summary><c>md</c></summary>
    Delete,
}

/// <summary>One command, not yet bound to a connection.</summary>
internal readonly record struct Command(Verb Verb, byte[] Key)
{
    /// <summary>Whether the value is wanted, and not only what is known of it.</summary>
    public bool WithValue { get; init; }

    /// <summary>The seconds for which a miss leaves a placeholder, with which one client is told that it has won (<c>N</c>); 0 for none.</summary>
    public int Vivify { get; init; }

    /// <summary>The time to live that the value gets: seconds, or a Unix time where it is longer than 30 days; null to leave it.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>The version that must still be there (<c>C</c>).</summary>
    public ulong? Cas { get; init; }

    /// <summary>Whether to store only if there is nothing (<c>ME</c>).</summary>
    public bool OnlyIfAbsent { get; init; }

    public uint ClientFlags { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether only the answers that say something are wanted (<c>q</c>): no miss, and no deletion that went well.</summary>
    public bool Quiet { get; init; }

    public void WriteTo(IBufferWriter<byte> writer, uint opaque)
    {
        // The longest line is a key of 250 bytes and six numbers.
        var line = writer.GetSpan(Key.Length + 160);
        var at = 0;
        Put(line, ref at, Verb switch { Verb.Get => "mg "u8, Verb.Set => "ms "u8, _ => "md "u8 });
        Put(line, ref at, Key);
        switch (Verb)
        {
            case Verb.Get:
                Put(line, ref at, WithValue ? " v f c t"u8 : " f c t s"u8);
                if (Vivify > 0)
                    Put(line, ref at, " N"u8, Vivify);
                break;
            case Verb.Set:
                Put(line, ref at, " "u8, Payload.Length);
                Put(line, ref at, " c F"u8, ClientFlags);
                if (OnlyIfAbsent)
                    Put(line, ref at, " ME"u8);
                break;
        }
        if (TimeToLive is { } seconds)
            Put(line, ref at, " T"u8, seconds);
        if (Cas is { } cas)
        {
            Put(line, ref at, " C"u8);
            Utf8Formatter.TryFormat(cas, line[at..], out var digits);
            at += digits;
        }
        if (Quiet)
            Put(line, ref at, " q"u8);
        Put(line, ref at, " O"u8, opaque);
        Put(line, ref at, "\r\n"u8);
        writer.Advance(at);

        if (Verb == Verb.Set)
        {
            writer.Write(Payload.Span);
            writer.Write("\r\n"u8);
        }
    }

    private static void Put(Span<byte> line, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        at += text.Length;
    }

    private static void Put(Span<byte> line, ref int at, ReadOnlySpan<byte> text, long number)
    {
        Put(line, ref at, text);
        Utf8Formatter.TryFormat(number, line[at..], out var digits);
        at += digits;
    }
}
