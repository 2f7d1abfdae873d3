using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Tests.Harness;

/// <summary>
/// Replaces the opaque location of an interceptor by the call that it stands for. The payload holds a hash of the file, so it differs
/// between line endings, and nobody could read from it which call it serves.
/// </summary>
static partial class LocationScrubber
{
    /// <summary>The hash of the file: 16 bytes; then the position: 4 bytes; then the name of the file.</summary>
    const int PositionOffset = 16;

    const int NameOffset = 20;

    // A release build silences every warning in generated code, a debug build only the expected ones.
    [GeneratedRegex("#pragma warning disable CS[CS0-9, ]+")]
    private static partial Regex ExpectedWarnings();

    public static string Scrub(string text, GeneratorRun run) => Attribute().Replace(ExpectedWarnings().Replace(text, "#pragma warning disable"), match =>
    {
        var payload = Convert.FromBase64String(match.Groups["data"].Value);
        var position = BitConverter.ToInt32(payload, PositionOffset);
        var name = Encoding.UTF8.GetString(payload, NameOffset, payload.Length - NameOffset);
        var tree = run.Input.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == name);
        var call = tree.GetRoot().FindToken(position).Parent!.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().First();
        return $"InterceptsLocation(1, \"{name}: {call.ToString().Replace("\"", "\\\"", StringComparison.Ordinal)}\")";
    });

    [GeneratedRegex("""InterceptsLocation(Attribute)?\(1, "(?<data>[A-Za-z0-9+/=]+)"\)""")]
    private static partial Regex Attribute();
}
