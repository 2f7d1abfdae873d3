namespace Memoize.Package.Tests;

/// <summary>Projects outside the repository that reference the packed package, built with warnings as errors and run.</summary>
public sealed class ConsumerTests(PackedMemoize packed)
{
    [Fact]
    public void All_scenarios_build_without_a_warning()
    {
        Assert.True(packed.Build.ExitCode == 0, packed.Build.Output);
        Assert.Contains("0 Warning(s)", packed.Build.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public async Task An_application_gets_cached_results_through_both_doors(string framework)
    {
        var run = await packed.Run("App", framework);
        Assert.Equal("1", run["plain loads"]);
        Assert.Equal("1", run["partial loads"]);
        Assert.Equal("1", run["partial loads through its interface"]);
        Assert.Equal("1", run["async loads"]);
        Assert.Equal("2", run["loads after an eviction"]);
        Assert.Equal("Mine;Memoize.Generated", run["namespaces"]);
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MEMOIZE_DOTNET8")))
            Assert.Equal(framework, $"net{run["runtime"]}.0");
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public void A_project_that_asks_for_it_gets_a_list_of_its_cached_methods(string framework)
    {
        Assert.True(packed.Build.ExitCode == 0, packed.Build.Output);
        var report = packed.ReadScenario($"App/obj/Debug/{framework}/Memoize.Report.md");
        Assert.StartsWith("# Cached methods\n", report, StringComparison.Ordinal);
        Assert.Contains("- door: partial, every call is cached", report, StringComparison.Ordinal);
        Assert.Contains("- cached calls: Program.cs(", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_and_the_project_that_references_it_share_one_cache()
    {
        var run = await packed.Run("LibraryUser", "net10.0");
        Assert.Equal("1", run["loads from the library"]);
        Assert.Equal("1", run["loads from both"]);
        Assert.Equal("1", run["partial loads from both"]);
        Assert.Equal("1", run["own loads"]);
    }

    [Fact]
    public async Task The_cached_methods_of_a_packed_library_are_cached_for_projects_that_never_heard_of_Memoize()
    {
        Assert.True(packed.Build.ExitCode == 0, packed.Build.Output);
        var pack = await packed.Dotnet("pack", "Library/Library.csproj", "--no-build", "-c", "Debug", "-o", packed.Feed, $"-p:PackageVersion={packed.Version}");
        Assert.True(pack.ExitCode == 0, pack.Output);
        var build = await packed.Dotnet("build", "PackedUser/PackedUser.csproj", "-warnaserror");
        Assert.True(build.ExitCode == 0, build.Output);

        var run = await packed.Run("PackedUser", "net10.0");
        Assert.Equal("1", run["loads"]);
        Assert.Equal("1", run["partial loads"]);
    }

    [Theory]
    [InlineData("VisualBasicUser")]
    [InlineData("FSharpUser")]
    public async Task In_another_language_the_partial_methods_of_a_library_are_cached_and_the_plain_ones_are_not(string project)
    {
        var run = await packed.Run(project, "net10.0");
        Assert.Equal("3", run["loads"]);
        Assert.Equal("1", run["partial loads"]);
        Assert.Equal("2", run["partial loads after an eviction"]);
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public async Task The_other_packages_bring_Memoize_along_and_work(string framework)
    {
        var run = await packed.Run("Satellites", framework);
        Assert.Equal("1", run["loads with a disk behind memory"]);
        Assert.Equal("1", run["loads while Redis is away"]);
        Assert.Equal("1", run["loads while memcached is away"]);
        Assert.Equal("1 hit", run["isolated"]);
        Assert.Equal("OK", run["dashboard"]);
        Assert.Equal("Degraded", run["health without Redis and memcached"]);
    }

    [Fact]
    public async Task Without_interception_the_plain_door_runs_uncached_and_the_partial_door_stays_cached()
    {
        var run = await packed.Run("Off", "net10.0");
        Assert.Equal("3", run["plain loads"]);
        Assert.Equal("1", run["partial loads"]);
    }

    [Theory]
    [InlineData("roslyn4.11", true)]
    [InlineData("roslyn4.14", false)]
    [InlineData("roslyn5.0", false)]
    public async Task A_compiler_that_is_too_old_is_told_in_plain_words(string compiler, bool warned)
    {
        Assert.True(packed.Build.ExitCode == 0, packed.Build.Output);
        var check = await packed.Dotnet("msbuild", "Off/Off.csproj", "-t:MemoizeCheckCompiler", "-nologo", $"-p:CompilerApiVersion={compiler}");
        Assert.Equal(0, check.ExitCode);
        Assert.Equal(warned, check.Output.Contains("warning MEMOCFG01: Memoize needs the compiler of .NET SDK 9.0.300", StringComparison.Ordinal));
    }
}
