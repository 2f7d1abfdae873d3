namespace Memoize.Integration.Tests.Model;

/// <summary>One of the threads: it does whatever the numbers say, and looks at what it gets.</summary>
internal sealed class Worker(World world, int seed, Worker[] all, CancellationTokenSource stop)
{
    private static readonly Kind[] _synchronous = [Kind.Plain, Kind.Sturdy];
    private static readonly Kind[] _asynchronous = [Kind.Lazy, Kind.Stale, Kind.Slide];

    private readonly Random _random = new(seed);
    private Call? _cancelable;
    private string? _violation;

    /// <summary>How many operations have been done.</summary>
    public int Done { get; private set; }

    public void Run(int operations)
    {
        while (Done < operations && !stop.IsCancellationRequested)
        {
            switch (_random.Next(1000))
            {
                case < 300: CallSynchronous(); break;
                case < 600: CallAsynchronous(); break;
                case < 720: CallBatch(); break;
                case < 830: new Writer(world, _random).Write(); break;
                case < 900: Peek(); break;
                case < 930: Refresh(); break;
                case < 990: CancelAnother(); break;
                case < 999: Writer.Pass(world, _random); break;
                default: Configure(); break;
            }

            Done++;
            if (Volatile.Read(ref _violation) is { } violation)
            {
                stop.Cancel();
                throw new ViolationException($"Operation {Done} of the thread with seed {seed}: {violation}");
            }
        }
    }

    private void Report(string what) => Interlocked.CompareExchange(ref _violation, what, null);

    private Call Begin(Kind kind, params int[] ids)
    {
        var call = new Call(world, kind, ids, _random, Report);
        if (call.CanBeCancelled)
        {
            Volatile.Write(ref _cancelable, call);
            if (_random.Next(16) == 0)
                call.Cancel();
        }

        return call;
    }

    private Call BeginAny(Kind[] kinds) => Begin(kinds[_random.Next(kinds.Length)], _random.Next(World.Ids));

    private void CallSynchronous()
    {
        var call = BeginAny(_synchronous);
        Look(call, () => call.Kind == Kind.Plain ? Shelf.Plain(call.Group, call.Id, call) : Shelf.Sturdy(call.Group, call.Id, call, call.Token));
    }

    // Up to three at once, so that a thread has loads under way while it does something else.
    private void CallAsynchronous()
    {
        var calls = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => BeginAny(_asynchronous)).ToArray();
        var tasks = Array.ConvertAll(calls, Start);
        foreach (var call in calls)
        {
            if (call.CanBeCancelled && _random.Next(2) == 0)
                call.Cancel();
        }

        for (var i = 0; i < calls.Length; i++)
            Look(calls[i], () => tasks[i].GetAwaiter().GetResult());
    }

    private static Task<Row> Start(Call call) => call.Kind switch
    {
        Kind.Lazy => Shelf.LazyAsync(call.Group, call.Id, call, call.Token),
        Kind.Stale => Shelf.StaleAsync(call.Group, call.Id, call, call.Token),
        _ => Shelf.SlideAsync(call.Group, call.Id, call, call.Token).AsTask(),
    };

    private void CallBatch()
    {
        var group = _random.Next(World.Groups);
        var ids = Enumerable.Range(0, World.Ids / World.Groups).Select(i => (i * World.Groups) + group).ToArray();
        _random.Shuffle(ids);
        ids = ids[.._random.Next(1, ids.Length + 1)];
        if (_random.Next(2) == 0)
        {
            var call = Begin(Kind.Sturdy, ids);
            Look(call, () => Shelf.SturdyMany(group, ids, call, call.Token).Zip(ids));
        }
        else
        {
            var call = Begin(Kind.Lazy, ids);
            var task = Shelf.LazyManyAsync(group, ids, call, call.Token);
            if (call.CanBeCancelled && _random.Next(2) == 0)
                call.Cancel();
            Look(call, () => task.GetAwaiter().GetResult().Select(static pair => (pair.Value, pair.Key)));
        }
    }

    private void Peek()
    {
        var call = new Call(world, (Kind)_random.Next(5), [_random.Next(World.Ids)], _random, Report);
        if (Kept(call.Kind, call.Id) is { } row)
            call.Got(call.Id, row);
    }

    /// <summary>What a cache keeps of an id; null if nothing.</summary>
    internal static Row? Kept(Kind kind, int id)
    {
        var group = id % World.Groups;
        Row? row;
        return kind switch
        {
            Kind.Plain => ShelfCache.Plain.TryGet(group, id, out row),
            Kind.Lazy => ShelfCache.LazyAsync.TryGet(group, id, out row),
            Kind.Stale => ShelfCache.StaleAsync.TryGet(group, id, out row),
            Kind.Sturdy => ShelfCache.Sturdy.TryGet(group, id, out row),
            _ => ShelfCache.SlideAsync.TryGet(group, id, out row),
        }
        ? row
        : null;
    }

    // It may join another that began a moment before, so what it returns proves nothing; what it keeps does.
    private void Refresh()
    {
        var call = Begin((Kind)_random.Next(5), _random.Next(World.Ids));
        var cell = world[call.Kind, call.Id];
        cell.BeginAct("refresh");
        try
        {
            _ = call.Kind switch
            {
                Kind.Plain => ShelfCache.Plain.Refresh(call.Group, call.Id, call),
                Kind.Sturdy => ShelfCache.Sturdy.Refresh(call.Group, call.Id, call, call.Token),
                Kind.Lazy => ShelfCache.LazyAsync.Refresh(call.Group, call.Id, call, call.Token).GetAwaiter().GetResult(),
                Kind.Stale => ShelfCache.StaleAsync.Refresh(call.Group, call.Id, call, call.Token).GetAwaiter().GetResult(),
                _ => ShelfCache.SlideAsync.Refresh(call.Group, call.Id, call, call.Token).AsTask().GetAwaiter().GetResult(),
            };
        }
        catch (Exception e) when (e is LoadFailedException || (e is TimeoutException && call.Kind == Kind.Lazy) || (e is OperationCanceledException && call.Token.IsCancellationRequested))
        {
            // As ordered.
        }
        finally
        {
            cell.EndAct();
        }
    }

    private void CancelAnother()
        => Interlocked.Exchange(ref all[_random.Next(all.Length)]._cancelable, null)?.Cancel();

    // While a method is off, everybody loads; each cell has an act under way for so long.
    private void Configure()
    {
        CacheHandle[] handles = [ShelfCache.Plain, ShelfCache.LazyAsync, ShelfCache.StaleAsync, ShelfCache.Sturdy, ShelfCache.SlideAsync];
        var kind = (Kind)_random.Next(handles.Length);
        var cells = Enumerable.Range(0, World.Ids).Select(id => world[kind, id]).ToArray();
        Array.ForEach(cells, static cell => cell.BeginAct("configure"));
        handles[(int)kind].Configure(_random.Next(3) == 0 ? new() { Enabled = false } : new() { MaxSize = _random.Next(4, 20) });
        Thread.Yield();
        handles[(int)kind].Configure(null);
        Array.ForEach(cells, static cell => cell.EndAct());
    }

    private static void Look(Call call, Func<Row> get) => Look(call, () => [(get(), call.Id)]);

    private static void Look(Call call, Func<IEnumerable<(Row Row, int Id)>> get)
    {
        try
        {
            foreach (var (row, id) in get())
                call.Got(id, row);
        }
        catch (Exception e)
        {
            call.Threw(e);
        }
    }
}
