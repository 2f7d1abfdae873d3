namespace Memoize.Memcached.Tests;

// What a test does where there is no memcached.
internal sealed partial class MemcachedServer
{
    /// <summary>Starts one, or skips the test where there is none to start; in continuous integration there has to be one.</summary>
    public static MemcachedServer Start(params string[] arguments)
    {
        if (!IsInstalled)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "memcached is not installed (apt-get install memcached).");
            Assert.Fail("memcached is not installed (apt-get install memcached).");
        }
        return StartInstalled(arguments);
    }
}
