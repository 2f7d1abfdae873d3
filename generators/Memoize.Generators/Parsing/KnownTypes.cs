using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Types of the framework that the rules know by name.</summary>
internal static class KnownTypes
{
    private static readonly HashSet<string> ByValue = new(StringComparer.Ordinal)
    {
        "System.Guid", "System.DateTimeOffset", "System.TimeSpan", "System.DateOnly", "System.TimeOnly", "System.Uri", "System.Version",
        "System.Type", "System.Half", "System.Int128", "System.UInt128", "System.Index", "System.Range", "System.Text.Rune",
        "System.Numerics.BigInteger", "System.Net.IPAddress",
    };

    // Nothing but floating-point numbers, whose equality takes 0.0 and -0.0 for the same.
    private static readonly HashSet<string> OfFloats = new(StringComparer.Ordinal)
    {
        "System.Numerics.Complex", "System.Numerics.Vector2", "System.Numerics.Vector3", "System.Numerics.Vector4", "System.Numerics.Quaternion",
        "System.Numerics.Plane", "System.Numerics.Matrix3x2", "System.Numerics.Matrix4x4", "System.Drawing.PointF", "System.Drawing.SizeF",
        "System.Drawing.RectangleF",
    };

    private static readonly HashSet<string> NeverInKey = new(StringComparer.Ordinal)
    {
        "System.Threading.CancellationToken", "System.IProgress`1", "Microsoft.Extensions.Logging.ILogger", "Microsoft.Extensions.Logging.ILogger`1",
    };

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["System.Memory`1"] = "points at memory that can change; pass a ReadOnlySpan, or a copy as an array with [CacheKey(Structural = true)]",
        ["System.ReadOnlyMemory`1"] = "points at memory that can change; pass a ReadOnlySpan, or a copy as an array with [CacheKey(Structural = true)]",
        ["System.ArraySegment`1"] = "points at memory that can change; pass a copy as an array with [CacheKey(Structural = true)]",
        ["System.Net.Mail.MailAddress"] = "is compared without regard to case, which a method can see; pass its Address",
        ["System.Threading.Tasks.ValueTask"] = "is a running operation, not a value",
        ["System.Threading.Tasks.ValueTask`1"] = "is a running operation, not a value",
    };

    public static bool IsKeyableByValue(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_SByte or SpecialType.System_Byte
            or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Int32 or SpecialType.System_UInt32
            or SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Single or SpecialType.System_Double
            or SpecialType.System_Decimal or SpecialType.System_String or SpecialType.System_DateTime
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr => true,
        _ => ByValue.Contains(MetadataName(type)) || IsOfFloats(type),
    };

    /// <summary>Whether the type is numbers side by side, which <c>KeyPart</c> compares bit by bit.</summary>
    public static bool IsOfFloats(ITypeSymbol type) => OfFloats.Contains(MetadataName(type));

    /// <summary>Why the type cannot be a key whatever it overrides, or null.</summary>
    public static string? RefusalOf(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Dynamic || type.SpecialType == SpecialType.System_Object)
        {
            return "can be anything; use the type that is really passed";
        }

        if (type.TypeKind == TypeKind.Delegate || type.SpecialType is SpecialType.System_Delegate or SpecialType.System_MulticastDelegate)
        {
            return "is a delegate, and what it does cannot be compared";
        }

        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
        {
            return "is a pointer, and what it points at can change";
        }

        return Refused.TryGetValue(MetadataName(type), out var reason) ? reason : null;
    }

    /// <summary>Parameters of these types never change a result.</summary>
    public static bool IsNeverInKey(ITypeSymbol type) => NeverInKey.Contains(MetadataName(type));

    public static bool IsCancellationToken(ITypeSymbol type) => MetadataName(type) == "System.Threading.CancellationToken";

    /// <summary>char or byte where the type is a read-only span of them; otherwise null.</summary>
    public static ITypeSymbol? SpanElement(ITypeSymbol type) =>
        MetadataName(type) == "System.ReadOnlySpan`1"
        && ((INamedTypeSymbol)type).TypeArguments[0] is { SpecialType: SpecialType.System_Char or SpecialType.System_Byte } element
            ? element
            : null;

    /// <summary>Whether the values can be enumerated; a string can.</summary>
    public static bool IsSequence(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Collections_IEnumerable
        || type.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable);

    public static bool IsTask(ITypeSymbol type) => MetadataName(type) == "System.Threading.Tasks.Task";

    public static bool IsTaskOf(ITypeSymbol type) => MetadataName(type) == "System.Threading.Tasks.Task`1";

    public static bool IsValueTask(ITypeSymbol type) => MetadataName(type) == "System.Threading.Tasks.ValueTask";

    public static bool IsValueTaskOf(ITypeSymbol type) => MetadataName(type) == "System.Threading.Tasks.ValueTask`1";

    /// <summary>What a method of this return type gives its caller in the end: the type without its task.</summary>
    public static ITypeSymbol ResultOf(ITypeSymbol returned) =>
        returned is INamedTypeSymbol task && (IsTaskOf(task) || IsValueTaskOf(task)) ? task.TypeArguments[0] : returned;

    public static bool IsCallerInfo(IParameterSymbol parameter) => parameter.GetAttributes().Any(a =>
        a.AttributeClass is { ContainingNamespace.Name: "CompilerServices" } type
        && type.Name is "CallerMemberNameAttribute" or "CallerFilePathAttribute" or "CallerLineNumberAttribute" or "CallerArgumentExpressionAttribute");

    /// <summary>The full metadata name, without containing types.</summary>
    public static string MetadataName(ITypeSymbol type)
    {
        if (type.ContainingType is not null || type is not INamedTypeSymbol)
        {
            return "";
        }

        var definition = type.OriginalDefinition;
        return definition.ContainingNamespace is { IsGlobalNamespace: false } ns
            ? ns.ToDisplayString() + "." + definition.MetadataName
            : definition.MetadataName;
    }

    /// <summary>Whether the method only wraps its arguments for a web framework, as <c>Ok(value)</c> of a controller does.</summary>
    public static bool MakesActionResult(IMethodSymbol method)
    {
        var declared = method;
        while (declared.OverriddenMethod is { } overridden)
        {
            declared = overridden;
        }

        return SymbolEqualityComparer.Default.Equals(declared, method)
            && MetadataName(declared.ContainingType) is "Microsoft.AspNetCore.Mvc.ControllerBase" or "Microsoft.AspNetCore.Mvc.Controller" or "Microsoft.AspNetCore.Mvc.RazorPages.PageModel"
            && (declared.ReturnType.Name is "IActionResult" or "IStatusCodeActionResult" || declared.ReturnType.AllInterfaces.Any(i => i.Name == "IActionResult"));
    }
}
