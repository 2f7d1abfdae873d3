using System.Runtime.InteropServices;

namespace Memoize;

/// <summary>The runtime that this process runs on, for other processes that belong to the test.</summary>
internal static class OwnRuntime
{
    /// <summary>The <c>dotnet</c> of its installation.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}
