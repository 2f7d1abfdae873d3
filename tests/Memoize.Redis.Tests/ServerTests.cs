namespace Memoize.Redis.Tests;

/// <summary>Which server the tests run on: a run for Valkey that meets Redis would prove nothing.</summary>
public sealed class ServerTests
{
    [Fact]
    public void The_tests_run_on_the_server_that_was_asked_for()
    {
        var isValkeyWanted = Environment.GetEnvironmentVariable("MEMOIZE_TEST_SERVER")?.Contains("valkey", StringComparison.Ordinal) == true;
        using var server = TestServers.OwnRedis();

        Assert.Contains(isValkeyWanted ? "server_name:valkey" : "redis_version:", server.Say("INFO server"), StringComparison.Ordinal);
    }
}
