using Memoize.Catalog;
using Memoize.Configuration;
using Memoize.Tiers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Memoize;

/// <summary>
/// Options of cached methods from a configuration: <c>Methods:{stable name}:{option}</c> below its section. What is there holds for the
/// whole process, whoever has read it. Safe for use by many threads.
/// </summary>
public static class MemoizeConfiguration
{
    /// <summary>
    /// Reads a section, and reads it again whenever it changes. <c>AddMemoize</c> does so by itself with the section <c>Memoize</c> of
    /// the configuration that the container has, when the host starts.
    /// </summary>
    /// <remarks>
    /// After a change, a method whose settings cannot be read keeps those that it had, and what is wrong goes to
    /// <paramref name="report"/>; all others have the new ones.
    /// </remarks>
    /// <param name="section">The section, usually <c>configuration.GetSection("Memoize")</c>.</param>
    /// <param name="report">Is told what is wrong after a change; null for nobody.</param>
    /// <returns>Takes the settings back, and ends the watching, when disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="section"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// A name is that of no cached method of the assemblies that are loaded, or a value is none for its option; the message lists all that is
    /// wrong, with names that are near. Nothing has changed.
    /// </exception>
    public static IDisposable Use(IConfiguration section, Action<string>? report = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new Watch(section, report);
    }

    private sealed class Watch : IDisposable
    {
        private readonly object gate = new();
        private readonly IConfiguration section;
        private readonly Action<string>? report;
        private readonly IDisposable changes;
        private string? defaultTiers;
        private IReadOnlyDictionary<string, MethodSettings> settings;
        private bool disposed;

        internal Watch(IConfiguration section, Action<string>? report)
        {
            this.section = section;
            this.report = report;
            CachedMethodCatalog.LoadAll();
            var read = SettingsReader.Read(section, MethodConfiguration.Known);
            if (read.Problems.Count > 0)
                throw new InvalidOperationException(string.Join(Environment.NewLine, read.Problems));

            settings = read.Settings;
            MethodConfiguration.Set(this, settings);
            Apply(read.DefaultTiers);
            changes = ChangeToken.OnChange(section.GetReloadToken, Reload);
        }

        // Nobody is there who could be thrown at.
        private void Reload()
        {
            try
            {
                lock (gate)
                {
                    if (disposed)
                        return;
                    CachedMethodCatalog.LoadAll();
                    var read = SettingsReader.Read(section, MethodConfiguration.Known);
                    var next = new Dictionary<string, MethodSettings>(read.Settings, StringComparer.Ordinal);
                    foreach (var method in read.Unreadable)
                    {
                        if (settings.TryGetValue(method, out var before))
                            next[method] = before;
                    }

                    settings = next;
                    MethodConfiguration.Set(this, settings);
                    Apply(read.DefaultTiers);
                    foreach (var problem in read.Problems)
                        report?.Invoke(problem);
                }
            }
            catch (Exception e)
            {
                report?.Invoke($"The configuration of Memoize could not be read again, and stays as it was: {e.Message}");
            }
        }

        // Who says nothing about it leaves what another configuration says.
        private void Apply(string? next)
        {
            if (next != defaultTiers)
                TierRegistry.SetDefault(next);
            defaultTiers = next;
        }

        public void Dispose()
        {
            changes.Dispose();
            lock (gate)
            {
                Apply(null);
                disposed = true;
                MethodConfiguration.Set(this, new Dictionary<string, MethodSettings>());
            }
        }
    }
}
