using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Tests.Harness;

/// <summary>What a project file would say.</summary>
sealed record Setup
{
    public const string ProjectDirectory = "/src/App/";

    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;
    public NullableContextOptions Nullable { get; init; } = NullableContextOptions.Enable;
    public string AssemblyName { get; init; } = "App";

    /// <summary>A program with top-level statements, in place of a library.</summary>
    public bool TopLevel { get; init; }
    public bool Unsafe { get; init; }
    public bool Checked { get; init; }
    public bool ImplicitUsings { get; init; } = true;

    /// <summary><c>MemoizeInterception=false</c> when false: no interceptors, and the namespace is not enabled.</summary>
    public bool Interception { get; init; } = true;

    /// <summary>Whether the project enables the namespace of the interceptors, as the package's targets do.</summary>
    public bool NamespaceEnabled { get; init; } = true;

    /// <summary>A property that is true, such as <c>PublishAot</c>.</summary>
    public string Says { get; init; } = "";

    /// <summary><c>MemoizeReport=true</c>.</summary>
    public bool Report { get; init; }
    public ImmutableArray<MetadataReference> References { get; init; } = [];

    /// <summary>A program for .NET 8, in place of the framework that the tests run on.</summary>
    public bool Oldest { get; init; }
    public ImmutableArray<string> Symbols { get; init; } = ["DEBUG", "TRACE"];

    /// <summary>The properties that <c>Memoize.targets</c> makes visible to the compiler.</summary>
    public AnalyzerConfigOptionsProvider BuildProperties() => new Provider(new Dictionary<string, string>
    {
        ["build_property.MemoizeInterception"] = Interception ? "" : "false",
        ["build_property.InterceptorsNamespaces"] = Interception ? ";" + Sources.InterceptorsNamespace : "",
        ["build_property.MemoizeReport"] = Report ? "true" : "",
        ["build_property." + (Says.Length > 0 ? Says : "PublishAot")] = Says.Length > 0 ? "true" : "",
        ["build_property.ProjectDir"] = ProjectDirectory,
        ["build_property.RootNamespace"] = AssemblyName,
    });

    sealed class Provider(Dictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(values);
        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;
        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
