using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Text;

namespace Memoize.Sqlite.Engine;

/// <summary>The file of who names none: one for each user and each program, told apart by the folder that the program runs from.</summary>
internal static class DefaultFile
{
    internal static string Path { get; } = Make();

    private static string Make()
    {
        var home = AppContext.BaseDirectory;
        var program = Assembly.GetEntryAssembly()?.GetName().Name ?? "program";
        var hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(home)).ToString("x16", CultureInfo.InvariantCulture);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0
            ? System.IO.Path.Combine(home, ".memoize", "cache.db")
            : System.IO.Path.Combine(data, "memoize", $"{program}-{hash}", "cache.db");
    }
}
