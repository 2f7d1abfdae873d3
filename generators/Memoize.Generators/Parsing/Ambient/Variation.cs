using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Ambient;

/// <summary>By which of the declared values one method varies, and which it says do not matter.</summary>
internal sealed record Variation(IReadOnlyList<AmbientSource> By, IReadOnlyList<AmbientSource> Ignored)
{
    /// <summary>Whether the author has said what the value means for the key.</summary>
    public bool Decides(AmbientSource source) => By.Contains(source) || Ignored.Contains(source);

    /// <param name="cached">The attribute of the method.</param>
    /// <param name="sources">What the assembly declares.</param>
    /// <param name="problem">What is wrong with <c>VaryBy</c>, and the whole text as it was probably meant.</param>
    public static Variation Of(AttributeData cached, AmbientSources sources, out (string Reason, string? Mended)? problem)
    {
        problem = null;
        var by = sources.All.Where(source => source.IsDefault).ToList();
        var ignored = new List<AmbientSource>();
        if (cached.Named<string?>("VaryBy", null) is not { } text)
        {
            return new Variation(by, ignored);
        }

        var names = text.Split(',').Select(name => name.Trim()).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            var isMinus = names[i].StartsWith("-", StringComparison.Ordinal);
            var name = names[i].TrimStart('-').Trim();
            if (name.Length == 0)
            {
                problem ??= ($"it names nothing{(sources.All.Count == 0 ? "" : "; declared are " + sources.Listed)}; name what the result depends on, or remove it", null);
            }
            else if (!seen.Add(name))
            {
                problem ??= ($"'{name}' is named twice", null);
            }
            else if (sources.Find(name) is not { } source)
            {
                var near = sources.Nearest(name);
                problem ??= (Unknown(name, near, sources), near is null ? null : string.Join(",", names.Select((other, j) => j == i ? (isMinus ? "-" : "") + near : other)));
            }
            else if (isMinus)
            {
                by.Remove(source);
                ignored.Add(source);
            }
            else if (!by.Contains(source))
            {
                by.Add(source);
            }
        }

        return new Variation([.. by.OrderBy(source => source.Name, StringComparer.Ordinal)], ignored);
    }

    private static string Unknown(string name, string? near, AmbientSources sources) =>
        $"no [assembly: CacheVaryBy(\"{name}\", …)] declares it" + (near, sources.All.Count) switch
        {
            ({ } meant, _) => $"; did you mean '{meant}'?",
            (_, 0) => "",
            _ => $"; declared are {sources.Listed}",
        };
}
