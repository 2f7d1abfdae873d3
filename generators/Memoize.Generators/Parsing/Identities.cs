using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Parameters that say who is asking, by their names and types.</summary>
internal static class Identities
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tenant"] = "tenant",
        ["user"] = "user",
        ["username"] = "user",
        ["userid"] = "user",
        ["tenantid"] = "tenant",
        ["principal"] = "user",
        ["identity"] = "user",
        ["account"] = "account",
        ["customer"] = "customer",
        ["organization"] = "organization",
        ["organisation"] = "organisation",
        ["role"] = "role",
        ["roles"] = "role",
        ["permission"] = "permission",
        ["permissions"] = "permission",
        ["claims"] = "user",
        ["culture"] = "culture",
        ["locale"] = "culture",
        ["language"] = "language",
        ["lang"] = "language",
    };

    /// <summary>What the parameter tells apart ("tenant"); null where it says nothing of the kind.</summary>
    public static string? Of(IParameterSymbol parameter)
    {
        if (KnownTypes.MetadataName(parameter.Type) is "System.Security.Claims.ClaimsPrincipal" or "System.Security.Principal.IPrincipal" or "System.Security.Claims.ClaimsIdentity"
            or "System.Security.Principal.IIdentity" or "Microsoft.AspNetCore.Http.HttpContext" or "Microsoft.AspNetCore.Http.HttpRequest" or "Microsoft.AspNetCore.Http.IHttpContextAccessor")
        {
            return "user";
        }

        if (KnownTypes.MetadataName(parameter.Type) is "System.Globalization.CultureInfo" or "System.IFormatProvider")
        {
            return "culture";
        }

        // A service or a callback may be called userManager; what tells people apart is data.
        if (parameter.Type.TypeKind is TypeKind.Interface or TypeKind.Delegate || ServiceTypes.IsService(parameter.Type))
        {
            return null;
        }

        return WordsOf(parameter.Name).Select(word => Words.TryGetValue(word, out var identity) ? identity : null).FirstOrDefault(identity => identity is not null);
    }

    // tenantId, user_id and UserID are all two words.
    private static IEnumerable<string> WordsOf(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || name[i] == '_' || (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])))
            {
                yield return name.Substring(start, i - start).Trim('_');
                start = i;
            }
        }
    }
}
