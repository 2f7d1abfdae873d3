// A web shop: products come from a slow database, and are remembered.
//   dotnet run --project samples/WebShop -- --urls http://127.0.0.1:5080
//   curl http://127.0.0.1:5080/products/7
using System.Text.Json.Serialization;
using WebShop;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default));
builder.Services.AddSingleton<IDatabase, SlowDatabase>();
builder.Services.AddScoped<Products>();

var app = builder.Build();

app.MapGet("/products/{id:int}", async (int id, Products products, CancellationToken cancellationToken)
    => await products.FindAsync(id, cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());

app.MapPut("/products/{id:int}/price/{price:decimal}", async (int id, decimal price, Products products, CancellationToken cancellationToken)
    => await products.SetPriceAsync(id, price, cancellationToken) ? Results.NoContent() : Results.NotFound());

// The same answer without a question: what a cached page could cost at the least. See load.sh.
var constant = new Product(7, "Product 7", 16.99m);
app.MapGet("/constant/{id:int}", async (int id, Products products, CancellationToken cancellationToken)
    => await Task.FromResult<Product?>(constant) is { } product ? Results.Ok(product) : Results.NotFound());

// What is remembered, live: http://127.0.0.1:5080/memoize, in Development.
app.MapMemoize("/memoize");

app.Run();

[JsonSerializable(typeof(Product))]
internal sealed partial class ShopJson : JsonSerializerContext;
