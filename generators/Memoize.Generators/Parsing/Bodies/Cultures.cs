using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Reads of the culture that the calling thread happens to have, where the code names it.</summary>
internal static class Cultures
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "System.Globalization.CultureInfo.CurrentCulture",
        "System.Globalization.CultureInfo.CurrentUICulture",
        "System.Globalization.NumberFormatInfo.CurrentInfo",
        "System.Globalization.DateTimeFormatInfo.CurrentInfo",
        "System.Globalization.RegionInfo.CurrentRegion",
        "System.Threading.Thread.CurrentCulture",
        "System.Threading.Thread.CurrentUICulture",
        "System.StringComparer.CurrentCulture",
        "System.StringComparer.CurrentCultureIgnoreCase",
        "System.StringComparison.CurrentCulture",
        "System.StringComparison.CurrentCultureIgnoreCase",
    };

    public static IEnumerable<Finding> In(Body body)
    {
        foreach (var part in body.Parts)
        {
            foreach (var operation in part.Operations)
            {
                if (Find(operation) is { } finding
                    && !operation.IsDecided()
                    && !operation.IsInExpressionTree()
                    && !Use.IsOnlyObserved(operation, body, isDuration: false))
                {
                    yield return finding with { Part = part };
                }
            }
        }
    }

    private static Finding? Find(IOperation operation)
    {
        switch (operation)
        {
            case IMemberReferenceOperation { Member: var member } when operation.IsRead() && Known.Contains(KnownTypes.MetadataName(member.ContainingType) + "." + member.Name):
                return new Finding(operation, member.OriginalDefinition, Finding.Quote(member));
            case IPropertyReferenceOperation { Property: { IsIndexer: true } property } when IsLocalizer(property.ContainingType):
                return new Finding(operation, property.ContainingType.OriginalDefinition, $"a text of '{property.ContainingType.Name}' in the caller's culture");
            case IPropertyReferenceOperation { Property: { IsStatic: true } property } when IsResource(property):
                return new Finding(operation, property.OriginalDefinition, $"the text {Finding.Quote(property)} in the caller's culture");
            case IInvocationOperation { TargetMethod: { Name: "GetString", Parameters.Length: 1 } method } when IsLocalizer(method.ContainingType) || method.ContainingType.Name == "ResourceManager":
                return new Finding(operation, method.OriginalDefinition, $"a text of {Finding.Quote(method)} in the caller's culture");
            default:
                return null;
        }
    }

    /// <summary>Whether it is the culture of texts (the UI culture) that is looked at, and not the one of numbers and dates.</summary>
    public static bool IsOfTexts(Finding finding) => finding.Operation switch
    {
        IPropertyReferenceOperation { Property: { IsIndexer: true } or { Name: "CurrentUICulture" } } => true,
        IPropertyReferenceOperation { Property: var property } => IsResource(property),
        IInvocationOperation { TargetMethod: { Name: "GetString", ContainingType: var type } } => IsLocalizer(type) || type.Name == "ResourceManager",
        _ => false,
    };

    private static bool IsLocalizer(ITypeSymbol type) => type.Name is "IStringLocalizer" or "IHtmlLocalizer" or "IViewLocalizer";

    // Resources.Greeting, as the designer writes them.
    public static bool IsResource(IPropertySymbol property) =>
        property.Type.SpecialType == SpecialType.System_String
        && property.ContainingType.GetMembers("ResourceManager").OfType<IPropertySymbol>().Any(p => p is { IsStatic: true, Type.Name: "ResourceManager" });
}
