using System.Globalization;
using System.Text;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Tests;

/// <summary>The parser, fed with good answers in pieces of all sizes, and with answers that were damaged in all ways.</summary>
public sealed class ParserTests
{
    private const int Longest = 5000;

    [Fact]
    public void Answers_are_the_same_however_they_are_cut()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var expected = new List<string>();
            var stream = Stream(random, expected);
            Assert.Equal(expected, Parse(stream, random));
        }
    }

    [Fact]
    public void Damaged_answers_end_in_a_violation_or_in_answers_and_never_in_more_memory_or_another_exception()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var stream = Stream(random, []);
            for (var damages = random.Next(1, 6); damages > 0; damages--)
            {
                var at = random.Next(stream.Length);
                stream = random.Next(4) switch
                {
                    0 => [.. stream[..at], (byte)random.Next(256), .. stream[(at + 1)..]],
                    1 => [.. stream[..at], .. stream[(at + 1)..]],
                    2 => [.. stream[..at], (byte)"\r\n 0OVA9"[random.Next(8)], .. stream[at..]],
                    _ => [.. stream[..at], .. stream[random.Next(stream.Length)..]],
                };
                if (stream.Length == 0)
                    stream = [0];
            }
            var most = stream.Length;
            try
            {
                // No answer is shorter than four bytes.
                Assert.InRange(Parse(stream, random).Count, 0, most / 4);
            }
            catch (ProtocolViolationException)
            {
                // The connection is dropped.
            }
        }
    }

    [Fact]
    public void Noise_is_never_an_answer_with_a_value()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var noise = new byte[random.Next(1, 10_000)];
            random.NextBytes(noise);
            try
            {
                Assert.Empty(Parse(noise, random));
            }
            catch (ProtocolViolationException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void A_line_without_an_end_is_not_held()
    {
        using var parser = new ReplyParser(Longest);
        Assert.Throws<ProtocolViolationException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                ReadOnlySpan<byte> input = new byte[100];
                parser.TryRead(ref input, out _);
            }
        });
    }

    private static byte[] Stream(Random random, List<string> expected)
    {
        var stream = new MemoryStream();
        for (var count = random.Next(1, 8); count > 0; count--)
        {
            var opaque = (uint)random.Next();
            var cas = (ulong)random.NextInt64();
            switch (random.Next(5))
            {
                case 0:
                case 1:
                    var value = new byte[random.Next(3) == 0 ? random.Next(Longest * 2) : random.Next(50)];
                    random.NextBytes(value);
                    Write(stream, $"VA {value.Length} f7 c{cas} t-1 O{opaque} W\r\n");
                    stream.Write(value);
                    Write(stream, "\r\n");
                    expected.Add(value.Length > Longest
                        ? Text(ReplyCode.Value, opaque, cas, 7, true, true, [])
                        : Text(ReplyCode.Value, opaque, cas, 7, true, false, value));
                    break;
                case 2:
                    Write(stream, $"EN O{opaque}\r\n");
                    expected.Add(Text(ReplyCode.Miss, opaque, 0, 0, false, false, []));
                    break;
                case 3:
                    Write(stream, $"HD c{cas} O{opaque} Z X\r\n");
                    expected.Add(Text(ReplyCode.Done, opaque, cas, 0, false, false, []));
                    break;
                default:
                    Write(stream, "MN\r\n");
                    expected.Add(Text(ReplyCode.End, null, 0, 0, false, false, []));
                    break;
            }
        }
        return stream.ToArray();
    }

    private static List<string> Parse(byte[] stream, Random random)
    {
        var replies = new List<string>();
        using var parser = new ReplyParser(Longest);
        var largest = random.Next(3) switch { 0 => 1, 1 => 20, _ => 5000 };
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(random.Next(1, largest + 1), stream.Length - at);
            ReadOnlySpan<byte> input = stream.AsSpan(at, length);
            at += length;
            while (!input.IsEmpty && parser.TryRead(ref input, out var reply))
            {
                Assert.InRange(reply.Length, 0, Longest);
                replies.Add(Text(reply.Code, reply.Opaque, reply.Cas, reply.ClientFlags, reply.Won, reply.Oversized, reply.Value));
                reply.Recycle();
            }
            Assert.True(input.IsEmpty);
        }
        return replies;
    }

    private static string Text(ReplyCode code, uint? opaque, ulong cas, uint flags, bool won, bool oversized, ReadOnlySpan<byte> value)
        => string.Create(CultureInfo.InvariantCulture, $"{code} {opaque} {cas} {flags} {won} {oversized} {Convert.ToHexString(value)}");

    private static void Write(MemoryStream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));
}
