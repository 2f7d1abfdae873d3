namespace Memoize.Tags;

/// <summary>
/// Which keys of a store have which tags. It knows exactly the keys that are in the store: what leaves there, in whatever way, leaves
/// here. Not thread-safe: all of it needs the gate of the store. Costs nothing while no key has a tag.
/// </summary>
internal sealed class TagIndex<TKey>
    where TKey : notnull
{
    private Dictionary<TKey, Link[]>? links;
    private Dictionary<EntryTag, TagList>? lists;

    /// <summary>How many keys have tags.</summary>
    public int Keys => links?.Count ?? 0;

    /// <summary>How many tags there are.</summary>
    public int Tags => lists?.Count ?? 0;

    /// <summary>Gives a key its tags, in place of those that it had.</summary>
    public void Put(TKey key, EntryTag[]? tags)
    {
        if (links is not null && links.TryGetValue(key, out var old))
        {
            // As a rule the tags depend on the key alone, and a new value has the same.
            if (AreThose(old, tags))
                return;
            Remove(key);
        }

        if (tags is null || tags.Length == 0)
            return;

        var all = new Link[tags.Length];
        (links ??= [])[key] = all;
        lists ??= [];
        for (var i = 0; i < tags.Length; i++)
        {
            if (!lists.TryGetValue(tags[i], out var list))
                lists[tags[i]] = list = new(tags[i]);
            all[i] = list.Add(key);
        }
    }

    /// <summary>A key has left the store.</summary>
    public void Remove(TKey key)
    {
        if (links is null || !links.Remove(key, out var all))
            return;
        foreach (var link in all)
        {
            if (link.List.Remove(link))
                lists!.Remove(link.List.Tag);
        }
    }

    /// <summary>The tags of a key; null for none.</summary>
    public EntryTag[]? TagsOf(TKey key)
        => links is not null && links.TryGetValue(key, out var all) ? Array.ConvertAll(all, static link => link.List.Tag) : null;

    /// <summary>The keys that have all of the tags.</summary>
    public List<TKey> Find(ReadOnlySpan<EntryTag> tags)
    {
        TagList? shortest = null;
        foreach (var tag in tags)
        {
            if (lists is null || !lists.TryGetValue(tag, out var list))
                return [];
            if (shortest is null || list.Count < shortest.Count)
                shortest = list;
        }

        var keys = new List<TKey>(shortest?.Count ?? 0);
        for (var link = shortest?.First; link is not null; link = link.Next)
        {
            if (tags.Length == 1 || HasAll(links![link.Key], tags))
                keys.Add(link.Key);
        }

        return keys;
    }

    private static bool AreThose(Link[] links, EntryTag[]? tags)
    {
        if (links.Length != (tags?.Length ?? 0))
            return false;
        for (var i = 0; i < links.Length; i++)
        {
            if (links[i].List.Tag != tags![i])
                return false;
        }

        return true;
    }

    private static bool HasAll(Link[] links, ReadOnlySpan<EntryTag> tags)
    {
        foreach (var tag in tags)
        {
            if (!Array.Exists(links, link => link.List.Tag == tag))
                return false;
        }

        return true;
    }

    /// <summary>The keys of one tag, as a list from which each can be taken in one step.</summary>
    private sealed class TagList(EntryTag tag)
    {
        public EntryTag Tag => tag;

        public Link? First { get; private set; }

        public int Count { get; private set; }

        public Link Add(TKey key)
        {
            var link = new Link(key, this) { Next = First };
            if (First is not null)
                First.Previous = link;
            First = link;
            Count++;
            return link;
        }

        /// <returns>Whether it was the last.</returns>
        public bool Remove(Link link)
        {
            if (link.Previous is { } previous)
                previous.Next = link.Next;
            else
                First = link.Next;
            if (link.Next is { } next)
                next.Previous = link.Previous;
            return --Count == 0;
        }
    }

    private sealed class Link(TKey key, TagList list)
    {
        public TKey Key => key;

        public TagList List => list;

        public Link? Previous { get; set; }

        public Link? Next { get; set; }
    }
}
