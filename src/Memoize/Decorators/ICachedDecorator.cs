using System.ComponentModel;

namespace Memoize;

/// <summary>What every generated decorator is; for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ICachedDecorator
{
    /// <summary>The service that is decorated.</summary>
    object Inner { get; }

    /// <summary>Stands for the caches that the decorator uses: those of its registration, or its own.</summary>
    object Owner { get; }
}
