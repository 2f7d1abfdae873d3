namespace Memoize.Integration.Tests;

/// <summary>A partial method is cached whoever calls it.</summary>
public partial class PartialDoorTests
{
    private static readonly Counted _counted = new();

    internal interface IUsers
    {
        Task<string> GetAsync(int id, CancellationToken cancellationToken);
    }

    [Fact]
    public async Task Interfaces_delegates_and_reflection_meet_one_cache()
    {
        IUsers users = new Users();
        var token = TestContext.Current.CancellationToken;
        Assert.Equal("user 1", await users.GetAsync(1, token));
        Assert.Equal("user 1", await new Users().GetAsync(1, token));
        Func<int, CancellationToken, Task<string>> call = users.GetAsync;
        Assert.Equal("user 1", await call(1, token));
        Assert.Equal("user 1", await (Task<string>)typeof(Users).GetMethod(nameof(Users.GetAsync))!.Invoke(users, [1, token])!);
        Assert.Equal(1, _counted.Runs);
    }

    internal sealed partial class Users : IUsers
    {
        [Cached(Ttl = 300)]
        public partial Task<string> GetAsync(int id, CancellationToken cancellationToken);

        private static async Task<string> GetAsyncCore(int id, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            return _counted.Ran($"user {id}");
        }
    }
}
