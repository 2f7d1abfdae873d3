namespace Memoize.Storage;

/// <summary>What the options of a method say about time, in milliseconds, and how it goes together for one value.</summary>
internal sealed class Lifetimes
{
    // After a failure behind a value that can still be served, the next attempt waits for so long, unless the options say otherwise.
    private const long UsualPause = 1000;

    private readonly long ttl;
    private readonly long? nullTtl;
    private readonly double jitter;
    private readonly Func<double> chance;

    public Lifetimes(CacheOptions options)
    {
        this.ttl = Lifetime.FromSeconds(options.Ttl);
        this.nullTtl = options.NullTtl > 0 ? Lifetime.FromSeconds(options.NullTtl) : null;
        var stale = options.StaleWhileRevalidate > 0 ? Lifetime.FromSeconds(options.StaleWhileRevalidate) : 0;
        var kept = Math.Max(stale, options.StaleIfError > 0 ? Lifetime.FromSeconds(options.StaleIfError) : 0);
        this.Stages = new(options.RefreshAhead is > 0 and < 1 ? options.RefreshAhead : 1, stale, kept);
        this.jitter = options.Jitter;
        this.chance = options.Chance;
        this.Sliding = Lifetime.FromSeconds(options.Sliding);
        this.Error = Lifetime.FromSeconds(options.ErrorTtl);
        this.Pause = options.ErrorTtl > 0 ? this.Error : UsualPause;
        this.HasStages = kept > 0 || this.Stages.Ahead < 1;
        this.IsSoft = this.HasStages || options.ErrorTtl > 0;
    }

    /// <summary>How long a value lives that nobody reads.</summary>
    public long Sliding { get; }

    /// <summary>How long a failure is remembered in the place of a value.</summary>
    public long Error { get; }

    /// <summary>How long nothing is tried after a failure behind a value that can still be served.</summary>
    public long Pause { get; }

    /// <summary>What comes after the hits that need not ask, where there is anything.</summary>
    public Stages Stages { get; }

    /// <summary>Whether values go on being of use after a hit has done with them.</summary>
    public bool HasStages { get; }

    /// <summary>Whether an entry that a hit does not serve can be of use: a value past its lifetime, or a failure.</summary>
    public bool IsSoft { get; }

    /// <summary>The shortest lifetime that the options name for values.</summary>
    public long Shortest => Math.Min(Math.Min(this.ttl, this.nullTtl ?? this.ttl), this.Sliding);

    /// <summary>How long most entries are kept.</summary>
    public long Longest => Math.Min(this.Stages.EndOf(this.ttl), this.Sliding);

    /// <summary>How long a value is fresh that has no terms of its own, and of whose lifetime nothing is taken off.</summary>
    public long Usual(bool isNull) => isNull && this.nullTtl is { } ofNull ? ofNull : this.ttl;

    /// <summary>
    /// How long a value is fresh: what its own terms say, or the options; a random part of that is taken off.
    /// </summary>
    public long Of(bool isNull, EntryTerms terms)
    {
        var length = terms.Lifetime is { } own && !(isNull && this.nullTtl is not null) ? Lifetime.Of(own) : this.Usual(isNull);
        if (terms.Most is { } most)
            length = Math.Min(length, Lifetime.Of(most));
        return this.jitter == 0 || length == Lifetime.Infinite
            ? length
            : Math.Max(1, length - (long)(length * this.jitter * this.chance()));
    }

    /// <summary>The stages of a value whose lifetime is over when it is stored: the next hit is given it, and lets a load begin.</summary>
    public Stages StagesOfOld(EntryTerms terms)
    {
        var length = Math.Min(this.Stages.Stale, Lifetime.Of(terms.Most!.Value));
        return new(1, length, length);
    }
}
