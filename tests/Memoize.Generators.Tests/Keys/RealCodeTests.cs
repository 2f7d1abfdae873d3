using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Keys;

/// <summary>Shapes of public code that rules once judged wrongly, in either direction, and code that once broke what was generated.</summary>
public sealed class RealCodeTests
{
    sealed record Row(string Name, [StringSyntax("c#-test")] string Code, string Refused = "");

    static readonly Row[] _rows =
    [
        new("A context shows data and is a service", "namespace Microsoft.EntityFrameworkCore { public class DbContext { public int Timeout { get; set; } public int SaveChanges() => 0; } } public class Shop : Microsoft.EntityFrameworkCore.DbContext { public string Name => \"\"; } public sealed class C(Shop shop) { [Cached] public string M(int a) => shop.Name + a; }"),
        new("A client of the web is a service", "public sealed class C(System.Net.Http.HttpClient client) { [Cached] public Task<string> M(string a) => client.GetStringAsync(a); }"),
        new("A logger of NLog is a service", "namespace NLog { public class Logger { public string Name => \"\"; public void Info(string text) { } } } public sealed class C { readonly NLog.Logger _log = new(); [Cached] public string M(string a) { _log.Info(a); return string.Concat(a, a); } }"),
        new("Injected services are services", "public interface IProvider { string? Find(string a); } public sealed class C(IEnumerable<IProvider> all) { [Cached] public string? M(string a) => all.Select(p => p.Find(a)).FirstOrDefault(); }"),
        new("Injected lazy services are services", "public interface IProvider { string? Find(string a); } public sealed class C(IEnumerable<Lazy<IProvider>> all) { [Cached] public string? M(string a) => all.Select(p => p.Value.Find(a)).FirstOrDefault(); }"),
        new("Things behind an interface with data are data", "public interface IThing { string Name { get; } string Text(); } public sealed class C(IEnumerable<IThing> all) { [Cached] public string M(string a) => a + all.First().Name; }", "MEMO0103"),
        new("A field of a service that nobody assigns again", "public interface IClock { string Find(string a); } public sealed class C { private IClock _clock; public C(IClock clock) { _clock = clock; } [Cached] public string M(string a) => _clock.Find(a); }"),
        new("A field of a service that is assigned again", "public interface IClock { string Find(string a); } public sealed class C { private IClock _clock; public C(IClock clock) { _clock = clock; } public void Use(IClock clock) => _clock = clock; [Cached] public string M(string a) => _clock.Find(a); }", "MEMO0103"),
        new("A field of a service that a lambda of the constructor assigns again", "public interface IClock { string Find(string a); } public sealed class C { private IClock _clock; public Action<IClock> Use; public C(IClock clock) { _clock = clock; Use = other => _clock = other; } [Cached] public string M(string a) => _clock.Find(a); }", "MEMO0103"),
        new("A constant that is a field", "public sealed class C { private readonly string _prefix = \"x\"; private int _size = 5; [Cached] public string M(string a) => _prefix + a + _size; }"),
        new("A constant that a constructor replaces", "public sealed class C { private readonly string _prefix = \"x\"; public C(string prefix) { _prefix = prefix; } [Cached] public string M(string a) => _prefix + a; }", "MEMO0103"),
        new("A keyed constant stays keyed", "public sealed class C { [CacheKey] private readonly string _prefix = \"x\"; [Cached] public string M(string a) => _prefix + a; }"),
        new("A sealed type decides its virtual members", "public abstract class B { protected abstract string Part(int a); protected virtual string Other(int a) => \"o\" + a; protected string Both(int a) => Part(a) + Other(a); } public sealed class C : B { protected override string Part(int a) => \"p\" + a; [Cached] public string M(int a) => Both(a); }"),
        new("An override that reads state, in a sealed type", "public abstract class B { protected abstract string Part(int a); protected string Both(int a) => Part(a) + a; } public sealed class C(int x) : B { protected override string Part(int a) => \"p\" + x; [Cached] public string M(int a) => Both(a); }", "MEMO0103"),
        new("A property override that reads state, in a sealed type", "public abstract class B { protected abstract string Part { get; } protected string Both(int a) => Part + a; } public sealed class C(int x) : B { protected override string Part => \"p\" + x; [Cached] public string M(int a) => Both(a); }", "MEMO0103"),
        new("The type of a sealed instance", "public sealed class C { [Cached] public string M(int a) => GetType().Name + a; }"),
        new("The type of an instance whose type is in the key", "public class C { [Cached] public virtual string M(int a) => GetType().Name + a; }"),
        new("The type of an instance that all derived ones share", "public class C { [Cached] public string M(int a) => GetType().Name + a; }", "MEMO0103"),
        new("A combination is what it combines", "public interface IRule { bool Holds(int a); } public sealed class Both(IRule left, IRule right) : IRule { [Cached] public bool Holds(int a) => left.Holds(a) && right.Holds(a); }", "MEMO0103"),
        new("A combination in fields", "public abstract class Rule { public abstract bool Holds(int a); } public sealed class Both : Rule { readonly Rule _left, _right; public Both(Rule left, Rule right) { _left = left; _right = right; } [Cached] public override bool Holds(int a) => _left.Holds(a) && _right.Holds(a); }", "MEMO0103"),
        new("A service around a service", "public interface IRepo { string Find(int a); } public sealed class Around(IRepo inner) : IRepo { [Cached] public string Find(int a) => inner.Find(a) + a; }"),
        new("A context is no key", "public class Db : IDisposable { public override bool Equals(object? o) => base.Equals(o); public override int GetHashCode() => base.GetHashCode(); public void Dispose() { } } public static class S { [Cached] public static string M(Db db, int a) => string.Concat(a, a); }", "MEMO0101"),
        new("A hidden Equals is no equality", "public class Fluent { [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)] public override bool Equals(object? o) => base.Equals(o); [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)] public override int GetHashCode() => base.GetHashCode(); } public static class S { [Cached] public static string M(Fluent f, int a) => string.Concat(a, a); }", "MEMO0101"),

        new("A global using of the namespace of the attribute", "global using System.Runtime.CompilerServices; public static class S { [Cached] public static string M(int a) => string.Concat(a, a); public static string N() => M(1); }"),
        new("A controller wraps its result", "namespace Microsoft.AspNetCore.Mvc { public interface IActionResult; public class OkResult(object? value) : IActionResult { public object? Value => value; } public abstract class ControllerBase { public virtual OkResult Ok(object? value) => new(value); } } public interface IShop { string Find(int a); } public class ShopController(IShop shop) : Microsoft.AspNetCore.Mvc.ControllerBase { [Cached] public Microsoft.AspNetCore.Mvc.IActionResult M(int a) => Ok(shop.Find(a)); }"),
        new("A controller that overrides what wraps its result", "namespace Microsoft.AspNetCore.Mvc { public interface IActionResult; public class OkResult(object? value) : IActionResult { public object? Value => value; } public abstract class ControllerBase { public virtual OkResult Ok(object? value) => new(value); } } public class ShopController(int x) : Microsoft.AspNetCore.Mvc.ControllerBase { public override Microsoft.AspNetCore.Mvc.OkResult Ok(object? value) => new(x); [Cached] public Microsoft.AspNetCore.Mvc.IActionResult M(int a) => Ok(a); }", "MEMO0103"),
        new("A parameter of the name that an accessor uses", "public static class S { [Cached] private static string M(Type type, int self) => type.Name + self; public static string N() => M(typeof(int), 1); }"),
        new("A default without nullable annotations", "#nullable disable\npublic static class S { [Cached] public static string M(string path = null, int[] _ = null) => string.Concat(path, path); }", "MEMO0101"),
        new("A default of a string without nullable annotations", "#nullable disable\npublic static class S { [Cached] public static string M(string path = null) => string.Concat(path, path); }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => _rows.Select(row => new TheoryDataRow<string>(row.Name) { TestDisplayName = row.Name });

    [Theory, MemberData(nameof(Rows))]
    public async Task Real_code_is_judged_rightly_and_compiles(string name)
    {
        var row = _rows.Single(candidate => candidate.Name == name);
        var run = GeneratorRun.Of(new Setup(), ("Code.cs", row.Code));
        var diagnostics = await AnalyzerRun.Of(new Setup(), run.Output);
        var errors = string.Join(", ", diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id).Distinct());
        Assert.True(errors == row.Refused, string.Join("\n", diagnostics));
        Assert.Equal(row.Refused.Length > 0, run.GeneratedText.Length == 0);
        run.Emit();
    }

    [Fact]
    public async Task A_controller_that_asks_who_is_calling_is_told_so_once()
    {
        const string code = "namespace Microsoft.AspNetCore.Mvc { public abstract class ControllerBase { public virtual System.Security.Claims.ClaimsPrincipal User => null!; } } public class ShopController : Microsoft.AspNetCore.Mvc.ControllerBase { [Cached] public string M(int a) => User.Identity!.Name + a; }";
        var error = Assert.Single(await AnalyzerRun.Of(new Setup(), ("Code.cs", code)), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal("MEMO0502", error.Id);
    }

    [Fact]
    public void Source_of_another_project_is_as_good_as_its_metadata()
    {
        var other = Sources.Compile(new Setup { AssemblyName = "Other" }, ("Base.cs", "public abstract class ServiceBase { protected string Shout(string t) => t; }"));
        var setup = new Setup { References = [other.ToMetadataReference()] };
        var run = GeneratorRun.Of(setup, ("Code.cs", "public sealed class S : ServiceBase { [Cached] public string F(string n) => Shout(n); }"));
        Assert.Equal("", run.GeneratedText);
    }
}
