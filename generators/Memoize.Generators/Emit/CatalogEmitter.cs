using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;

namespace Memoize.Generators.Emit;

/// <summary>
/// Writes the list of the cached methods of the assembly, which <c>AddMemoize</c> reads: cells tell of themselves only when they are used.
/// </summary>
internal static class CatalogEmitter
{
    public const string HintName = "Memoize.Catalog.g.cs";

    private const string Info = "global::Memoize.Catalog.CachedMethodInfo";

    public static SourceWriter Emit(CatalogModel catalog)
    {
        var writer = GeneratedFile.Start();
        writer.Open("namespace " + Names.GeneratedNamespace);
        writer.Line("/// <summary>Tells <c>AddMemoize</c> of the cached methods of the assembly.</summary>");
        writer.Line(GeneratedFile.ClassAttributes);
        writer.Open("internal static class Catalog");
        writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
        writer.Line($"internal static void Announce() => global::Memoize.Catalog.CachedMethodCatalog.Announce(static () => new {Info}[]");
        writer.Line("{").Indent();
        foreach (var method in catalog.Methods)
        {
            writer.Line($"new({Literals.Of(method.Name)}){Facts(method)},");
        }

        writer.Outdent().Line("});");
        writer.Close();
        writer.Close();
        return writer;
    }

    private static string Facts(CatalogEntryModel method)
    {
        var facts = new List<string>();
        if (method.LoadsInBackground)
        {
            facts.Add("LoadsInBackground = true");
        }

        if (method.LoadsOn is { } type)
        {
            facts.Add($"LoadsOn = typeof({type})");
        }

        if (method.Weighs)
        {
            facts.Add("Weighs = true");
        }

        if (method.Tiers is { } tiers)
        {
            facts.Add($"Tiers = {tiers}");
        }

        return facts.Count == 0 ? "" : $" {{ {string.Join(", ", facts)} }}";
    }
}
