using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Memoize.Memcached.Connections;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Tests;

/// <summary>When what is to be sent goes: at once where few wait, and else together, by the answers to what is on its way.</summary>
public sealed class JoinedWriteTests : IDisposable
{
    private const int Few = 4;
    private const int Enough = 64;

    private readonly GatedStream _stream = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly MetaConnection _connection;
    private int _sent;

    public JoinedWriteTests()
    {
        _connection = new MetaConnection(_stream, _socket, 1000, static (_, _) => { }, static _ => { });
        _stream.LetGo(100_000);
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public async Task Each_of_a_few_goes_at_once()
    {
        var calls = new List<Task<Reply>>();
        for (var i = 1; i <= Few; i++)
        {
            calls.Add(Get());
            Assert.Equal(i, _stream.Writes.Count);
        }

        // And again when their answers have come.
        await AnswerAsync(1, Few);
        await Task.WhenAll(calls);
        var last = Get();
        Assert.Equal(Few + 1, _stream.Writes.Count);
        await AnswerAsync(Few + 1, 1);
        Assert.Equal(ReplyCode.Miss, (await last).Code);
    }

    // Where the way is not known to be short, nobody waits for answers: only for those who are about to ask as well.
    [Fact]
    public async Task A_crowd_goes_soon_without_an_answer()
    {
        var calls = Enumerable.Range(0, 20).Select(_ => Get()).ToArray();
        await UntilAsync(() => string.Concat(_stream.Writes).Contains(" O20\r\n", StringComparison.Ordinal));
        Assert.InRange(_stream.Writes.Count, Few + 1, 20);
        await AnswerAsync(1, 20);
        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal(ReplyCode.Miss, reply.Code));
    }

    [Fact]
    public async Task On_a_short_way_a_crowd_waits_for_the_answers_that_are_due()
    {
        await MakeShortAsync();
        var (writes, first) = (_stream.Writes.Count, _sent + 1);
        var calls = Enumerable.Range(0, Few + 10).Select(_ => Get()).ToArray();
        Assert.Equal(writes + Few, _stream.Writes.Count);

        // The last of the first write has been answered: the rest goes in one.
        await AnswerAsync(first, 1);
        await UntilAsync(() => _stream.Writes.Count > writes + Few);
        Assert.Equal(string.Concat(Enumerable.Range(first + Few, 10).Select(static i => $"mg k v f c t O{i}\r\n")), _stream.Writes[writes + Few]);
        await AnswerAsync(first + 1, Few + 9);
        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal(ReplyCode.Miss, reply.Code));
    }

    [Fact]
    public async Task The_first_of_those_who_were_answered_together_waits_for_the_others_and_not_for_long()
    {
        await MakeShortAsync();
        var (writes, first) = (_stream.Writes.Count, _sent + 1);
        var calls = Enumerable.Range(0, Few + 10).Select(_ => Get()).ToArray();
        await AnswerAsync(first, 1);
        await UntilAsync(() => _stream.Writes.Count > writes + Few);
        await AnswerAsync(first + 1, Few + 9);
        await Task.WhenAll(calls);
        await UntilAsync(() => _stream.IsRead);

        // He does not send himself. Nobody else comes, and it goes all the same.
        var (asks, hasSent) = (Environment.CurrentManagedThreadId, false);
        _stream.OnWrite = (_, _) => hasSent |= Environment.CurrentManagedThreadId == asks;
        writes = _stream.Writes.Count;
        var call = Get();
        Assert.False(Volatile.Read(ref hasSent));
        _stream.OnWrite = null;
        await UntilAsync(() => _stream.Writes.Count > writes);
        await AnswerAsync(_sent, 1);
        Assert.Equal(ReplyCode.Miss, (await call).Code);
        await UntilAsync(() => _stream.IsRead);

        // Who was answered alone waits for nobody.
        writes = _stream.Writes.Count;
        call = Get();
        Assert.Equal(writes + 1, _stream.Writes.Count);
        await AnswerAsync(_sent, 1);
        Assert.Equal(ReplyCode.Miss, (await call).Code);
    }

    [Fact]
    public async Task Enough_of_them_go_without_an_answer()
    {
        await MakeShortAsync();
        var (writes, first) = (_stream.Writes.Count, _sent + 1);
        var calls = Enumerable.Range(0, Few + Enough - 1).Select(_ => Get()).ToList();
        Assert.Equal(writes + Few, _stream.Writes.Count);
        calls.Add(Get());
        Assert.Equal(writes + Few + 1, _stream.Writes.Count);
        Assert.Equal(Enough, _stream.Writes[^1].Split("\r\n").Length - 1);
        await AnswerAsync(first, Few + Enough);
        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal(ReplyCode.Miss, reply.Code));
    }

    [Fact]
    public async Task Who_waits_to_be_sent_is_late_in_time_and_the_line_goes_on()
    {
        // Who comes later is late later, since all wait for the same time.
        var soon = Environment.TickCount64 + 3000;
        await MakeShortAsync(soon);
        var first = _sent + 1;
        var calls = Enumerable.Range(0, Few).Select(_ => Get(soon)).ToArray();
        // A part of an answer: the server is not silent, which would end the connection.
        await _stream.AnswerAsync("EN O");
        await UntilAsync(() => _stream.IsRead);
        var (late, stays) = (Get(soon), Get());
        Assert.All(await Task.WhenAll([.. calls, late]), static reply => Assert.Equal(MemcachedFailure.Timeout, reply.Failure));
        Assert.False(stays.IsCompleted);
        await _stream.AnswerAsync(FormattableString.Invariant($"{first}\r\n"));
        await AnswerAsync(first + 1, Few + 1);
        Assert.Equal(ReplyCode.Miss, (await stays).Code);
    }

    private Task<Reply> Get(long? deadline = null)
    {
        _sent++;
        return _connection.SendAsync(new Command(Verb.Get, "k"u8.ToArray()) { WithValue = true }, deadline ?? Environment.TickCount64 + 600_000, default).AsTask();
    }

    // The shortest of 64 trips is far below a fifth of a millisecond, on a busy machine as well; only the time until the answer counts.
    private async Task MakeShortAsync(long? deadline = null)
    {
        for (var trip = 0; trip < 64; trip++)
        {
            _stream.OnWrite = (stream, text) => _ = stream.AnswerAsync("EN " + text[text.LastIndexOf('O')..]).AsTask();
            await Get(deadline);
        }
        _stream.OnWrite = null;
        await UntilAsync(() => _stream.IsRead);
    }

    private async Task AnswerAsync(int first, int count)
    {
        var text = new StringBuilder();
        for (var i = first; i < first + count; i++)
            text.Append(CultureInfo.InvariantCulture, $"EN O{i}\r\n");
        await _stream.AnswerAsync(text.ToString());
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Yield();
    }
}
