using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Memoize.Memcached.Connections;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Tests;

/// <summary>What comes while a write is under way goes together in the next one. The first write of each test is one that waits.</summary>
public sealed class JoinedReadTests : IDisposable
{
    private readonly GatedStream _stream = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly MetaConnection _connection;
    private readonly Task<Reply> _first;

    public JoinedReadTests()
    {
        _connection = new MetaConnection(_stream, _socket, 1000, static (_, _) => { }, static _ => { });
        _first = Send(Verb.Get, "first");
    }

    private static long Never => Environment.TickCount64 + 60_000;

    public void Dispose() => _connection.Dispose();

    [Fact]
    public async Task Who_is_alone_is_sent_at_once_and_who_comes_meanwhile_together()
    {
        Assert.Equal(["mg first v f c t O1\r\n"], _stream.Writes);
        var reads = new[] { Read(default, "a", "stamp"), Read(default, "b", "stamp"), Read(default, "c", "other", "stamp") };
        Assert.Single(_stream.Writes);
        await LetGoAsync();
        Assert.Equal("mg a v f c t O2\r\nmg stamp v f c t O3\r\nmg b v f c t O4\r\nmg c v f c t O5\r\nmg other v f c t O6\r\n", _stream.Writes[1]);

        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + Value(3, "S"));
        Assert.Equal("A, S", await reads[0]);
        await _stream.AnswerAsync(Value(4, "B"));
        Assert.Equal("B, S", await reads[1]);
        Assert.False(reads[2].IsCompleted);
        await _stream.AnswerAsync("EN O5\r\n" + Value(6, "O"));
        Assert.Equal("Miss, O, S", await reads[2]);
        Assert.Equal(ReplyCode.Miss, (await _first).Code);
    }

    [Fact]
    public async Task A_key_is_asked_for_anew_after_something_was_written()
    {
        var reads = new List<Task<string>> { Read(default, "a", "stamp") };
        var removal = Send(Verb.Delete, "stamp");
        reads.Add(Read(default, "b", "stamp"));
        await LetGoAsync();
        Assert.Equal("mg a v f c t O2\r\nmg stamp v f c t O3\r\nmd stamp O4\r\nmg b v f c t O5\r\nmg stamp v f c t O6\r\n", _stream.Writes[1]);
        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + Value(3, "old") + "HD O4\r\n" + Value(5, "B") + "EN O6\r\n");
        Assert.Equal(["A, old", "B, Miss"], await Task.WhenAll(reads));
        Assert.Equal(ReplyCode.Done, (await removal).Code);
    }

    [Fact]
    public async Task A_key_that_was_sent_is_asked_for_anew()
    {
        var one = Read(default, "a", "stamp");
        await LetGoAsync();
        var other = Read(default, "b", "stamp");
        await LetGoAsync();
        Assert.Equal("mg b v f c t O4\r\nmg stamp v f c t O5\r\n", _stream.Writes[2]);
        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + Value(3, "old") + Value(4, "B") + Value(5, "new"));
        Assert.Equal("A, old", await one);
        Assert.Equal("B, new", await other);
    }

    [Fact]
    public async Task Who_leaves_takes_nobody_along_not_even_who_wants_what_he_asked_for()
    {
        using var leaving = new CancellationTokenSource();
        var left = Read(leaving.Token, "a", "stamp");
        var stays = Read(default, "b", "stamp");
        leaving.Cancel();
        Assert.Equal(leaving.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left)).CancellationToken);
        var late = Read(default, "c", "stamp");
        await LetGoAsync();
        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + Value(3, "S") + Value(4, "B") + Value(5, "C"));
        Assert.Equal("B, S", await stays);
        Assert.Equal("C, S", await late);
    }

    [Theory]
    [InlineData("VA 3 f7 c1 t-1 O4\r\nBB", "ConnectionLost")]
    [InlineData("VA 1 f7 c1 t-1 O4\r\nBB\r\n", "Garbage")]
    [InlineData("VA 1 f7 c1 t-1 O5\r\nC\r\n", "Garbage")]
    [InlineData("EN\r\n", "Garbage")]
    [InlineData("MN\r\n", "Garbage")]
    [InlineData("HELLO\r\n", "Garbage")]
    public async Task What_is_answered_before_the_end_is_good_and_the_rest_hears_why(string broken, string why)
    {
        var reads = Enumerable.Range(0, 64).Select(i => Read(default, $"k{i}", "stamp")).ToArray();
        await LetGoAsync();
        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + Value(3, "S") + broken);
        _stream.End();
        Assert.Equal("A, S", await reads[0]);
        Assert.All((await Task.WhenAll(reads))[1..], text => Assert.Equal($"{why}, {why}", text));
        Assert.Equal(why, await Read(default, "later"));
    }

    [Fact]
    public async Task Who_wants_several_has_what_came_before_the_end()
    {
        var read = Read(default, "a", "b", "c");
        await LetGoAsync();
        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + "SERVER_ERROR busy\r\n");
        _stream.End();
        Assert.Equal("A, ServerError, ConnectionLost", await read);
    }

    [Fact]
    public async Task Quiet_commands_between_reads_keep_to_their_answers()
    {
        var before = Read(default, "a");
        var removals = _connection.SendAsync([new Command(Verb.Delete, "x"u8.ToArray()) { Quiet = true }, new Command(Verb.Delete, "y"u8.ToArray()) { Quiet = true }], Never).AsTask();
        var after = Read(default, "b");
        await LetGoAsync();
        Assert.Equal("mg a v f c t O2\r\nmd x q O3\r\nmd y q O4\r\nmn\r\nmg b v f c t O5\r\n", _stream.Writes[1]);
        await _stream.AnswerAsync("EN O1\r\n" + Value(2, "A") + "SERVER_ERROR busy\r\nMN\r\n" + Value(5, "B"));
        Assert.Equal("A", await before);
        Assert.Equal(MemcachedFailure.ServerError, await removals);
        Assert.Equal("B", await after);
    }

    [Fact]
    public async Task Any_answers_in_any_pieces_with_any_who_leave_and_any_end_are_of_the_right_key_or_none()
    {
        for (var seed = 0; seed < 300; seed++)
            await AnyAsync(new Random(seed));
    }

    private static async Task AnyAsync(Random random)
    {
        var stream = new GatedStream();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var connection = new MetaConnection(stream, socket, 1000, static (_, _) => { }, static _ => { });
        using var leaving = new CancellationTokenSource();
        _ = connection.SendAsync(new Command(Verb.Get, "first"u8.ToArray()) { WithValue = true }, Never, default).AsTask();
        var reads = new List<(string[] Keys, bool Leaves, Task<Reply[]> Replies)>();
        for (var i = random.Next(1, 40); i > 0; i--)
        {
            string[] keys = [$"k{random.Next(50)}", .. Enumerable.Range(0, random.Next(4)).Select(_ => $"s{random.Next(20)}")];
            var leaves = random.Next(5) == 0;
            reads.Add((keys, leaves, connection.ReadAsync(Places(keys), Never, leaves ? leaving.Token : default).AsTask()));
            if (random.Next(8) == 0)
                _ = connection.SendAsync(new Command(Verb.Delete, "gone"u8.ToArray()), Never, default).AsTask();
        }
        if (random.Next(2) == 0)
            leaving.Cancel();
        stream.LetGo(1000);
        await UntilAsync(() => stream.Writes.Count > 1);

        // Every value says whose it is.
        var answers = new StringBuilder();
        foreach (var line in string.Concat(stream.Writes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, opaque) = (line.Split(' ')[1], line[(line.LastIndexOf('O') + 1)..]);
            answers.Append(line.StartsWith("md", StringComparison.Ordinal) ? $"NF O{opaque}\r\n" : key[^1] == '7' ? $"EN O{opaque}\r\n" : Value(uint.Parse(opaque, CultureInfo.InvariantCulture), key));
        }
        var isWhole = random.Next(2) == 0;
        var most = isWhole ? answers.Length : random.Next(answers.Length);
        for (var at = 0; at < most;)
        {
            var piece = Math.Min(random.Next(1, 60), most - at);
            await stream.AnswerAsync(answers.ToString(at, piece));
            at += piece;
        }
        if (!isWhole)
            stream.End();

        foreach (var (keys, leaves, task) in reads)
        {
            try
            {
                var replies = await task;
                for (var i = 0; i < keys.Length; i++)
                {
                    var expected = keys[i][^1] == '7' ? "Miss" : keys[i];
                    Assert.True(Text(replies[i]) == expected || (!isWhole && replies[i].Failure == MemcachedFailure.ConnectionLost), Text(replies[i]));
                }
            }
            catch (OperationCanceledException) when (leaves)
            {
                // He left in time.
            }
        }
    }

    private Task<Reply> Send(Verb verb, string key)
        => _connection.SendAsync(new Command(verb, Encoding.ASCII.GetBytes(key)) { WithValue = verb == Verb.Get }, Never, default).AsTask();

    private async Task<string> Read(CancellationToken token, params string[] keys)
        => string.Join(", ", (await _connection.ReadAsync(Places(keys), Never, token)).Select(static reply => Text(reply)));

    private static Place[] Places(string[] keys) => [.. keys.Select(static key => new Place(null!, Encoding.ASCII.GetBytes(key), []))];

    // Until what waits was written as well.
    private async Task LetGoAsync()
    {
        var before = _stream.Writes.Count;
        _stream.LetGo();
        await UntilAsync(() => _stream.Writes.Count > before);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Yield();
    }

    private static string Text(in Reply reply) => reply.Code switch
    {
        ReplyCode.Value => Encoding.ASCII.GetString(reply.Value),
        ReplyCode.Failed => reply.Failure.ToString(),
        var other => other.ToString(),
    };

    private static string Value(uint opaque, string text) => string.Create(CultureInfo.InvariantCulture, $"VA {text.Length} f7 c1 t-1 O{opaque}\r\n{text}\r\n");
}
