using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>
/// Calls that look at the current culture without saying so, and whose result really differs between cultures: upper and lower case,
/// fractions, dates, comparisons of text. Whole numbers are written alike nearly everywhere.
/// </summary>
internal static class ImplicitCulture
{
    public static IEnumerable<Finding> In(Body body)
    {
        foreach (var part in body.Parts.Where(part => part.Site is null))
        {
            foreach (var operation in part.Operations)
            {
                if (Find(operation) is { } finding
                    && !operation.IsInExpressionTree()
                    && (IsSorting(operation) || !Use.IsOnlyObserved(operation, body, isDuration: false)))
                {
                    yield return finding with { Part = part };
                }
            }
        }
    }

    // What it gives back is the order of its argument.
    private static bool IsSorting(IOperation operation) => operation is IInvocationOperation { TargetMethod: { Name: "Sort", ReturnsVoid: true } };

    private static Finding? Find(IOperation operation)
    {
        var found = operation switch
        {
            IInvocationOperation call => OfCall(call),
            IInterpolationOperation { Expression.Type: { } type } hole when IsWrittenDifferently(type, FormatOf(hole)) && IsPlainText(hole) => $"the text of a '{Names.Short(type)}' in an interpolated string",
            IObjectCreationOperation { Constructor: { } constructor } creation when ImplicitOrder.Of(creation, constructor) => $"the order of '{Names.Short(constructor.ContainingType)}'",
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum => Concatenated(sum.LeftOperand) ?? Concatenated(sum.RightOperand),
            _ => null,
        };
        return found is null ? null : new Finding(operation, Symbol(operation), found);
    }

    private static ISymbol Symbol(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod.OriginalDefinition,
        IInterpolationOperation hole => hole.Expression.Type!,
        IObjectCreationOperation creation => creation.Constructor!,
        _ => operation.Type!,
    };

