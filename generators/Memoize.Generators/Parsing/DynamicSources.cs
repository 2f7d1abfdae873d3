using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Where values of the type dynamic may come from: a call with one as an argument is bound at run time, and cannot be intercepted. In
/// a program that never says <c>dynamic</c> they can only come from members of assemblies that it uses, and those are few.
/// </summary>
internal sealed class DynamicSources
{
    /// <summary>From anywhere: nothing is certain without binding.</summary>
    private static readonly DynamicSources Anywhere = new(null);

    private static readonly ConditionalWeakTable<MetadataReference, DynamicSources> Known = new();

    // Members that code uses without naming them. One whose type is dynamic makes the sources as good as unknown.
    private static readonly ImmutableHashSet<string> Unnamed = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "GetEnumerator", "GetAsyncEnumerator", "Current", "Invoke", "Deconstruct", "GetAwaiter", "GetResult", "Slice",
        "Cast", "Select", "SelectMany", "Where", "Join", "GroupJoin", "GroupBy", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending");

    private DynamicSources(ImmutableHashSet<string>? names)
    {
        AreEverywhere = names is null;
        Names = names ?? ImmutableHashSet<string>.Empty;
    }

    /// <summary>Whether any expression may be of the type dynamic.</summary>
    public bool AreEverywhere { get; }

    /// <summary>The names of the members from which such a value may come; code that mentions none of them has none.</summary>
    public ImmutableHashSet<string> Names { get; }

    public static DynamicSources In(Compilation compilation)
    {
        if (compilation.SyntaxTrees.Any(tree => TreeFacts.Of(tree).MentionsDynamic))
        {
            return Anywhere;
        }

        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var reference in compilation.References)
        {
            // A project that an editor hands over as source changes with every keystroke in it.
            var sources = reference is CompilationReference project ? In(project.Compilation) : Known.GetValue(reference, In);
            if (sources.AreEverywhere)
            {
                return Anywhere;
            }

            names.UnionWith(sources.Names);
        }

        return new DynamicSources(names.ToImmutable());
    }

    private static DynamicSources In(MetadataReference reference)
    {
        // Types of COM that are embedded have dynamic where they say object.
        if (reference.Properties.EmbedInteropTypes || reference is not PortableExecutableReference file)
        {
            return Anywhere;
        }

        try
        {
            var modules = file.GetMetadata() switch
            {
                AssemblyMetadata assembly => assembly.GetModules(),
                ModuleMetadata module => [module],
                _ => [],
            };
            var names = modules.Select(module => DynamicMembers.In(module.GetMetadataReader())).ToList();
            return names.Exists(static own => own is null || own.Any(IsUnnamed))
                ? Anywhere
                : new DynamicSources(ImmutableHashSet.CreateRange(StringComparer.Ordinal, names.SelectMany(static own => own!)));
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return Anywhere;
        }
    }

    private static bool IsUnnamed(string member) => Unnamed.Contains(member) || member.StartsWith("op_", StringComparison.Ordinal);
}
