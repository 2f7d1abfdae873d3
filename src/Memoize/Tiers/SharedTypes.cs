using System.Runtime.CompilerServices;
using System.Text;

namespace Memoize.Tiers;

/// <summary>Types as every process spells them: without versions, and with the assembly, because two may have types of one name.</summary>
internal static class SharedTypes
{
    /// <summary>The name of a type; null for one that the compiler or a program has named, which may be another one tomorrow.</summary>
    internal static string? NameOf(Type type)
    {
        var text = new StringBuilder();
        return Append(text, type) ? text.ToString() : null;
    }

    private static bool Append(StringBuilder text, Type type)
    {
        if (type.HasElementType)
        {
            if (!Append(text, type.GetElementType()!))
                return false;
            text.Append(type.IsSZArray ? "[]" : type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : "&");
            return true;
        }

        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (definition.FullName is not { } name || name.Contains('<') || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || definition.Assembly.IsDynamic)
            return false;

        text.Append(name);
        if (definition.Assembly != typeof(object).Assembly)
            text.Append('@').Append(definition.Assembly.GetName().Name);
        if (!type.IsConstructedGenericType)
            return true;

        text.Append('<');
        var arguments = type.GetGenericArguments();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            if (!Append(text, arguments[i]))
                return false;
        }

        text.Append('>');
        return true;
    }
}