    private static string? OfCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.ContainingType.SpecialType == SpecialType.System_String)
        {
            return OfText(call, method) ? Finding.Quote(method) : null;
        }

        var type = method.ContainingType;
        if (HasProvider(call))
        {
            return null;
        }

        if (IsWritten(call, method, type) || ImplicitOrder.Of(call, method))
        {
            return Finding.Quote(method);
        }

        return method.Name switch
        {
            "ToString" => IsWrittenDifferently(type, call.Arguments.Length > 0 ? call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: string format } ? format : "" : null) ? Finding.Quote(method) : null,
            _ when !IsWrittenDifferently(type, null) => null,
            "ToShortDateString" or "ToLongDateString" or "ToShortTimeString" or "ToLongTimeString" or "Parse" or "TryParse" => Finding.Quote(method),
            _ => null,
        };
    }

    // Methods of other types that write numbers and dates, or read them.
    private static bool IsWritten(IInvocationOperation call, IMethodSymbol method, INamedTypeSymbol type) => (KnownTypes.MetadataName(type), method.Name) switch
    {
        ("System.Char", "ToUpper" or "ToLower") => method.Parameters.Length == 1 && call.Arguments[0].Value.ConstantValue is not { HasValue: true },
        ("System.Convert", "ToString") => method.Parameters.Length == 1 && IsWrittenDifferently(method.Parameters[0].Type, null),
        ("System.Convert", "ToDouble" or "ToSingle" or "ToDecimal" or "ToDateTime") => method.Parameters is [{ Type.SpecialType: SpecialType.System_String }],
        ("System.Text.StringBuilder", "Append") => method.Parameters is [{ Type: var written }] && IsWrittenDifferently(written, null),
        ("System.Text.StringBuilder", "AppendFormat") => call.Arguments.Skip(1).Any(IsWritten),
        _ => false,
    };

    private static bool IsWritten(IArgumentOperation argument) => ValuesOf(argument.Value).Any(value => value.Type is { } type && IsWrittenDifferently(type, null));

    private static bool OfText(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "ToUpper" or "ToLower" => method.Parameters.Length == 0,
        "StartsWith" or "EndsWith" or "IndexOf" or "LastIndexOf" =>
            method.Parameters[0].Type.SpecialType == SpecialType.System_String
            && !method.Parameters.Any(p => p.Type.Name is "StringComparison" or "CultureInfo")
            && !IsPlain(call),
        "Compare" => !method.Parameters.Any(p => p.Type.Name is "StringComparison" or "CultureInfo"),
        "CompareTo" => true,
        "Format" => !HasProvider(call) && call.Arguments.Skip(1).Any(IsWritten),
        "Join" => method.IsGenericMethod ? IsWrittenDifferently(method.TypeArguments[0], null) : call.Arguments.Skip(1).Any(IsWritten),
        _ => false,
    };

    // A search for plain letters and signs finds the same in every culture but a few; that is no advice that anybody wants.
    private static bool IsPlain(IInvocationOperation call) =>
        call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: string text } && text.All(c => c is >= ' ' and < (char)127);

    private static IEnumerable<IOperation> ValuesOf(IOperation argument) => argument.Unwrapped() switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.Select(element => element.Unwrapped()),
        ICollectionExpressionOperation collection => collection.Elements.Select(element => element.Unwrapped()),
        var value => [value],
    };

    // No provider at all, in so many words, is the current culture.
    private static bool HasProvider(IInvocationOperation call) => call.Arguments.Any(argument =>
        argument.Parameter?.Type.Name is "IFormatProvider" or "CultureInfo" && argument.Value.Unwrapped().ConstantValue is not { HasValue: true, Value: null });

    private static string? Concatenated(IOperation operand) =>
        operand.Unwrapped() is { Type: { } type, ConstantValue.HasValue: false } && IsWrittenDifferently(type, null) ? $"the text of a '{Names.Short(type)}' in a sum of strings" : null;

    private static string? FormatOf(IInterpolationOperation hole) =>
        hole.FormatString is { } format ? format.ConstantValue is { HasValue: true, Value: string text } ? text : "" : null;

    // FormattableString and the handlers of string.Create get a culture of their own.
    private static bool IsPlainText(IInterpolationOperation hole)
    {
        for (IOperation? current = hole.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IInterpolatedStringOperation { Parent: IConversionOperation { Type.Name: "FormattableString" or "IFormattable" } }:
                case IInterpolatedStringHandlerCreationOperation:
                    return false;
                case IInterpolatedStringOperation:
                    return current.Parent is not IInterpolatedStringHandlerCreationOperation;
            }
        }

        return true;
    }

    private static bool IsWrittenDifferently(ITypeSymbol type, string? format)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        switch (type.SpecialType)
        {
            case SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal:
                return format is not ("F0" or "f0" or "0");
            case SpecialType.System_DateTime:
                return !IsFixed(format);
            case >= SpecialType.System_SByte and <= SpecialType.System_UInt64:
                return IsGrouped(format);
        }

        return KnownTypes.MetadataName(type) is "System.DateTimeOffset" or "System.DateOnly" or "System.TimeOnly" or "System.Half" && !IsFixed(format);
    }

    // Whole numbers with signs between groups of digits, of money, or of a hundred.
    private static bool IsGrouped(string? format) => format is { Length: > 0 }
        && ((format[0] is 'N' or 'n' or 'C' or 'c' or 'P' or 'p' && format.Skip(1).All(char.IsDigit)) || format.Contains("#,") || format.Contains("0,0"));

    // Formats that are the same everywhere, and those of digits only: yyyyMMdd.
    private static bool IsFixed(string? format) => format is "o" or "O" or "r" or "R" or "s" or "u"
        || (format is { Length: > 1 } && format.All(c => c is 'y' or 'M' or 'd' or 'H' or 'h' or 'm' or 's' or 'f' or 'F' or '-' or '.' or '_' or 'T' or 'Z' or '\'' or ' ' or '\\') && !format.Contains("MMM") && !format.Contains("ddd"));
}
