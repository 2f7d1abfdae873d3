using System.Globalization;
using System.Text;
using Memoize.Isolation;

namespace Memoize.Testing;

/// <summary>What has happened in an isolation.</summary>
internal sealed class Recorder(DateTimeOffset start, Action<string>? log)
{
    /// <summary>More than anybody reads, and little enough for a test that makes a million calls.</summary>
    public const int Kept = 4096;

    private const int Told = 100;

    // What has happened inside the call that is being watched, by this flow.
    private static readonly AsyncLocal<List<CacheEvent>?> Watched = new();

    private readonly Queue<CacheEvent> events = new();
    private long dropped;

    /// <summary>Collects, too, what this flow does until the result is disposed.</summary>
    public static Watch Begin(List<CacheEvent> collected)
    {
        var before = Watched.Value;
        Watched.Value = collected;
        return new(before);
    }

    public void Add(CacheEvent happened)
    {
        lock (events)
        {
            if (events.Count == Kept)
            {
                events.Dequeue();
                dropped++;
            }

            events.Enqueue(happened);
        }

        if (Watched.Value is { } watched)
        {
            lock (watched)
                watched.Add(happened);
        }

        log?.Invoke(Line(happened));
    }

    public CacheEvent[] Snapshot()
    {
        lock (events)
            return [.. events];
    }

    public override string ToString()
    {
        var lines = Snapshot().Select(Line);
        return string.Join(Environment.NewLine, dropped == 0 ? lines : lines.Prepend($"({dropped} earlier events are forgotten)"));
    }

    /// <summary>The end of a message: what has happened to these methods, the last part of it.</summary>
    public string Tell(IReadOnlyCollection<CachedMethod>? methods)
    {
        var all = Snapshot().Where(e => methods is null || methods.Contains(e.Method)).ToList();
        if (all.Count == 0)
            return "Nothing has happened to it in this isolation. Perhaps the calls are made where they are not intercepted, or on a flow that is not the test's.";

        var told = new StringBuilder("What has happened, by the clock of the test:");
        if (all.Count > Told)
            told.AppendLine().Append(CultureInfo.InvariantCulture, $"  … {all.Count - Told} events before");
        foreach (var happened in all.TakeLast(Told))
            told.AppendLine().Append("  ").Append(Line(happened));
        return told.ToString();
    }

    private string Line(CacheEvent happened)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"+{(happened.At - start).TotalSeconds,-7:0.###} s {Word(happened.Kind),-10} {happened.Method.Name}");
        if (happened.Key is not null)
            line.Append(CultureInfo.InvariantCulture, $" ({CallKey.TextOf(happened.Key)})");
        if (happened.Took > TimeSpan.Zero)
            line.Append(CultureInfo.InvariantCulture, $", took {happened.Took.Value.TotalSeconds:0.###} s");
        if (happened.Exception is { } exception)
            line.Append(CultureInfo.InvariantCulture, $": {exception.GetType().Name}: {exception.Message}");
        return line.ToString();
    }

    private static string Word(CacheEventKind kind) => kind switch
    {
        CacheEventKind.NotStored => "not stored",
        _ => kind.ToString().ToLowerInvariant(),
    };

    public readonly struct Watch(List<CacheEvent>? before) : IDisposable
    {
        public void Dispose() => Watched.Value = before;
    }
}
