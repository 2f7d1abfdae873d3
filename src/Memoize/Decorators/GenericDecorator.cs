using System.Diagnostics.CodeAnalysis;

namespace Memoize;

/// <summary>The decorator of a generic interface, of which only a container makes closed types, as it does of every open registration.</summary>
internal sealed class GenericDecorator(
    string name, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type? registered, bool loadsInBackground)
{
    /// <summary>The name of the class, for messages.</summary>
    public string Name => name;

    /// <summary>The open class that the container makes; null where the assembly was compiled without the attribute that gives it a key.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type? Registered { get; } = registered;

    public bool LoadsInBackground => loadsInBackground;
}
