using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Memoize.Catalog;

/// <summary>
/// The cached methods of the loaded assemblies, called or not; for generated code. Safe for use by many threads.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CachedMethodCatalog
{
    // Weakly, so that an unloadable assembly stays unloadable: its own static field keeps the delegate for as long as it is there.
    private static readonly List<WeakReference<Func<CachedMethodInfo[]>>> Announced = [];

    /// <summary>Makes the cached methods of an assembly known; called when that is loaded, so it does next to nothing.</summary>
    /// <param name="methods">Makes the list; a static lambda, which lives as long as its assembly.</param>
    public static void Announce(Func<CachedMethodInfo[]> methods)
    {
        lock (Announced)
            Announced.Add(new(methods));
    }

    /// <summary>All that are known now.</summary>
    internal static IReadOnlyList<CachedMethodInfo> All
    {
        get
        {
            WeakReference<Func<CachedMethodInfo[]>>[] announced;
            lock (Announced)
                announced = [.. Announced];
            return [.. announced.SelectMany(static reference => reference.TryGetTarget(out var methods) ? methods() : [])];
        }
    }

    /// <summary>Makes the cached methods of all assemblies known that are loaded, even if none of their code has run.</summary>
    internal static void LoadAll()
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!assembly.IsDynamic && !assembly.IsCollectible)
                RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        }
    }

    /// <summary>Makes the cached methods of the assembly of a type known, even if none of its code has run.</summary>
    internal static void Load(Type type)
    {
        // What was made at run time has none.
        if (!type.Assembly.IsDynamic)
            RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
    }
}
