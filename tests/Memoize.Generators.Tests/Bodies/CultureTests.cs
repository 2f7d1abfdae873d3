namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0503 and MEMO0507: the culture that the calling thread happens to have.</summary>
public sealed class CultureTests
{
    const string Usings = "using System.Globalization;\n";
    const string Logging = Usings + "using Microsoft.Extensions.Logging;\n";

    static BodyCase Static(string expression, string parameters, params string[] expected) => new(
        expression, $"using System.Globalization;\npublic static class S {{ [Cached] public static object M({parameters}) => {expression}; }}", expected);

    static readonly BodyCase[] _reported =
    [
        Static("a.ToString(CultureInfo.CurrentCulture)", "int a", "CultureInfo.CurrentCulture"),
        Static("CultureInfo.CurrentUICulture.Name + a", "int a", "CultureInfo.CurrentUICulture"),
        Static("Thread.CurrentThread.CurrentCulture.Name + a", "int a", "Thread.CurrentThread.CurrentCulture"),
        Static("Thread.CurrentThread.CurrentUICulture.Name + a", "int a", "Thread.CurrentThread.CurrentUICulture"),
        Static("NumberFormatInfo.CurrentInfo.NumberDecimalSeparator + a", "int a", "NumberFormatInfo.CurrentInfo"),
        Static("DateTimeFormatInfo.CurrentInfo.GetMonthName(a)", "int a", "DateTimeFormatInfo.CurrentInfo"),
        Static("RegionInfo.CurrentRegion.ISOCurrencySymbol + a", "int a", "RegionInfo.CurrentRegion"),
        Static("a.StartsWith(\"x\", StringComparison.CurrentCulture)", "string a", "StringComparison.CurrentCulture"),
        Static("string.Equals(a, \"x\", StringComparison.CurrentCultureIgnoreCase)", "string a", "StringComparison.CurrentCultureIgnoreCase"),
        Static("a.ToCharArray().Select(c => c + \"\").Order(StringComparer.CurrentCulture).First()", "string a", "StringComparer.CurrentCulture"),
        new("The culture in a helper", Usings + "public static class S { static string Text(decimal d) => d.ToString(\"N\", CultureInfo.CurrentCulture); [Cached] public static string M(decimal a) => Text(a); }", "CultureInfo.CurrentCulture") { Says = ["in 'Text'"] },
        new("The culture in a local", Usings + "public static class S { [Cached] public static string M(decimal a) { var c = CultureInfo.CurrentCulture; return a.ToString(c); } }", "CultureInfo.CurrentCulture"),
        new("A localizer", "public interface IStringLocalizer<T> : IStringLocalizer; public interface IStringLocalizer { string this[string name] { get; } } public sealed class C(IStringLocalizer<C> text) { [Cached] public string M(int a) => text[\"hello\"] + a; }", "text[\"hello\"]"),
        new("A resource of the designer", "using System.Resources;\npublic static class Texts { public static ResourceManager ResourceManager => null!; public static string Hello => ResourceManager.GetString(\"Hello\")!; } public static class S { [Cached] public static string M(int a) => Texts.Hello + a; }", "Texts.Hello"),
    ];

    static readonly BodyCase[] _silent =
    [
        Static("a.ToString(CultureInfo.InvariantCulture)", "int a"),
        Static("a.ToString(c)", "decimal a, [CacheKey(\"Name\")] CultureInfo c"),
        Static("a.ToString(CultureInfo.GetCultureInfo(c))", "decimal a, string c"),
        Static("string.Equals(a, b, StringComparison.OrdinalIgnoreCase)", "string a, string b"),
        Static("nameof(CultureInfo.CurrentCulture) + a", "string a"),
        Static("a.ToUpperInvariant()", "string a"),
        new("The culture of a log line", Logging + "public sealed class C(ILogger log) { [Cached] public int M(int a) { log.LogInformation(a.ToString(CultureInfo.CurrentCulture)); return a * a; } }") { More = Libraries.Logging },
        new("The culture of the message of an exception", Usings + "public static class S { [Cached] public static int M(int a) => a > 0 ? a * a : throw new ArgumentException(a.ToString(CultureInfo.CurrentCulture)); }"),
        new("An exception that is made for somebody else to throw", Usings + "public static class S { [Cached] public static Func<Exception> M(int a) => () => new ArgumentException(string.Format(CultureInfo.CurrentCulture, \"{0}\", a)); }"),
        new("A text on its way to an exception", Usings + "public static class S { static string Inject(this string s, object o) => s + o; static Exception Make(string s) => new(s); [Cached] public static int M(int a) => a > 0 ? a * a : throw Make(a.ToString(CultureInfo.CurrentCulture).Inject(a)); }"),
        new("The culture is set and put back", Usings + "public static class S { [Cached] public static string M(decimal a) { var old = CultureInfo.CurrentCulture; CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; try { return a.ToString(); } finally { CultureInfo.CurrentCulture = old; } } }"),
        new("The culture is in the key", Usings + "public sealed class C { [CacheKey] private string Culture => CultureInfo.CurrentCulture.Name; [Cached] public string M(decimal a) => a.ToString(CultureInfo.GetCultureInfo(Culture)); }"),
        new("A property of another thing", "public sealed record Settings(string CurrentCulture); public static class S { [Cached] public static string M(Settings s) => s.CurrentCulture; }"),
    ];

