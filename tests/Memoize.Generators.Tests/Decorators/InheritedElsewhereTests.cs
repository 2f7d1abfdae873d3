using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Decorators;

/// <summary>Interfaces of ours that inherit from one of another assembly: what is said of its members there, or here, is done, or it is said why not.</summary>
public sealed class InheritedElsewhereTests
{
    // A library that is built with Memoize: one interface reads, others write.
    const string Lib =
        """
        namespace Lib;
        public interface IReads
        {
            [Cached] string Get(int id);
            [Cached(Tags = new[] { "user:{id}" })] string Page(int id);
            [Cached] string Of<T>(T id) where T : notnull, IEquatable<T>;
        }
        public sealed class Reads : IReads
        {
            public string Get(int id) => Probe.Call("g" + id);
            public string Page(int id) => Probe.Call("p" + id);
            public string Of<T>(T id) where T : notnull, IEquatable<T> => Probe.Call("o" + id);
        }
        public interface IWrites
        {
            [Evicts(typeof(IReads), nameof(IReads.Get))] void Delete(int id);
            [Evicts(typeof(IReads), nameof(IReads.Get))] void Delete(string name, int id);
            [Evicts(typeof(IReads), nameof(IReads.Get))] Task DeleteAsync(int id, CancellationToken ct = default);
            [Evicts(typeof(IReads), nameof(IReads.Get), All = true)] ValueTask<int> ClearAsync();
            [Evicts(typeof(IReads), nameof(IReads.Get), Before = true)] bool TryDelete(int id, ref int count, out string? why);
            [EvictsTag("user:{id}")] void Touch(int id);
            [Evicts(typeof(IReads), nameof(IReads.Of))] void Change<T>(T id) where T : notnull, IEquatable<T>;
            int Plain(int id);
        }
        public interface IStore<T> { [Evicts(typeof(IReads), nameof(IReads.Get))] T Put(int id, T value); }
        public interface IBase
        {
            [Cached] string Find(int id);
            [Evicts(nameof(Find))] void Drop(int id);
            [CachedBatch(nameof(Find))] IReadOnlyDictionary<int, string> FindAll(int[] ids);
        }
        """;

    const string Ours =
        """
        using Lib;
        public interface IOurs : IWrites, IStore<string> { [Cached] string Name(int id); }
        public interface IHeir : IWrites { int Extra(); }
        public sealed class Impl : IOurs, IHeir
        {
            public string Name(int id) => Probe.Call("n" + id);
            public int Extra() => 7;
            public void Delete(int id) { }
            public void Delete(string name, int id) { }
            public Task DeleteAsync(int id, CancellationToken ct) => Task.CompletedTask;
            public ValueTask<int> ClearAsync() => new(3);
            public bool TryDelete(int id, ref int count, out string? why) { count++; why = "no"; return false; }
            public void Touch(int id) { }
            public void Change<T>(T id) where T : notnull, IEquatable<T> { }
            public int Plain(int id) => id;
            public string Put(int id, string value) => value;
        }
        """;

    static (byte[] Image, Setup Setup) Build([StringSyntax("c#-test")] string lib)
    {
        var image = GeneratorRun.Of(new Setup { AssemblyName = "Lib" }, ("Probe.cs", Probe.Text), ("Lib.cs", lib)).Emit();
        return (image, new Setup { References = [MetadataReference.CreateFromImage(image)] });
    }

    static async Task Says(string expected, [StringSyntax("c#-test")] string lib, [StringSyntax("c#-test")] string code, [StringSyntax("c#-test")] string run)
    {
        var (image, setup) = Build(lib);
        (string, string)[] files =
        [
            ("Code.cs", code),
            ("Program.cs", $$"""
                using Lib;
                using static Probe;
                #pragma warning disable CS1998
                public static class Script { public static async Task Run() { {{run}} } }
                """),
        ];
        using var program = new LoadedProgram(image, GeneratorRun.Of(setup, files).Emit());
        Assert.Equal(expected, (await program.RunScript()).Said);
        Assert.Equal("", AnalyzerRun.Complaints(await AnalyzerRun.Of(setup, Sources.Compile(setup, files))));
    }

