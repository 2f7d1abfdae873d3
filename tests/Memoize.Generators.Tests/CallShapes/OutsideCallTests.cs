using Memoize.Generators.Tests.Bodies;
using Memoize.Generators.Tests.CodeFixes;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>MEMO1003: a plain method that can be called by those who see only what it implements or overrides.</summary>
public sealed class OutsideCallTests
{
    const string Cached = "[Cached] public string M(int a) => string.Concat(a, a); ";

    static readonly BodyCase[] _reported =
    [
        new("An interface that other projects see", "public interface I { string M(int a); } public sealed class C : I { " + Cached + "}", "M")
            { Says = ["'C.M(int)' can be called by other projects, through 'I.M(int)', where nothing knows of the attribute, and no such call is cached: make the method partial"] },
        new("An interface that other projects see, of a class that they do not", "public interface I { string M(int a); } sealed class C : I { " + Cached + "}", "M"),
        new("A generic interface", "public interface I<T> { string M(T a); } sealed class C : I<int> { " + Cached + "}", "M") { Says = ["through 'I<T>.M(T)'"] },
        new("An interface of the framework", "sealed class C : IComparer<string> { [Cached] public int Compare(string? a, string? b) => string.CompareOrdinal(a, b); }", "Compare")
            { Says = ["and other projects, through 'IComparer<T>.Compare(T"] },
        new("A base class that other projects see", "public abstract class B { public abstract string M(int a); } sealed class D : B { [Cached] public override string M(int a) => string.Concat(a, a); }", "M") { Says = ["through 'B.M(int)'"] },
        new("A base class two levels up", "public abstract class A { public abstract string M(int a); } abstract class B : A; sealed class D : B { [Cached] public override string M(int a) => string.Concat(a, a); }", "M") { Says = ["through 'A.M(int)'"] },
        new("What everybody calls", "public sealed class C { [CacheKey] readonly int _x = 1; [Cached] public override string ToString() => string.Concat(_x, _x); }", "ToString") { Says = ["through 'object.ToString()'"] },
        new("A method that evicts", "public interface I { void Set(int a); } public sealed class C : I { [Cached] public string M(int a) => string.Concat(a, a); [Evicts(nameof(M))] public void Set(int a) { } }", "Set") { Says = ["and no such call evicts"] },
        new("An action of a controller", "public sealed class HomeController : Microsoft.AspNetCore.Mvc.ControllerBase { " + Cached + "}", "M") { More = Libraries.AspNetCore, Says = ["can be called by ASP.NET Core"] },
    ];

    static readonly BodyCase[] _silent =
    [
        new("No interface and no base", "public sealed class C { " + Cached + "}"),
        new("An interface that only this project sees", "interface I { string M(int a); } public sealed class C : I { " + Cached + "}"),
        new("A partial method", "public interface I { string M(int a); } public sealed partial class C : I { [Cached] public partial string M(int a); string MCore(int a) => string.Concat(a, a); }"),
        new("An interface that carries the attribute", "public interface I { [Cached] string M(int a); } public sealed class C : I { public string M(int a) => string.Concat(a, a); }"),
        new("A base method that carries the attribute", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); } public sealed class D : B { [Cached] public override string M(int a) => string.Concat(a, 1); }"),
        new("An interface that something else implements", "public interface I { string M(int a); } public sealed class C : I { " + Cached + "string I.M(int a) => M(a); }"),
        new("A static method of that name", "public interface I { string N(int a); } public sealed class C : I { public string N(int a) => M(a); [Cached] public static string M(int a) => string.Concat(a, a); }"),
        new("A method of a controller that is no action", "public sealed class HomeController : Microsoft.AspNetCore.Mvc.ControllerBase { [Cached] private string M(int a) => string.Concat(a, a); public string N(int a) => M(a); }") { More = Libraries.AspNetCore },
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task A_method_that_is_called_from_elsewhere_is_reported(string name) => BodyCase.Verify(_reported, name, "MEMO1003");

    [Theory, MemberData(nameof(Silent))]
    public Task A_method_that_is_called_by_its_name_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO1003");

    [Fact]
    public async Task In_a_program_only_an_interface_of_somebody_else_counts()
    {
        const string code = "Console.WriteLine(new C().M(1)); public interface I { string M(int a); } public sealed class C : I, IComparer<string> { [Cached] public string M(int a) => string.Concat(a, a); [Cached] public int Compare(string? a, string? b) => string.CompareOrdinal(a, b); }";
        var setup = new Setup { TopLevel = true };
        var found = await AnalyzerRun.Of(setup, ("Program.cs", code));
        Assert.Contains("'C.Compare(string?, string?)'", Assert.Single(found, diagnostic => diagnostic.Id == "MEMO1003").GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_of_another_project_is_seen_by_more_than_one()
    {
        var core = GeneratorRun.Of(new Setup { AssemblyName = "Core" }, ("I.cs", "namespace Core; public interface I { string M(int a); }")).Emit();
        var setup = new Setup { TopLevel = true, References = [Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(core)] };
        var found = await AnalyzerRun.Of(setup, ("Program.cs", "Console.WriteLine(new C().M(1)); sealed class C : Core.I { [Cached] public string M(int a) => string.Concat(a, a); }"));
        Assert.Contains("can be called by 'Core' and other projects, through 'I.M(int)'", Assert.Single(found, diagnostic => diagnostic.Id == "MEMO1003").GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fix_makes_the_method_partial()
    {
        using var solution = FixedSolution.Of("public interface I { string M(int a); } public sealed class C : I { [Cached] public string M(int a) => string.Concat(a, a); }");
        await solution.Apply("MEMO1003", "Make 'M' partial");
        Assert.Contains("[Cached] public partial string M(int a);", solution.Text(), StringComparison.Ordinal);
        await solution.Verify("MEMO1003");
    }
}
