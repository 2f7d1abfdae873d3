using System.Reflection.PortableExecutable;
using System.Text;

namespace Memoize.Package.Tests;

/// <summary>The oldest compiler that the documentation claims, and not the one that these tests are compiled with.</summary>
public sealed class OldCompilerTests(PackedMemoize packed)
{
    [Fact]
    public async Task Its_programs_are_cached_through_every_door()
    {
        var run = await packed.Run("OldCompiler", "net8.0");
        Assert.StartsWith("4.14.", CompilerOf("OldCompiler/bin/Debug/net8.0/OldCompiler.dll"), StringComparison.Ordinal);
        Assert.Equal("1", run["plain loads"]);
        Assert.Equal("2", run["generic loads"]);
        Assert.Equal("1", run["partial loads"]);
        Assert.Equal("1", run["private loads"]);
        Assert.Equal("1", run["async loads"]);
        Assert.Equal("2", run["loads after an eviction"]);
        Assert.Equal("2", run["loads behind an interface"]);
        Assert.Equal("3", run["loads after a write"]);
    }

    [Fact]
    public async Task It_reports_what_is_wrong()
    {
        Assert.True(packed.Build.ExitCode == 0, packed.Build.Output);
        var build = await packed.Dotnet("build", "OldCompiler/OldCompiler.csproj", "--no-restore", "-p:Wrong=true", "-p:OutputPath=bin/wrong/", "-p:IntermediateOutputPath=obj/wrong/");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("Wrong.cs(7,40): error MEMO0101", build.Output, StringComparison.Ordinal);
        Assert.Contains("warning MEMO0501", build.Output, StringComparison.Ordinal);
        Assert.Contains("warning MEMO1001", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CS8032", build.Output, StringComparison.Ordinal);   // an analyzer that could not be made
        Assert.DoesNotContain("AD0001", build.Output, StringComparison.Ordinal);   // one that threw
    }

    // What a compiler writes of itself into the symbols.
    private string CompilerOf(string path)
    {
        using var pe = new PEReader(File.OpenRead(packed.PathOf(path)));
        Assert.True(pe.TryOpenAssociatedPortablePdb(packed.PathOf(path), File.OpenRead, out var provider, out _));
        using (provider)
        {
            var symbols = provider!.GetMetadataReader();
            var options = symbols.CustomDebugInformation.Select(symbols.GetCustomDebugInformation)
                .Single(information => symbols.GetGuid(information.Kind) == new Guid("B5FEEC05-8CD0-4A83-96DA-466284BB4BD8"));
            var words = Encoding.UTF8.GetString(symbols.GetBlobBytes(options.Value)).Split('\0');
            return words[Array.IndexOf(words, "compiler-version") + 1];
        }
    }
}