    [Theory]
    [InlineData("IOurs o = new CachedOurs(new Impl());")]
    [InlineData("IHeir o = new CachedHeir(new Impl()); Say(o.Extra());", "7 ")]
    [InlineData("IWrites o = new CachedHeir(new Impl());")]
    public Task What_inherited_members_evict_is_evicted([StringSyntax("c#-test")] string make, string before = "") => Says(
        before + "g1 g1 (1) g1 (2) g1 (3) g1 (4) 3 g1 (5) False 1 no g1 (6) p1 p1 (7) p1 (8) o1 o1 (9) o1 (10) 5", Lib, Ours,
        make + """
        IReads r = new CachedReads(new Reads());
        Say(r.Get(1), r.Get(1)); SayCalls();
        o.Delete(1); Say(r.Get(1)); SayCalls();
        o.Delete("a", 1); Say(r.Get(1)); SayCalls();
        await o.DeleteAsync(1); Say(r.Get(1)); SayCalls();
        Say(await o.ClearAsync()); Say(r.Get(1)); SayCalls();
        var count = 0; Say(o.TryDelete(1, ref count, out var why), count, why); Say(r.Get(1)); SayCalls();
        Say(r.Page(1), r.Page(1)); SayCalls(); o.Touch(1); Say(r.Page(1)); SayCalls();
        Say(r.Of(1), r.Of(1)); SayCalls(); o.Change(1); Say(r.Of(1)); SayCalls();
        Say(o.Plain(5));
        """);

    [Fact]
    public Task So_is_what_a_generic_interface_evicts_beside_what_is_cached_here() => Says(
        "g1 n1 n1 (2) x g1 n1 (3)", Lib, Ours,
        """
        IReads r = new CachedReads(new Reads());
        IOurs o = new CachedOurs(new Impl());
        Say(r.Get(1), o.Name(1), o.Name(1)); SayCalls();
        Say(o.Put(1, "x"), r.Get(1), o.Name(1)); SayCalls();
        """);

    [Fact]
    public Task What_is_declared_anew_is_cached_and_evicted_here_whichever_interface_it_is_called_by() => Says(
        "f1 f1 f1 (1) f1 (2) f1 (3) f1 (3)", Lib,
        """
        using Lib;
        public interface IOurs : IBase
        {
            [Cached] new string Find(int id);
            [Evicts(nameof(Find))] new void Drop(int id);
            [CachedBatch(nameof(Find))] new IReadOnlyDictionary<int, string> FindAll(int[] ids);
        }
        public sealed class Impl : IOurs
        {
            public string Find(int id) => Probe.Call("f" + id);
            public void Drop(int id) { }
            public IReadOnlyDictionary<int, string> FindAll(int[] ids) => ids.ToDictionary(id => id, id => Probe.Call("f" + id));
        }
        """,
        """
        IOurs o = new CachedOurs(new Impl()); IBase b = o;
        Say(o.Find(1), o.Find(1), b.Find(1)); SayCalls();
        o.Drop(1); Say(b.Find(1)); SayCalls();
        b.Drop(1); Say(o.Find(1)); SayCalls();
        Say(b.FindAll(new[] { 1 })[1]); SayCalls();
        """);

    const string Vendor =
        """
        namespace Lib;
        public interface IVendor
        {
            string Get(int id);
            IReadOnlyDictionary<int, string> Many(int[] ids);
            void Delete(int id);
            string Save(int id, string name);
            void Touch(int id);
        }
        """;

