using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Decorators;

/// <summary>What no decorator can be made of is said at the declaration, once.</summary>
public sealed class DecoratorRefusalTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        { "MEMO0901", "'C.M(int)' is cached, and so is 'I.M(int)'", "public interface I { [Cached] int M(int a); } public sealed class C : I { [Cached] public int M(int a) => a; }" },
        { "MEMO0901", "'C.M(int)' is cached, and so is 'I.M(int)'", "public interface I { [Cached] int M(int a); } public sealed partial class C : I { [Cached] public partial int M(int a); int MCore(int a) => a; }" },
        { "MEMO0901", "'Api.M(int)' is cached, and so is 'IApi.M(int)'", "public interface IApi { [Cached] int M(int a); } public sealed class Api : IApi { [Cached] public int M(int a) => a; }" },
        { "MEMO0401", "'IApi' wants the same name", "public interface IApi { [Cached] int M(int a); } public sealed class Api : IApi { public int M(int a) => a; [Cached] public string N(int a) => string.Concat(a, a); }" },
        { "MEMO0902", "'I.S()' is static and abstract", "public interface I { [Cached] int M(int a); static abstract int S(); }" },
        { "MEMO0902", "'I.Old()' is obsolete as an error", "public interface I { [Cached] int M(int a); [Obsolete(\"old\", true)] void Old(); }" },
        { "MEMO0902", "'I.Old' is obsolete as an error, or takes or returns what is", "[Obsolete(\"old\", true)] public sealed class T; public interface I { [Cached] int M(int a); [Obsolete] T Old { get; } }" },
        { "MEMO0902", "has an init accessor", "public interface I { [Cached] int M(int a); int P { get; init; } }" },
        { "MEMO0902", "there is already a type of that name", "public interface IApi { [Cached] int M(int a); } public sealed class CachedApi { }" },
        { "MEMO0902", "is not the name of a class", "[CachedDecorator(Name = \"a b\")] public interface IApi { [Cached] int M(int a); }" },
        { "MEMO0902", "'I.S()' is static and abstract", "public interface I { [EvictsTag(\"a\")] void M(int a); static abstract int S(); }" },
        { "MEMO0902", "there is already a type of that name", "public interface IBase { [Cached] int M(int a); } [CachedDecorator] public interface IApi : IBase { } public sealed class CachedApi { }" },
        { "MEMO0903", "[CachedDecorator] on 'IApi' does not fit: none of its members is cached", "[CachedDecorator] public interface IApi { int M(int a); }" },
        { "MEMO0903", "'I.M(int)' has an attribute of its own", "[assembly: CachedDecorator(typeof(I))] public interface I { [EvictsTag(\"a\")] int M(int a); }" },
        { "MEMO0903", "has no method of that name", "[assembly: CachedDecorator(typeof(IFormatProvider))] [assembly: CachedMember(typeof(IFormatProvider), \"Get\")]" },
        { "MEMO0903", "nothing says which methods are cached", "[assembly: CachedDecorator(typeof(IFormatProvider))]" },
        { "MEMO0903", "there is no decorator that it speaks of", "[assembly: CachedMember(typeof(IFormatProvider), \"GetFormat\")]" },
        { "MEMO0903", "is no interface", "[assembly: CachedDecorator(typeof(string))]" },
        { "MEMO0903", "has a [Cached] of its own", "[assembly: CachedDecorator(typeof(I))] public interface I { [Cached] int M(int a); }" },
        { "MEMO0903", "it is there twice", "[assembly: CachedDecorator(typeof(IFormatProvider))] [assembly: CachedDecorator(typeof(IFormatProvider))] [assembly: CachedMember(typeof(IFormatProvider), \"GetFormat\")]" },
        { "MEMO0903", "the method has an attribute already", "[assembly: CachedDecorator(typeof(IFormatProvider))] [assembly: CachedMember(typeof(IFormatProvider), \"GetFormat\")] [assembly: CachedMember(typeof(IFormatProvider), \"GetFormat\")]" },
        { "MEMO0903", "add the types of the parameters", "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"M\")] public interface I { int M(int a); int M(string a); }" },
        { "MEMO0903", "no overload has these parameters", "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"M\", typeof(long))] public interface I { int M(int a); int M(string a); }" },
        { "MEMO0903", "cannot be part of the cache key", "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"M\")] public interface I { int M(object a); }" },
        { "MEMO0903", "there is no parameter of that name", "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"M\", NotInKey = new[] { \"b\" })] public interface I { int M(int a); }" },
        { "MEMO0903", "a lifetime is more than 0 seconds", "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"M\", Ttl = -1)] public interface I { int M(int a); }" },
        { "MEMO0301", "belong to its registration", "public interface I { [Cached(PerInstance = true)] int M(int a); }" },
        { "MEMO0001", "it is static", "public interface I { [Cached] static int M(int a) => a; }" },
        { "MEMO0001", "it is not virtual", "public interface I { [Cached] sealed int M(int a) => a; }" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Is_refused_where_it_is_written(string id, string part, [StringSyntax("c#-test")] string code)
    {
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", code)];
        var input = Sources.Compile(new Setup(), files);
        var diagnostics = await AnalyzerRun.Of(new Setup(), input);
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id.StartsWith("MEMO", StringComparison.Ordinal)).ToList();
        var error = Assert.Single(errors);
        Assert.Equal(id, error.Id);
        Assert.Contains(part, error.GetMessage(null), StringComparison.Ordinal);
        Assert.EndsWith("Code.cs", error.Location.SourceTree!.FilePath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the class would be called 'CachedOrders', and there is already a type of that name", "public interface IBase { [Cached] int M(int a); } public interface IOrders : IBase { } public sealed class CachedOrders { }")]
    [InlineData("'IOrders.S()' is static and abstract", "public interface IBase { [EvictsTag(\"a\")] void M(int a); } public interface IOrders : IBase { static abstract int S(); }")]
    [InlineData("'Outer.IOrders' is private; make it internal", "public interface IBase { [Cached] int M(int a); } public static class Outer { private interface IOrders : IBase { } }")]
    [InlineData("the class would be called as that of 'OuterOrders'", "public interface IBase { [Cached] int M(int a); } public interface OuterOrders { [Cached] int N(int a); } public static class Outer { public interface IOrders : IBase { } }")]
    public async Task An_interface_that_only_inherits_and_gets_no_decorator_is_warned_of(string reason, [StringSyntax("c#-test")] string code)
    {
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", code)];
        var input = Sources.Compile(new Setup(), files);
        var diagnostics = await AnalyzerRun.Of(new Setup(), input);
        var warning = Assert.Single(diagnostics, diagnostic => diagnostic.Id == "MEMO0904");
        Assert.Equal(DiagnosticSeverity.Warning, warning.Severity);
        Assert.Contains(reason, warning.GetMessage(null), StringComparison.Ordinal);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.DoesNotContain("class CachedOrders", GeneratorRun.Of(new Setup(), ("Code.cs", code)).GeneratedText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_inherits_from_another_assembly_is_warned_of()
    {
        var library = GeneratorRun.Of(new Setup { AssemblyName = "Lib" }, ("Lib.cs", "public interface IBase { [Cached] int M(int a); }"));
        var setup = new Setup { References = [Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(library.Emit())] };
        var diagnostics = await AnalyzerRun.Of(setup, Sources.Compile(setup, [("Code.cs", "public interface IOrders : IBase { }")]));
        var warning = Assert.Single(diagnostics, diagnostic => diagnostic.Id == "MEMO0904");
        Assert.Contains("it inherits 'IBase.M(int)', whose caches are in 'Lib'; declare that method anew", warning.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_decorator_is_possible_nothing_is_generated()
    {
        var run = GeneratorRun.Of(new Setup(), ("Code.cs", "public interface I { [Cached] int M(int a); static abstract int S(); }"));
        Assert.Equal("", run.GeneratedText);
    }

    [Theory]
    [InlineData("public interface I { int M(int a); } public sealed class C : I { [Cached] public int M(int a) => a; }")]
    [InlineData("public interface I { [Cached] int M(int a); } public sealed class C : I { int I.M(int a) => a; [Cached] public int M(int a) => a; }")]
    [InlineData("public interface I { [Cached] int M(int a); static virtual int S() => 1; }")]
    [InlineData("public interface I { [Cached] int M(int a); int P { get; set; } } public sealed class CachedOther { }")]
    [InlineData("public interface IBase { [Cached] int M(int a); } public interface IOrders : IBase { } public interface IOthers : IOrders { }")]
    [InlineData("public interface IBase { int M(int a); } public interface IOrders : IBase { } public sealed class CachedOrders { }")]
    public async Task The_nearest_correct_code_is_accepted([StringSyntax("c#-test")] string code)
    {
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", code)];
        var diagnostics = await AnalyzerRun.Of(new Setup(), Sources.Compile(new Setup(), files));
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }
}