    static readonly BodyCase[] _implied =
    [
        Static("a.ToUpper()", "string a", "a.ToUpper()"),
        Static("a.ToLower()", "string a", "a.ToLower()"),
        Static("a.ToString()", "double a", "a.ToString()"),
        Static("a.ToString(\"N2\")", "decimal a", "a.ToString(\"N2\")"),
        Static("a.ToString()", "DateTime a", "a.ToString()") with { Name = "A date as text" },
        Static("a.ToString(\"d\")", "DateTimeOffset a", "a.ToString(\"d\")"),
        Static("a.ToString(\"dd MMMM\")", "DateOnly a", "a.ToString(\"dd MMMM\")"),
        Static("a.ToShortDateString()", "DateTime a", "a.ToShortDateString()"),
        Static("$\"{a}\"", "decimal a", "{a}"),
        Static("$\"{a:d}\"", "DateTime a", "{a:d}"),
        Static("\"x\" + a", "double a", "\"x\" + a"),
        Static("string.Format(\"{0}\", a)", "decimal a", "string.Format(\"{0}\", a)"),
        Static("decimal.Parse(a)", "string a", "decimal.Parse(a)"),
        Static("DateTime.TryParse(a, out var d) ? d : default", "string a", "DateTime.TryParse(a, out var d)"),
        Static("string.Compare(a, b)", "string a, string b", "string.Compare(a, b)"),
        Static("a.CompareTo(b)", "string a, string b", "a.CompareTo(b)"),
        Static("a.StartsWith(b)", "string a, string b", "a.StartsWith(b)"),
        Static("a.IndexOf(b)", "string a, string b", "a.IndexOf(b)"),
        Static("a.ToString(\"N0\")", "int a", "a.ToString(\"N0\")") with { Name = "A whole number in groups" },
        Static("$\"{a:N0}\"", "long a", "{a:N0}"),
        Static("a.ToString(\"#,##0\")", "int a", "a.ToString(\"#,##0\")"),
        Static("a.ToString(\"N2\", null)", "decimal a", "a.ToString(\"N2\", null)"),
        Static("char.ToUpper(a)", "char a", "char.ToUpper(a)"),
        Static("Convert.ToString(a)", "double a", "Convert.ToString(a)"),
        Static("Convert.ToDecimal(a)", "string a", "Convert.ToDecimal(a)"),
        Static("new System.Text.StringBuilder().Append(a).ToString()", "decimal a", "new System.Text.StringBuilder().Append(a)"),
        Static("new System.Text.StringBuilder().AppendFormat(\"{0}\", a).ToString()", "DateTime a", "new System.Text.StringBuilder().AppendFormat(\"{0}\", a)"),
        Static("string.Join(\";\", new[] { a })", "double a", "string.Join(\";\", new[] { a })"),
        Static("string.Join(\";\", a, 1)", "decimal a", "string.Join(\";\", a, 1)"),
        Static("a.Split(',').OrderBy(x => x).First()", "string a", "a.Split(',').OrderBy(x => x)"),
        Static("a.Split(',').Order().First()", "string a", "a.Split(',').Order()"),
        Static("a.Split(',').Max()", "string a", "a.Split(',').Max()"),
        Static("new SortedDictionary<string, int>() { [a] = 1 }.First().Key", "string a", "new SortedDictionary<string, int>() { [a] = 1 }"),
        new("A list that is sorted", "public static class S { [Cached] public static string M(string a) { var all = a.Split(',').ToList(); all.Sort(); return all[0]; } }", "all.Sort()"),
        new("An array that is sorted", "public static class S { [Cached] public static string M(string a) { var all = a.Split(','); Array.Sort(all); return all[0]; } }", "Array.Sort(all)"),
    ];