    const string Said =
        """
        using Lib;
        [assembly: CachedDecorator(typeof(IVendor))]
        [assembly: CachedMember(typeof(IVendor), nameof(IVendor.Get), Tags = new[] { "user:{id}" })]
        [assembly: CachedBatchMember(typeof(IVendor), nameof(IVendor.Many), nameof(IVendor.Get))]
        [assembly: EvictingMember(typeof(IVendor), nameof(IVendor.Delete), nameof(IVendor.Get))]
        [assembly: UpdatingMember(typeof(IVendor), nameof(IVendor.Save), nameof(IVendor.Get))]
        [assembly: TagEvictingMember(typeof(IVendor), nameof(IVendor.Touch), "user:{id}")]
        public interface IOurs : IVendor { [Cached] string Name(int id); [Evicts(nameof(Name))] [Evicts(typeof(IVendor), nameof(IVendor.Get))] void Forget(int id); }
        public interface IHeir : IVendor { string Name(int id); void Forget(int id); }
        public sealed class Impl : IOurs, IHeir
        {
            public string Get(int id) => Probe.Call("g" + id);
            public IReadOnlyDictionary<int, string> Many(int[] ids) => ids.ToDictionary(id => id, id => Probe.Call("g" + id));
            public void Delete(int id) { }
            public string Save(int id, string name) => name;
            public void Touch(int id) { }
            public string Name(int id) => Probe.Call("n" + id);
            public void Forget(int id) { }
        }
        """;

    [Theory]
    [InlineData("IOurs", "n1 (4) n1 (4) g1 n1 (6)")]
    [InlineData("IHeir", "n1 (4) n1 (5) g1 n1 (6)")]
    [InlineData("IVendor", "")]
    public Task What_the_assembly_says_of_an_interface_holds_for_those_that_inherit_it(string by, string rest) => Says(
        ("g1 g1 (1) g1 (2) new new (2) g1 (3) g1 (3) " + rest).TrimEnd(), Vendor, Said,
        $$"""
        {{by}} o = new Cached{{(by == "IVendor" ? "Ours" : by[1..])}}(new Impl());
        Say(o.Get(1), o.Get(1)); SayCalls();
        o.Delete(1); Say(o.Get(1)); SayCalls();
        Say(o.Save(1, "new"), o.Get(1)); SayCalls();
        o.Touch(1); Say(o.Get(1)); SayCalls();
        Say(o.Many(new[] { 1 })[1]); SayCalls();
        """ + (by == "IVendor" ? "" : "Say(o.Name(1)); SayCalls(); Say(o.Name(1)); SayCalls();" + (by == "IOurs" ? "o.Forget(1); Say(o.Get(1), o.Name(1)); SayCalls();" : "o.Forget(1); Say(o.Get(1), \"n1\"); Probe.Call(); SayCalls();")));

    [Fact]
    public Task What_is_said_of_a_method_by_two_interfaces_is_all_done() => Says(
        "g1 o1 g1 o1 (4) g1 o1 g1 o1 (8)", "namespace Lib; public interface IVendor { string Get(int id); string Other(int id); void Delete(int id); } public interface IMore : IVendor { }",
        """
        using Lib;
        [assembly: CachedDecorator(typeof(IVendor))]
        [assembly: CachedDecorator(typeof(IMore))]
        [assembly: CachedMember(typeof(IVendor), nameof(IVendor.Get))]
        [assembly: CachedMember(typeof(IMore), nameof(IVendor.Other))]
        [assembly: EvictingMember(typeof(IVendor), nameof(IVendor.Delete), nameof(IVendor.Get))]
        [assembly: EvictingMember(typeof(IMore), nameof(IVendor.Delete), nameof(IVendor.Other))]
        public interface IOurs : IMore { }
        public sealed class Impl : IOurs { public string Get(int id) => Probe.Call("g" + id); public string Other(int id) => Probe.Call("o" + id); public void Delete(int id) { } }
        """,
        """
        IMore m = new CachedMore(new Impl()); IOurs o = new CachedOurs(new Impl());
        Say(m.Get(1), m.Other(1), o.Get(1), o.Other(1)); SayCalls();
        m.Get(1); m.Other(1); o.Get(1); o.Other(1);
        m.Delete(1);
        Say(m.Get(1), m.Other(1), o.Get(1), o.Other(1)); SayCalls();
        """);

