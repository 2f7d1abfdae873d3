using System.Reflection;
using System.Runtime.Versioning;

namespace Memoize;

/// <summary>In every test project: on a newer runtime, a build for an older framework proves little about it.</summary>
public sealed class OwnRuntimeTests
{
    [Fact]
    public void What_is_built_for_net8_runs_on_NET_8_where_there_is_one()
    {
        var framework = new FrameworkName(typeof(OwnRuntimeTests).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);
        // tests/Directory.Build.targets runs it there, and .ci/run says where; elsewhere a newer one stands in.
        if (framework.Version.Major == 8 && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MEMOIZE_DOTNET8")))
            Assert.Equal(8, Environment.Version.Major);
        else
            Assert.True(Environment.Version.Major >= framework.Version.Major, $"Built for .NET {framework.Version}, and run on {Environment.Version}");
    }
}
