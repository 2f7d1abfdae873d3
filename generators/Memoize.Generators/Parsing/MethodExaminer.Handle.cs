using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// Where the handles go.
internal sealed partial class MethodExaminer
{
    private HandleModel? ReadHandle(Door door)
    {
        var type = _method.ContainingType;
        if (Accessible.FirstHidden(type) is not null)
        {
            return null;
        }

        var wanted = HandleNames.NameOf(type);
        if (!Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsValidIdentifier(wanted))
        {
            Report(Rules.HandleName, _display, wanted, "that is not a name of a class");
            return null;
        }

        var arity = CellNames.TypeParametersOf(type).Count();
        if (HandleNames.WhyTaken(type, wanted, arity, _compilation) is { } taken)
        {
            Report(Rules.HandleName, type.Locations.FirstOrDefault() ?? _location, Names.Short(type), wanted, taken);
            return null;
        }

        var exportedType = Accessible.IsExported(type);
        return new HandleModel(
            Names.Escape(wanted),
            exportedType && !IsForeign ? "public" : "internal",
            exportedType && !IsForeign && _method.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            TypeParameters.Of(CellNames.TypeParametersOf(type)))
        {
            CellAlias = CellAlias(door, arity),
        };
    }

    // A generic cell has no alias: it would have to name type arguments.
    private string? CellAlias(Door door, int arity)
    {
        var cell = CellNames.Of(_method, door).Name;
        var alias = door == Door.Partial ? _method.ContainingType.Name + "_" + cell : cell;
        var siblings = _compilation.GetCompilationNamespace(_method.ContainingNamespace) ?? _method.ContainingNamespace;
        return arity > 0 || siblings.GetTypeMembers(alias).Length > 0 ? null : alias;
    }
}