    [Theory]
    [InlineData("MEMO0902", "it inherits 'IBase.Drop(int)', which may evict what 'Lib' remembers of 'IBase.Find(int)'; declare that method anew in this interface, with its own attribute",
        "public interface IOurs : Lib.IBase { [Cached] new string Find(int id); [CachedBatch(nameof(Find))] new IReadOnlyDictionary<int, string> FindAll(int[] ids); }")]
    [InlineData("MEMO0902", "it inherits 'IBase.Find(int)', whose caches are in 'Lib'; declare that method anew in this interface, with its own [Cached]",
        "public interface IOurs : Lib.IBase { [Evicts(typeof(Lib.IReads), \"Get\")] new void Drop(int id); }")]
    [InlineData("MEMO0902", "it inherits 'IBase.Find(int)', whose caches are in 'Lib'", "public interface IOurs : Lib.IBase { [Cached] new string? Find(string id); }")]
    [InlineData("MEMO0904", "it inherits 'IBase.Find(int)', whose caches are in 'Lib'", "public interface IOurs : Lib.IBase { }")]
    [InlineData("MEMO0904", "there is already a type of that name", "public interface IOurs : Lib.IWrites { } public class CachedOurs { }")]
    public async Task What_cannot_be_done_is_said(string id, string part, [StringSyntax("c#-test")] string code)
    {
        var (_, setup) = Build(Lib);
        var diagnostics = await AnalyzerRun.Of(setup, Sources.Compile(setup, [("Code.cs", code)]));
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == id && diagnostic.GetMessage(null).Contains(part, StringComparison.Ordinal));
        Assert.DoesNotContain("class CachedOurs", GeneratorRun.Of(setup, ("Code.cs", code)).GeneratedText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_for_the_registrations_of_the_other_assembly_is_not_for_ours()
    {
        var (_, setup) = Build("namespace Lib; public interface IBase { [Cached] string Find(int id); [Updates(nameof(Find))] string Put(int id, string value); }");
        const string Code = "public interface IOurs : Lib.IBase { [Cached] new string Find(int id); }";
        var error = Assert.Single(await AnalyzerRun.Of(setup, Sources.Compile(setup, [("Code.cs", Code)])), diagnostic => diagnostic.Id == "MEMO0902");
        Assert.Contains("it inherits 'IBase.Put(int, string)', whose wrapper is internal to 'Lib'; declare that method anew", error.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assembly_that_was_built_without_the_generator_has_nothing_to_call()
    {
        using var image = new MemoryStream();
        Assert.True(Sources.Compile(new Setup { AssemblyName = "Lib" }, [("Lib.cs", "public interface IWrites { [EvictsTag(\"a\")] void Write(); }")]).Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        var setup = new Setup { References = [MetadataReference.CreateFromImage(image.ToArray())] };
        var warning = Assert.Single(await AnalyzerRun.Of(setup, Sources.Compile(setup, [("Code.cs", "public interface IOurs : IWrites { }")])), diagnostic => diagnostic.Id == "MEMO0904");
        Assert.Contains("and 'Lib' has no wrapper for it: it was compiled without the generator of Memoize", warning.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_friend_may_inherit_what_is_internal_there()
    {
        var (_, setup) = Build("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"App\")] internal interface IWrites { [EvictsTag(\"a\")] void Write(); }");
        Assert.Contains("IWrites_Write.Invoke(_inner)", GeneratorRun.Of(setup, ("Code.cs", "internal interface IOurs : IWrites { }")).GeneratedText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_heir_of_what_the_assembly_speaks_of_that_gets_no_decorator_is_warned_of()
    {
        var (_, setup) = Build(Vendor);
        const string Code = "[assembly: CachedDecorator(typeof(Lib.IVendor))] [assembly: CachedMember(typeof(Lib.IVendor), \"Get\")] public interface IOurs : Lib.IVendor { } public class CachedOurs { }";
        var warning = Assert.Single(await AnalyzerRun.Of(setup, Sources.Compile(setup, [("Code.cs", Code)])), diagnostic => diagnostic.Id == "MEMO0904");
        Assert.Contains("'IOurs' inherits 'IVendor.Get(int)' and has no decorator", warning.GetMessage(null), StringComparison.Ordinal);
    }
}
