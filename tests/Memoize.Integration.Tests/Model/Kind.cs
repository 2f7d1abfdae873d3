namespace Memoize.Integration.Tests.Model;

/// <summary>The cached methods of <see cref="Shelf"/>.</summary>
public enum Kind
{
    Plain,
    Lazy,
    Stale,
    Sturdy,
    Slide,
}
