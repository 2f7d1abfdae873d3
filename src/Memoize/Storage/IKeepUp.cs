namespace Memoize.Storage;

/// <summary>Hears which entries are in use, for others who keep the same values and do not see that.</summary>
internal interface IKeepUp<in TKey>
{
    /// <summary>
    /// An entry is in use. It is said by a hit, though seldom, so it costs next to nothing: a few times in the time that the entry lives
    /// unread.
    /// </summary>
    void KeepUp(TKey key);
}
