namespace Memoize.Storage;

/// <summary>
/// Monotonic milliseconds. <see cref="System"/> is the process's own clock; a <see cref="TimeProvider"/> gives a deterministic one.
/// Times of two clocks must not be compared.
/// </summary>
internal sealed class Clock
{
    private readonly TimeProvider? provider;
    private readonly long origin;

    private Clock(TimeProvider? provider)
    {
        this.provider = provider;
        this.origin = provider?.GetTimestamp() ?? 0;
        this.Janitor = new Janitor(provider ?? TimeProvider.System);
    }

    /// <summary>The clock of the process: coarse (16 ms) and almost free to read.</summary>
    public static Clock System { get; } = new(null);

    /// <summary>A clock that reads <see cref="TimeProvider.GetTimestamp"/> each time; <see cref="TimeProvider.System"/> gives <see cref="System"/>.</summary>
    public static Clock From(TimeProvider provider)
        => ReferenceEquals(provider, TimeProvider.System) ? System : new Clock(provider);

    /// <summary>Whether time comes from the process and not from a supplied provider.</summary>
    public bool IsSystem => this.provider is null;

    /// <summary>Trims, in the time of this clock, the stores that use it.</summary>
    public Janitor Janitor { get; }

    /// <summary>
    /// The time for checking lifetimes: never ahead of <see cref="PreciseNow"/>, and behind it by no more than a step of the
    /// coarse clock (plus what the operating system delays a thread).
    /// </summary>
    public long Now => this.provider is null ? CoarseClock.Now : this.ProviderNow(this.provider);

    /// <summary>The time for starting lifetimes, read from the source.</summary>
    public long PreciseNow => this.provider is null ? Environment.TickCount64 : this.ProviderNow(this.provider);

    private long ProviderNow(TimeProvider source)
        => source.GetElapsedTime(this.origin, source.GetTimestamp()).Ticks / TimeSpan.TicksPerMillisecond;
}
