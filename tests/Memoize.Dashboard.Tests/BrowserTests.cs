using Microsoft.Playwright;

namespace Memoize.Dashboard.Tests;

/// <summary>The page in a real browser.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly List<string> complaints = [];
    private App app = null!;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium) && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip($"There is no {Chromium}: apt-get install chromium");
        app = await App.Start("Development");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
    }

    private async Task<IPage> Open(ColorScheme scheme = ColorScheme.Light)
    {
        var page = await browser!.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1280, Height = 800 } });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(app.Client.BaseAddress!.ToString(), StringComparison.Ordinal))
                complaints.Add(request.Url);
        };
        await page.GotoAsync(app.Page);
        await page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Live" }).WaitForAsync();
        return page;
    }

    [Fact]
    public async Task Searching_finds_methods()
    {
        Shop.Price(1);
        Shop.Greet("you");
        var page = await Open();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search methods" }).FillAsync("greet");
        Assert.Equal(1, await page.Locator("#methods tbody tr").CountAsync());
        Assert.Contains("Shop.Greet(string)", await page.Locator("#methods tbody").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search methods" }).FillAsync("nothing");
        await page.GetByText("No method has such a name.").WaitForAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_entry_is_evicted_after_a_question_and_only_then_by_keyboard_alone()
    {
        Shop.Greet("evicted in a browser");
        var page = await Open();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("greet");
        var method = page.GetByRole(AriaRole.Button, new() { NameRegex = new("Greet") });
        await method.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var details = page.GetByRole(AriaRole.Dialog, new() { NameRegex = new("Greet") });
        await details.WaitForAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search keys" }).FillAsync("in a browser");
        var evict = details.GetByRole(AriaRole.Button, new() { NameRegex = new("Evict .*evicted in a browser") });
        await evict.FocusAsync();

        // The search that was typed comes a moment later, and draws the lines anew.
        await page.GetByText("Entries 1 to 1", new() { Exact = true }).WaitForAsync();
        await Assertions.Expect(evict).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Evict this entry?" }).WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(1, await evict.CountAsync());
        Assert.Equal(0, ShopCache.Greet.Statistics.EvictionsByRequest);

        await evict.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Evict", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("One entry has been removed.").WaitForAsync();
        Assert.Equal(1, ShopCache.Greet.Statistics.EvictionsByRequest);
        await details.GetByRole(AriaRole.Button, new() { Name = "Close" }).FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await details.IsVisibleAsync());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Entries_show_their_age_and_their_weight_where_something_is_weighed()
    {
        Shop.Price(1);
        Shop.Label(321);
        var page = await Open();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Label") }).ClickAsync();
        var details = page.GetByRole(AriaRole.Dialog, new() { NameRegex = new("Label") });
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search keys" }).FillAsync("321");
        var row = page.Locator("#entries tbody tr").Filter(new() { HasText = "length: 321" });
        await row.WaitForAsync();
        Assert.Equal(["Key", "Age", "Expires in", "Weight", "Evict"], await page.Locator("#entries thead th").AllTextContentsAsync());
        var cells = await row.Locator("td").AllTextContentsAsync();
        Assert.Matches(@"^[\d.]+ (µs|ms|s|min)$", cells[1]);
        Assert.Equal("never", cells[2]);
        Assert.Matches(@"^\d+$", cells[3]);
        await details.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Price") }).ClickAsync();
        await page.Locator("#entries tbody tr").First.WaitForAsync();
        await page.Locator("#entries tbody tr").Filter(new() { HasText = "id: " }).First.WaitForAsync();
        Assert.Equal(["Key", "Age", "Expires in", "Evict"], await page.Locator("#entries thead th").AllTextContentsAsync());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Tiers_show_whether_they_answer_and_what_they_did_not_take()
    {
        Shop.Price(1);
        var page = await Open();
        var table = page.GetByRole(AriaRole.Table, new() { NameRegex = new("^Stores behind") });
        Assert.False(await table.IsVisibleAsync());

        var store = new Shelf();
        Memo.AddTier("shelf", store);
        try
        {
            await table.WaitForAsync();
            var line = page.Locator("#tiers tbody tr");
            Shop.Kept(new(2026, 1, 1));
            await Memo.FlushTiersAsync();
            await Assertions.Expect(line).ToContainTextAsync("answers");
            await Assertions.Expect(line.Locator("td").Nth(4)).ToHaveTextAsync("1");
            await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new() { NameRegex = new("Kept") })).ToContainTextAsync("tiers shelf");
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Memoize.Dashboard.Tests.Shop.Kept(DateOnly)" })).ToHaveAttributeAsync("title", "Memoize.Dashboard.Tests.Shop.Kept(System.DateOnly)");

            store.IsBroken = true;
            Shop.Kept(new(2026, 1, 2));
            await Memo.FlushTiersAsync();
            await Assertions.Expect(line).ToContainTextAsync("does not answer");
            var notStored = line.Locator("td").Nth(5);
            await Assertions.Expect(notStored).ToHaveTextAsync("1");
            Assert.Equal("the store failed: 1", await notStored.GetAttributeAsync("title"));
        }
        finally
        {
            Memo.RemoveTier("shelf");
        }

        await table.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_screen_reader_is_told_what_is_there()
    {
        Shop.Price(1);
        Shop.Price(1);
        var page = await Open();
        var said = await page.Locator("body").AriaSnapshotAsync();
        foreach (var part in new[] { "heading \"Memoize\" [level=1]", "searchbox \"Search methods\"", "columnheader \"Hit ratio\"", "rowheader", "button \"Pause\"", "status: Live", "table \"Cached methods" })
            Assert.Contains(part, said, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Method", Exact = true }).ClickAsync();
        Assert.Equal("ascending", await page.GetByRole(AriaRole.Columnheader, new() { Name = "Method", Exact = true }).GetAttributeAsync("aria-sort"));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task It_is_dark_where_the_system_is()
    {
        var light = await (await Open()).EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        var dark = await (await Open(ColorScheme.Dark)).EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(("rgb(245, 246, 250)", "rgb(18, 19, 27)"), (light, dark));
        Assert.Empty(complaints);
    }
}
