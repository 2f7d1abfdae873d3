using System.ComponentModel;

namespace Memoize.Keys;

/// <summary>
/// A collection as a field of a key; called by generated code. A lookup rents a reusable one of its thread, so that a hit allocates nothing;
/// what is stored is a copy, which what happens to the original later does not reach.
/// </summary>
/// <typeparam name="TSelf">The key itself.</typeparam>
/// <typeparam name="TItem">The type of the elements, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <remarks>Immutable and thread-safe, but for a rented one: that belongs to the thread that rented it, until it is returned.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CollectionKey<TSelf, TItem>
    where TSelf : CollectionKey<TSelf, TItem>
{
    private protected CollectionKey()
    {
    }

    /// <summary>Whether a copy of the collection behaves as the collection does: if its type is known.</summary>
    public bool CanCopy => this.Form.IsKnown;

    private protected CollectionForm Form { get; private set; }

    // What is read and, where nobody can change it, passed on; a stored key has it only for that.
    private protected IEnumerable<TItem>? Source { get; private set; }

    /// <summary>A key that may be stored, with copies of the elements; this one is returned.</summary>
    public TSelf Keep()
    {
        var kept = this.Copied();
        kept.Form = this.Form;
        kept.Source = this.Form.IsOwn ? this.Source : null;
        this.Return();
        return kept;
    }

    /// <summary>Gives back a key that was rented.</summary>
    public void Return()
    {
        this.Release();
        this.Source = null;
        this.Form = CollectionForm.Unknown;
        Spares<TSelf>.Give((TSelf)this);
    }

    private protected TSelf Begin(IEnumerable<TItem> items, CollectionForm form)
    {
        this.Form = form;
        this.Source = items;
        return (TSelf)this;
    }

    /// <summary>Another key with elements of its own.</summary>
    private protected abstract TSelf Copied();

    /// <summary>Forgets the elements.</summary>
    private protected abstract void Release();
}