    static readonly BodyCase[] _invariant =
    [
        Static("a.ToUpperInvariant() + a.ToLower(CultureInfo.InvariantCulture)", "string a"),
        Static("a.ToString(CultureInfo.InvariantCulture)", "double a"),
        Static("a.ToString(\"N2\", c)", "decimal a, [CacheKey(\"Name\")] CultureInfo c"),
        Static("a.ToString(\"o\") + a.ToString(\"s\") + a.ToString(\"yyyyMMdd\") + a.ToString(\"yyyy-MM-dd\")", "DateTime a"),
        Static("a.ToString() + b", "int a, Guid b"),
        Static("$\"{a}-{b}\"", "int a, string b"),
        Static("FormattableString.Invariant($\"{a}\")", "decimal a"),
        Static("string.Create(CultureInfo.InvariantCulture, $\"{a}\")", "decimal a"),
        Static("string.Format(CultureInfo.InvariantCulture, \"{0}\", a)", "decimal a"),
        Static("string.Format(\"{0}\", a)", "string a"),
        Static("decimal.Parse(a, CultureInfo.InvariantCulture) + int.Parse(a)", "string a"),
        Static("string.Compare(a, b, StringComparison.Ordinal) + string.CompareOrdinal(a, b)", "string a, string b"),
        Static("a.StartsWith(b, StringComparison.Ordinal) || a.StartsWith('x') || a.Contains(b) || a.StartsWith(\"https://\")", "string a, string b"),
        Static("a == b || a.Equals(b)", "string a, string b"),
        Static("a.ToString() + a.ToString(\"D3\") + a.ToString(\"X\") + $\"{a:000}\"", "int a"),
        Static("a.ToString(\"N0\", CultureInfo.InvariantCulture)", "int a") with { Name = "A whole number in groups of a culture" },
        Static("char.ToUpperInvariant(a) + char.ToLower(a, CultureInfo.InvariantCulture)", "char a"),
        Static("Convert.ToString(a, CultureInfo.InvariantCulture) + Convert.ToInt32(b)", "double a, string b"),
        Static("new System.Text.StringBuilder().Append(a).Append(b).Append('x').ToString()", "int a, string b"),
        Static("string.Join(\";\", a.Split(',')) + string.Join(\";\", b, 1)", "string a, int b"),
        Static("a.Split(',').OrderBy(x => x, StringComparer.Ordinal).ThenBy(x => x.Length).First() + a.Split(',').Order(StringComparer.Ordinal).First()", "string a"),
        Static("a.Split(',').OrderBy(x => x.Length).Select(x => x.Length).Max()", "string a"),
        Static("new SortedDictionary<string, int>(StringComparer.Ordinal) { [a] = 1 }.First().Key + new SortedSet<int>().Count", "string a"),
        new("A database puts in order itself", "public static class S { [Cached] public static string M(string a) => new[] { a }.AsQueryable().OrderBy(x => x).First(); }"),
        new("Lists that are sorted by something else", "public static class S { [Cached] public static string M(string a) { var all = a.Split(',').ToList(); all.Sort(StringComparer.Ordinal); all.Sort((x, y) => x.Length - y.Length); return all[0]; } }"),
        new("Text for a database is translated", "public static class S { [Cached] public static int M(string a) => new[] { a }.AsQueryable().Count(x => x.ToLower() == a); }"),
        new("A number in a log line", Logging + "public sealed class C(ILogger log) { [Cached] public int M(double a) { log.LogInformation($\"{a:N2} of {a}\"); return (int)Math.Pow(a, 2); } }") { More = Libraries.Logging },
        new("A date in the message of an exception", "public static class S { [Cached] public static int M(DateTime a) => a.Year > 0 ? a.Year : throw new ArgumentException($\"not {a:d}\"); }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);
    public static IEnumerable<TheoryDataRow<string>> Implied => BodyCase.Names(_implied);
    public static IEnumerable<TheoryDataRow<string>> Invariant => BodyCase.Names(_invariant);

    [Theory, MemberData(nameof(Reported))]
    public Task The_current_culture_is_reported(string name) => BodyCase.Verify(_reported, name, "MEMO0503");

    [Theory, MemberData(nameof(Silent))]
    public Task A_culture_that_is_said_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0503");

    [Theory, MemberData(nameof(Implied))]
    public Task What_looks_at_the_current_culture_unasked_is_advised_against(string name) => BodyCase.Verify(_implied, name, "MEMO0507");

    [Theory, MemberData(nameof(Invariant))]
    public Task What_is_the_same_in_every_culture_is_not(string name) => BodyCase.Verify(_invariant, name, "MEMO0507");
}
