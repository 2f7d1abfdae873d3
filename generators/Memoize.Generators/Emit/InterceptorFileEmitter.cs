using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Emit;

/// <summary>
/// Writes the interceptors of one user file, or of a few: thin forwarders, because this file is made anew at every edit of those.
/// </summary>
internal static class InterceptorFileEmitter
{
    private const string AttributeName = "global::System.Runtime.CompilerServices.InterceptsLocationAttribute";
    private const string Extension = ".Interceptors.g.cs";

    /// <summary>What the attribute is called in the files, with an @, or a global using of its namespace would make the name ambiguous.</summary>
    public const string Attribute = "InterceptsLocation";

    /// <summary>Whether this class wrote the file.</summary>
    public static bool Wrote(SyntaxTree tree) => GeneratedFile.IsOurs(tree) && tree.FilePath.EndsWith(Extension, StringComparison.Ordinal);

    public static string HintName(InterceptorFileModel model)
    {
        if (model.Bucket is not null)
        {
            return $"Calls.{model.Bucket}{Extension}";
        }

        var path = model.Files[0].File;
        var name = new string(Path.GetFileNameWithoutExtension(path).Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_').ToArray());
        return $"{(name.Length == 0 ? "Source" : name)}.{StableHash.Hex(path)}{Extension}";
    }

    public static SourceWriter Emit(InterceptorFileModel model)
    {
        var writer = GeneratedFile.Start();
        writer.Open("namespace System.Runtime.CompilerServices");
        writer.Line("// The compiler reads it; nothing of it is left in the assembly.");
        writer.Line("[global::System.Diagnostics.Conditional(\"MEMOIZE_KEEP_INTERCEPTS_LOCATION\")]");
        writer.Line("[global::System.AttributeUsage(global::System.AttributeTargets.Method, AllowMultiple = true)]");
        writer.Open("file sealed class InterceptsLocationAttribute : global::System.Attribute");
        writer.Open("public InterceptsLocationAttribute(int version, string data)");
        writer.Line("_ = version;").Line("_ = data;");
        writer.Close().Close().Close().Line();

        writer.Open("namespace " + Names.GeneratedNamespace);

        // By an alias, which is looked up once: every file has a class of that name, and each look passes by all the others.
        writer.Line($"using {Attribute} = {AttributeName};").Line();
        writer.Line($"/// <summary>The calls in {GeneratedFile.Xml(string.Join(", ", model.Files.Select(file => Path.GetFileName(file.File))))}.</summary>");
        writer.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"Memoize\", \"0.1.0\")]");
        writer.Line("[global::System.Diagnostics.DebuggerStepThrough]");
        writer.Line("[global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]");
        writer.Open("file static class Interceptors");
        var groups = model.Files
            .SelectMany(file => file.Sites.Select(site => (File: Path.GetFileName(file.File), Site: site)))
            .GroupBy(call => call.Site.Forwarder)
            .ToList();
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < groups.Count; i++)
        {
            if (i > 0)
            {
                writer.Line();
            }

            Forwarder(writer, groups[i].Key, groups[i], Number(used, groups[i].Key.Name));
        }

        writer.Close().Close();
        return writer;
    }

    private static string Number(Dictionary<string, int> used, string name)
    {
        used.TryGetValue(name, out var count);
        used[name] = count + 1;
        return count == 0 ? name : name + "_" + (count + 1);
    }

    private static void Forwarder(SourceWriter writer, ForwarderModel forwarder, IEnumerable<(string File, CallSiteModel Site)> calls, string name)
    {
        foreach (var (file, site) in calls)
        {
            writer.Line($"{site.Attribute.Replace(AttributeName, "@" + Attribute)} // {file}({site.Line})");
        }

        writer.Line($"public static {forwarder.ReturnType} {name}{Words.TypeArguments(forwarder.TypeParameters.Select(p => p.Name))}({forwarder.Parameters})");
        GeneratedFile.Constraints(writer, forwarder.TypeParameters);
        writer.Indent().Line($"=> {forwarder.Invocation};").Outdent();
    }
}
