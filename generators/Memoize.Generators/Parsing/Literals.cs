using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing;

/// <summary>Values as C# literals.</summary>
internal static class Literals
{
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Of(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>An option with its value, as messages show it; without where the value is no literal.</summary>
    public static string Assignment(string option, string? value) => value is "NaN" or "Infinity" or "-Infinity" ? option : $"{option} = {value}";

    /// <summary>The default value of a parameter.</summary>
    public static string Default(IParameterSymbol parameter)
    {
        var value = parameter.ExplicitDefaultValue;
        var type = parameter.Type;
        if (value is null)
        {
            // A file without nullable annotations may say "string path = null"; generated files have them.
            var isReference = type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.Annotated;
            return isReference ? "null!" : type.IsReferenceType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ? "null" : "default";
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            type = ((INamedTypeSymbol)type).TypeArguments[0];
        }

        var literal = value switch
        {
            string text => Of(text),
            char character => SymbolDisplay.FormatLiteral(character, quote: true),
            bool flag => flag ? "true" : "false",
            double number => Special(number) ?? number.ToString("R", CultureInfo.InvariantCulture) + "D",
            float number => Special(number)?.Replace("double", "float") ?? number.ToString("R", CultureInfo.InvariantCulture) + "F",
            decimal number => number.ToString(CultureInfo.InvariantCulture) + "M",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture) + Suffix(value),
            _ => "default",
        };
        return type.TypeKind == TypeKind.Enum ? $"({Names.Bare(type)})({literal})" : literal;
    }

    private static string? Special(double value) => value switch
    {
        _ when double.IsNaN(value) => "double.NaN",
        _ when double.IsPositiveInfinity(value) => "double.PositiveInfinity",
        _ when double.IsNegativeInfinity(value) => "double.NegativeInfinity",
        _ => null,
    };

    private static string Suffix(object value) => value switch
    {
        uint => "U",
        long => "L",
        ulong => "UL",
        _ => "",
    };
}
