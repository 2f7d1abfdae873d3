namespace Memoize;

/// <summary>
/// What differs, while the program runs, from the attribute of a cached method; null stands for what the attribute says. The options are
/// those of <see cref="CacheOptions"/>. Not for use by several threads; who is given it copies it.
/// </summary>
public sealed class MethodSettings
{
    /// <summary>Whether results are remembered at all; see <see cref="CachedMethod.IsEnabled"/>.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Seconds; see <see cref="CacheOptions.Ttl"/>. 0 for no limit.</summary>
    public double? Ttl { get; set; }

    /// <summary>Seconds; see <see cref="CacheOptions.Sliding"/>. 0 for none.</summary>
    public double? Sliding { get; set; }

    /// <summary>
    /// Seconds; see <see cref="CacheOptions.StaleWhileRevalidate"/>. 0 for none. More than 0 only where the attribute asks for it or for
    /// <c>RefreshAhead</c>: the code of other methods is not made for loads in the background.
    /// </summary>
    public double? StaleWhileRevalidate { get; set; }

    /// <summary>Seconds; see <see cref="CacheOptions.StaleIfError"/>. 0 for none.</summary>
    public double? StaleIfError { get; set; }

    /// <summary>A part from 0 to 1; see <see cref="CacheOptions.RefreshAhead"/>. The same holds as for <see cref="StaleWhileRevalidate"/>.</summary>
    public double? RefreshAhead { get; set; }

    /// <summary>A part from 0 to 1; see <see cref="CacheOptions.Jitter"/>.</summary>
    public double? Jitter { get; set; }

    /// <summary>Seconds; see <see cref="CacheOptions.Timeout"/>. 0 for no limit.</summary>
    public double? Timeout { get; set; }

    /// <summary>Seconds; see <see cref="CacheOptions.ErrorTtl"/>. 0 for none.</summary>
    public double? ErrorTtl { get; set; }

    /// <summary>Seconds; see <see cref="CacheOptions.NullTtl"/>. 0 for no difference.</summary>
    public double? NullTtl { get; set; }

    /// <summary>See <see cref="CacheOptions.CacheNull"/>.</summary>
    public bool? CacheNull { get; set; }

    /// <summary>Entries; see <see cref="CacheOptions.MaxSize"/>.</summary>
    public int? MaxSize { get; set; }

    /// <summary>
    /// A weight; see <see cref="CacheOptions.MaxBytes"/>. Only where the attribute has one, which cannot be taken away either: the
    /// values of other methods are not weighed.
    /// </summary>
    public long? MaxBytes { get; set; }

    /// <summary>
    /// The tiers behind memory, nearest first, separated by commas; see <see cref="CacheOptions.Tiers"/>. Empty for memory alone. Only
    /// where the attribute has some: the keys of other methods are not made to be shared.
    /// </summary>
    public string? Tiers { get; set; }

    /// <summary>The options that hold with these settings.</summary>
    internal CacheOptions On(CacheOptions options) => new()
    {
        Ttl = Ttl ?? options.Ttl,
        Sliding = Sliding ?? options.Sliding,
        MaxSize = MaxSize ?? options.MaxSize,
        Eviction = options.Eviction,
        StaleWhileRevalidate = StaleWhileRevalidate ?? options.StaleWhileRevalidate,
        StaleIfError = StaleIfError ?? options.StaleIfError,
        RefreshAhead = RefreshAhead ?? options.RefreshAhead,
        Jitter = Jitter ?? options.Jitter,
        Timeout = Timeout ?? options.Timeout,
        ErrorTtl = ErrorTtl ?? options.ErrorTtl,
        NullTtl = NullTtl ?? options.NullTtl,
        CacheNull = CacheNull ?? options.CacheNull,
        MaxBytes = MaxBytes ?? options.MaxBytes,
        Tiers = Tiers ?? options.Tiers,
        Chance = options.Chance,
    };

    /// <summary>Refuses what the method cannot do.</summary>
    /// <exception cref="ArgumentException">The message names the method and the option, and says what to do.</exception>
    internal void Check(string method, CacheOptions options)
        => Check(method, options, options.StaleWhileRevalidate > 0 || options.RefreshAhead > 0, options.MaxBytes > 0, options.Tiers.Length > 0);

    /// <summary>The same where no more than this is known of the method.</summary>
    internal void Check(string method, CacheOptions options, bool loadsInBackground, bool weighs, bool isShared)
    {
        CacheOptionsValidation.Validate(method, On(options));
        if (!loadsInBackground)
        {
            CheckBackground(method, nameof(StaleWhileRevalidate), StaleWhileRevalidate);
            CheckBackground(method, nameof(RefreshAhead), RefreshAhead);
        }

        if (Tiers is { Length: > 0 } && !isShared)
        {
            throw new ArgumentException(
                $"{method}: Tiers cannot be switched on at run time, because its keys are not made to be shared. Give its attribute Tiers, such as Tiers = \"*\" for all that the program adds; which ones can then be changed.");
        }

        if (MaxBytes is { } most && !(weighs && most > 0))
        {
            throw new ArgumentException(weighs
                ? $"{method}: MaxBytes cannot be taken away at run time. Give a larger one."
                : $"{method}: MaxBytes cannot be switched on at run time, because its values are not weighed. Give its attribute MaxBytes and Weigher; how much it may be can then be changed.");
        }
    }

    private static void CheckBackground(string method, string option, double? value)
    {
        if (value > 0)
        {
            throw new ArgumentException(
                $"{method}: {option} cannot be switched on at run time, because its code is not made for loads in the background. Give its attribute StaleWhileRevalidate or RefreshAhead; both can then be changed.");
        }
    }
}
