using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Memoize.Dashboard.Tests;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("Development", false, false, HttpStatusCode.OK)]
    [InlineData("Production", false, false, HttpStatusCode.NotFound)]
    [InlineData("Production", true, false, HttpStatusCode.OK)]
    [InlineData("Production", false, true, HttpStatusCode.Unauthorized)]
    [InlineData("Development", false, true, HttpStatusCode.Unauthorized)]
    public async Task Outside_Development_it_is_there_for_the_authorized_only(string environment, bool allowed, bool authorized, HttpStatusCode expected)
    {
        await using var app = await App.Start(environment, options => options.AllowWithoutAuthorization = allowed, authorized);
        foreach (var path in new[] { "memoize", "memoize/", "memoize/files/dashboard.js", "memoize/api/methods" })
            Assert.Equal(expected, (await app.Client.GetAsync(path)).StatusCode);
        if (!authorized)
            return;

        app.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "operator");
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("memoize")).StatusCode);
    }

    [Fact]
    public async Task The_page_may_load_nothing_from_elsewhere_and_be_in_no_frame()
    {
        await using var app = await App.Start("Development");
        var answer = await app.Client.GetAsync("memoize");
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("src=\"/memoize/files/dashboard.js\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null, HttpStatusCode.Forbidden)]
    [InlineData("1", null, null, HttpStatusCode.OK)]
    [InlineData("1", "https://elsewhere.example", null, HttpStatusCode.Forbidden)]
    [InlineData("1", "null", null, HttpStatusCode.Forbidden)]
    [InlineData("1", null, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("1", null, "same-site", HttpStatusCode.Forbidden)]
    [InlineData("1", "self", "same-origin", HttpStatusCode.OK)]
    public async Task Only_the_page_itself_can_change_something(string? header, string? origin, string? site, HttpStatusCode expected)
    {
        Shop.Price(1);
        await using var app = await App.Start("Development");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"memoize/api/methods/{await IdOf(app, "Price")}/evict");
        request.Content = JsonContent.Create(new { key = "id: 999" });
        if (header is not null)
            request.Headers.Add("X-Memoize", header);
        if (origin is not null)
            request.Headers.Add("Origin", origin == "self" ? app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        Assert.Equal(expected, (await app.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Who_may_only_read_changes_nothing()
    {
        Shop.Price(1);
        await using var app = await App.Start("Development", options => options.ReadOnly = true);
        app.Client.DefaultRequestHeaders.Add("X-Memoize", "1");
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Client.PostAsync($"memoize/api/methods/{await IdOf(app, "Price")}/clear", null)).StatusCode);
    }

    [Fact]
    public async Task Values_are_shown_only_where_an_option_says_so()
    {
        Shop.Price(42);
        await using var app = await App.Start("Development");
        var path = $"memoize/api/methods/{await IdOf(app, "Price")}/entries?search=42";
        Assert.DoesNotContain("secret", await app.Client.GetStringAsync(path), StringComparison.Ordinal);
        await using var open = await App.Start("Development", options => options.ShowValue = value => value?.ToString());
        Assert.Contains("secret 42", await open.Client.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_come_in_pages_and_can_be_searched_and_evicted()
    {
        for (var id = 500; id < 620; id++)
            Shop.Price(id);
        await using var app = await App.Start("Development");
        app.Client.DefaultRequestHeaders.Add("X-Memoize", "1");
        var path = $"memoize/api/methods/{await IdOf(app, "Price")}";
        var page = await app.Client.GetFromJsonAsync<JsonElement>($"{path}/entries");
        Assert.Equal((50, true), (page.GetProperty("entries").GetArrayLength(), page.GetProperty("hasMore").GetBoolean()));
        var found = await app.Client.GetFromJsonAsync<JsonElement>($"{path}/entries?search=id: 601");
        Assert.Equal("id: 601", Assert.Single(found.GetProperty("entries").EnumerateArray()).GetProperty("key").GetString());
        var answer = await app.Client.PostAsJsonAsync($"{path}/evict", new { key = "id: 601" });
        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("removed").GetInt32());
        found = await app.Client.GetFromJsonAsync<JsonElement>($"{path}/entries?search=id: 601");
        Assert.Empty(found.GetProperty("entries").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.PostAsJsonAsync($"{path}/evict", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.PostAsync("memoize/api/methods/999999/clear", null)).StatusCode);
    }

    [Fact]
    public async Task Entries_have_an_age_and_a_weight_where_something_is_weighed()
    {
        Shop.Price(77);
        Shop.Label(123);
        await using var app = await App.Start("Development");
        var price = await Only("Price", "id: 77");
        Assert.False(price.Page.GetProperty("showsWeights").GetBoolean());
        Assert.False(price.Entry.TryGetProperty("weight", out _));
        Assert.InRange(price.Entry.GetProperty("age").GetDouble(), 0, 300);
        Assert.Equal(300, price.Entry.GetProperty("age").GetDouble() + price.Entry.GetProperty("remaining").GetDouble(), tolerance: 5);

        var label = await Only("Label", "length: 123");
        Assert.True(label.Page.GetProperty("showsWeights").GetBoolean());
        Assert.Equal(2 * 123, label.Entry.GetProperty("weight").GetInt64());
        Assert.InRange(label.Entry.GetProperty("age").GetDouble(), 0, 300);
        Assert.False(label.Entry.TryGetProperty("remaining", out _));

        async Task<(JsonElement Page, JsonElement Entry)> Only(string method, string key)
        {
            var page = await app.Client.GetFromJsonAsync<JsonElement>($"memoize/api/methods/{await IdOf(app, method)}/entries?search={key}");
            return (page, Assert.Single(page.GetProperty("entries").EnumerateArray()));
        }
    }

    private static async Task<long> IdOf(App app, string method)
        => (await app.Client.GetFromJsonAsync<JsonElement>("memoize/api/methods")).GetProperty("methods").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString()!.Contains($"Shop.{method}(", StringComparison.Ordinal)).GetProperty("id").GetInt64();
}
