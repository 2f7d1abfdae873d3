using System.Text;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Invalidation;

/// <summary>A tag such as <c>user:{user.Id}</c>, made into an expression of C#.</summary>
/// <param name="Expression"><c>$"user:{user?.Id}"</c>, or a plain string where there are no values in it.</param>
/// <param name="Parameters">The parameters in it.</param>
/// <param name="Skeleton">The text with empty braces: what tags of different methods have in common.</param>
internal sealed record TagTemplate(string Expression, IReadOnlyList<IParameterSymbol> Parameters, string Skeleton)
{
    // What TagText escapes in values, so that it can tell where one ends.
    private const string Separators = ":/|,;=#&";

    private static readonly HashSet<string> Textual = new(StringComparer.Ordinal)
    {
        "System.Guid", "System.DateTimeOffset", "System.TimeSpan", "System.DateOnly", "System.TimeOnly", "System.Uri", "System.Version",
        "System.Half", "System.Int128", "System.UInt128", "System.Text.Rune", "System.Numerics.BigInteger", "System.Net.IPAddress",
    };

    /// <summary>Reads a template; null with what is wrong, as the end of a sentence.</summary>
    /// <param name="text">The template.</param>
    /// <param name="method">The method whose parameters it may name.</param>
    /// <param name="whyNot">Why a parameter cannot be used, or null.</param>
    /// <param name="problem">What is wrong.</param>
    public static TagTemplate? Read(string text, IMethodSymbol method, Func<IParameterSymbol, string?> whyNot, out string problem)
    {
        problem = "";
        if (text.Length == 0)
        {
            problem = "it is empty";
            return null;
        }

        var code = new StringBuilder();
        var skeleton = new StringBuilder();
        var literal = new StringBuilder();
        var parameters = new List<IParameterSymbol>();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '}')
            {
                problem = "it has a } without a {; a brace that is meant is written twice";
                return null;
            }
            else if (c != '{')
            {
                literal.Append(c);
            }
            else
            {
                var end = text.IndexOf('}', i);
                if (end < 0)
                {
                    problem = "it has a { without a }; a brace that is meant is written twice";
                    return null;
                }

                if (WhyAmbiguous(text, literal, skeleton.Length == 0, end) is { } ambiguous)
                {
                    problem = ambiguous;
                    return null;
                }

                if (Value(text.Substring(i + 1, end - i - 1).Trim(), method, whyNot, parameters, out problem) is not { } value)
                {
                    return null;
                }

                skeleton.Append(literal).Append("{}");
                code.Append(Escape(literal)).Append('{').Append(value).Append('}');
                literal.Clear();
                i = end;
            }
        }

        skeleton.Append(literal);
        return parameters.Count == 0
            ? new TagTemplate(Literals.Of(literal.ToString()), parameters, skeleton.ToString())
            : new TagTemplate("$\"" + code.Append(Escape(literal)) + "\"", parameters, skeleton.ToString());
    }

    /// <summary>What is wrong with a template, and the template as it was probably meant.</summary>
    public static Problem Problem(string text, IMethodSymbol method, Location? location, string display, string reason)
    {
        var mended = Mend(text, method);
        return new Problem(Rules.TagTemplate, location, text, display, reason)
        {
            Fix = mended is null || mended == text ? null : FixProperties.Text,
            Subject = text + "\n" + mended,
        };
    }

    // Every value as what is near to it; null where nothing is, or where the braces themselves are wrong.
    private static string? Mend(string text, IMethodSymbol method)
    {
        var mended = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            mended.Append(text[i]);
            if (text[i] is not ('{' or '}'))
            {
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                mended.Append(text[++i]);
                continue;
            }

            var end = text.IndexOf('}', i);
            if (text[i] == '}' || end < 0 || Near(text.Substring(i + 1, end - i - 1).Trim(), method) is not { } value)
            {
                return null;
            }

            mended.Append(value).Append('}');
            i = end;
        }

        return mended.ToString();
    }

    private static string? Near(string path, IMethodSymbol method)
    {
        var root = path.Split('.')[0].Trim();
        var name = method.Parameters.Any(p => p.Name == root) ? root : NearNames.To(root, method.Parameters.Select(p => p.Name));
        if (name is null || path.Length == root.Length)
        {
            return name;
        }

        return MemberPath.Mend(method.Parameters.First(p => p.Name == name).Type, path.Substring(root.Length + 1)) is { } members ? name + "." + members : null;
    }

    // Two values must not run into each other or into text: "user:{id}" and "user:{name}:posts" can be told apart, "user{id}" and
    // "users" cannot.
    private static string? WhyAmbiguous(string text, StringBuilder before, bool isFirst, int end)
    {
        if (isFirst && before.Length == 0)
        {
            return "it begins with a value, which could be the text of any other tag; begin with what the value is, as in \"user:{id}\"";
        }

        var isApart = before.Length > 0 && Separators.Contains(before[before.Length - 1])
            && (end + 1 == text.Length || Separators.Contains(text[end + 1]));
        return isApart ? null : "a value in it runs into what stands beside it; put one of : / | , ; = # & between them, as in \"user:{id}\"";
    }

    private static string? Value(string path, IMethodSymbol method, Func<IParameterSymbol, string?> whyNot, List<IParameterSymbol> parameters, out string problem)
    {
        var root = path.Split('.')[0].Trim();
        var parameter = method.Parameters.FirstOrDefault(p => p.Name == root);
        if (parameter is null)
        {
            var near = NearNames.To(root, method.Parameters.Select(p => p.Name));
            problem = root.Length == 0 ? "it has empty braces" : $"'{root}' is no parameter of the method{(near is null ? "" : $"; did you mean '{near}'?")}";
            return null;
        }

        if (whyNot(parameter) is { } reason)
        {
            problem = $"'{root}' {reason}";
            return null;
        }

        var type = parameter.Type;
        var access = "";
        problem = "";
        if (path.Length > root.Length)
        {
            if (MemberPath.Resolve(type, path.Substring(root.Length + 1), out problem) is not { } member)
            {
                return null;
            }

            type = member.Type;
            access = member.Access;
        }

        if (!HasText(type))
        {
            problem = $"'{path}' is '{Names.Short(type)}', which has no text that tells its values apart; name a member of it, as in {{{path}.Id}}";
            return null;
        }

        parameters.Add(parameter);
        return Names.Escape(root) + access;
    }

    private static bool HasText(ITypeSymbol type)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            type = ((INamedTypeSymbol)type).TypeArguments[0];
        }

        return type.TypeKind == TypeKind.Enum
            || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String or SpecialType.System_DateTime
                or SpecialType.System_IntPtr or SpecialType.System_UIntPtr
            || Textual.Contains(KnownTypes.MetadataName(type));
    }

    private static string Escape(StringBuilder literal)
    {
        var quoted = Literals.Of(literal.ToString());
        return quoted.Substring(1, quoted.Length - 2).Replace("{", "{{").Replace("}", "}}");
    }
}
