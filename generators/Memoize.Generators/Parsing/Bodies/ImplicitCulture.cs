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
                    && !Use.IsOnlyObserved(operation, body, isDuration: false))
                {
                    yield return finding with { Part = part };
                }
            }
        }
    }

    private static Finding? Find(IOperation operation)
    {
        var found = operation switch
        {
            IInvocationOperation call => OfCall(call),
            IInterpolationOperation { Expression.Type: { } type } hole when IsWrittenDifferently(type, FormatOf(hole)) && IsPlainText(hole) => $"the text of a '{Names.Short(type)}' in an interpolated string",
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum => Concatenated(sum.LeftOperand) ?? Concatenated(sum.RightOperand),
            _ => null,
        };
        return found is null ? null : new Finding(operation, Symbol(operation), found);
    }

    private static ISymbol Symbol(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod.OriginalDefinition,
        IInterpolationOperation hole => hole.Expression.Type!,
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
        if (!IsWrittenDifferently(type, null) || HasProvider(method))
        {
            return null;
        }

        return method.Name switch
        {
            "ToString" => IsWrittenDifferently(type, call.Arguments.Length > 0 ? call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: string format } ? format : "" : null) ? Finding.Quote(method) : null,
            "ToShortDateString" or "ToLongDateString" or "ToShortTimeString" or "ToLongTimeString" or "Parse" or "TryParse" => Finding.Quote(method),
            _ => null,
        };
    }

    private static bool OfText(IInvocationOperation call, IMethodSymbol method) => method.Name switch
    {
        "ToUpper" or "ToLower" => method.Parameters.Length == 0,
        "StartsWith" or "EndsWith" or "IndexOf" or "LastIndexOf" =>
            method.Parameters[0].Type.SpecialType == SpecialType.System_String
            && !method.Parameters.Any(p => p.Type.Name is "StringComparison" or "CultureInfo")
            && !IsPlain(call),
        "Compare" => !method.Parameters.Any(p => p.Type.Name is "StringComparison" or "CultureInfo"),
        "CompareTo" => true,
        "Format" => !HasProvider(method) && call.Arguments.Skip(1).Any(argument => ValuesOf(argument.Value).Any(value => value.Type is { } type && IsWrittenDifferently(type, null))),
        _ => false,
    };

    // A search for plain letters and signs finds the same in every culture but a few; that is no advice that anybody wants.
    private static bool IsPlain(IInvocationOperation call) =>
        call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: string text } && text.All(c => c is >= ' ' and < (char)127);

    private static IEnumerable<IOperation> ValuesOf(IOperation argument) => argument.Unwrapped() switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.Select(element => element.Unwrapped()),
        var value => [value],
    };

    private static bool HasProvider(IMethodSymbol method) => method.Parameters.Any(p => p.Type.Name is "IFormatProvider" or "CultureInfo");

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
        }

        return KnownTypes.MetadataName(type) is "System.DateTimeOffset" or "System.DateOnly" or "System.TimeOnly" or "System.Half" && !IsFixed(format);
    }

    // Formats that are the same everywhere, and those of digits only: yyyyMMdd.
    private static bool IsFixed(string? format) => format is "o" or "O" or "r" or "R" or "s" or "u"
        || (format is { Length: > 1 } && format.All(c => c is 'y' or 'M' or 'd' or 'H' or 'h' or 'm' or 's' or 'f' or 'F' or '-' or '.' or '_' or 'T' or 'Z' or '\'' or ' ' or '\\') && !format.Contains("MMM") && !format.Contains("ddd"));
}
