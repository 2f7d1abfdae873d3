namespace Memoize.Integration.Tests.Model;

/// <summary>Changes cells and tells the caches, in every way there is. What was written is settled when the caches have been told.</summary>
internal sealed class Writer(World world, Random random)
{
    private static readonly Kind[] _tagged = [Kind.Plain, Kind.Stale, Kind.Sturdy, Kind.Slide];

    private readonly int _id = random.Next(World.Ids);
    private readonly bool _lingers = random.Next(4) == 0;
    private Cell[] _cells = [];
    private long[] _versions = [];

    private int Group => _id % World.Groups;

    public void Write()
    {
        // What empties whole caches is seldom, so that entries live long enough to expire, to slide and to be too many.
        switch (random.Next(40) == 0 ? random.Next(8) : random.Next(8, 64))
        {
            case 0: Told("clear", All(Kind.Plain), () => ShelfCache.Plain.Clear()); break;
            case 1: Told("clear", All(Kind.Stale), () => ShelfCache.StaleAsync.Clear()); break;
            case 2: Told("clear all", [.. Enum.GetValues<Kind>().SelectMany(All)], Memo.ClearAll); break;
            case 3: Told("evict tag", All(Kind.Stale), () => Memo.EvictTag("stale")); break;
            case 4: Within("evicts all", [.. All(Kind.Slide), .. All(Kind.Lazy)], change => Shelf.ChangeAllAsync(change).GetAwaiter().GetResult()); break;
            case 5: Told("evict where", GroupOf(Kind.Plain), () => ShelfCache.Plain.EvictWhere(Group)); break;
            case 6: Told("evict where", GroupOf(Kind.Stale), () => ShelfCache.StaleAsync.EvictWhere(Group)); break;
            case 7: Told("evict where", GroupOf(Kind.Slide), () => ShelfCache.SlideAsync.EvictWhere(Group)); break;
            case < 12: Told("evict tag", Row, () => Memo.EvictTag($"row:{_id}")); break;
            case < 16: Within("evicts tag", Row, change => Shelf.ChangeRow(_id, change)); break;
            case < 20: Within("evicts", [world[Kind.Plain, _id]], change => Shelf.ChangePlain(Group, _id, change)); break;
            case < 24: Told("evict", [world[Kind.Plain, _id]], () => ShelfCache.Plain.Evict(Group, _id)); break;
            case < 30: Told("evict", [world[Kind.Lazy, _id]], () => ShelfCache.LazyAsync.Evict(Group, _id)); break;
            case < 34: Told("evict", [world[Kind.Stale, _id]], () => ShelfCache.StaleAsync.Evict(Group, _id)); break;
            case < 38: Told("evict", [world[Kind.Sturdy, _id]], () => ShelfCache.Sturdy.Evict(Group, _id)); break;
            case < 42: Told("evict", [world[Kind.Slide, _id]], () => ShelfCache.SlideAsync.Evict(Group, _id)); break;
            case < 46: Save(Kind.Plain, save => Shelf.SavePlain(Group, _id, save)); break;
            case < 50: Save(Kind.Lazy, save => Shelf.SaveLazy(Group, _id, save)); break;
            case < 54: Save(Kind.Stale, save => Shelf.SaveStaleAsync(Group, _id, save).GetAwaiter().GetResult()); break;
            case < 58: Save(Kind.Sturdy, save => Shelf.SaveSturdy(Group, _id, save)); break;
            default: SetByHand(); break;
        }
    }

    /// <summary>Lets time pass. Timers run out on this thread, so calls with a timeout may end.</summary>
    public static void Pass(World world, Random random)
    {
        var cells = Enumerable.Range(0, World.Ids).Select(id => world[Kind.Lazy, id]).ToArray();
        Array.ForEach(cells, static cell => cell.BeginAct("time passes"));
        world.Time.Advance(TimeSpan.FromMilliseconds(random.Next(50, 1500)));
        Array.ForEach(cells, static cell => cell.EndAct());
    }

    private Cell[] Row => Array.ConvertAll(_tagged, kind => world[kind, _id]);

    private IEnumerable<Cell> All(Kind kind) => Enumerable.Range(0, World.Ids).Select(id => world[kind, id]);

    private IEnumerable<Cell> GroupOf(Kind kind) => Enumerable.Range(0, World.Ids).Where(id => id % World.Groups == Group).Select(id => world[kind, id]);

    // First the change, then the caches are told.
    private void Told(string what, IEnumerable<Cell> cells, Action tell)
        => Within(what, cells, change =>
        {
            change();
            tell();
        });

    // The change is made within what tells the caches when it returns.
    private void Within(string what, IEnumerable<Cell> cells, Action<Action> tell)
    {
        _cells = [.. cells];
        foreach (var cell in _cells)
            cell.BeginAct(what);
        tell(Change);
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i].Settle(_versions[i]);
            _cells[i].EndAct();
        }
    }

    private void Change()
    {
        _versions = Array.ConvertAll(_cells, static cell => cell.Change());
        if (_lingers)
            Thread.Yield();
    }

    private void Save(Kind kind, Func<Func<Row>, Row> save)
    {
        var cell = world[kind, _id];
        Within("updates", [cell], change => save(() =>
        {
            change();
            return new(cell.Number, _versions[0]);
        }));
    }

    private void SetByHand()
    {
        var cell = world[Kind.Slide, _id];
        Within("set", [cell], change =>
        {
            using var update = ShelfCache.SlideAsync.BeginUpdate();
            change();
            ShelfCache.SlideAsync.Set(Group, _id, new(cell.Number, _versions[0]), update);
        });
    }
}
