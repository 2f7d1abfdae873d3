using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Type parameters and their constraints, repeated to the letter.</summary>
internal static class TypeParameters
{
    public static EquatableArray<TypeParameterModel> Of(IEnumerable<ITypeParameterSymbol> parameters) =>
        parameters.Select(Of).ToEquatableArray();

    private static TypeParameterModel Of(ITypeParameterSymbol parameter)
    {
        var constraints = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint)
        {
            constraints.Add("unmanaged");
        }
        else if (parameter.HasValueTypeConstraint)
        {
            constraints.Add("struct");
        }
        else if (parameter.HasReferenceTypeConstraint)
        {
            constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        }
        else if (parameter.HasNotNullConstraint)
        {
            constraints.Add("notnull");
        }

        constraints.AddRange(parameter.ConstraintTypes.Select(Names.Of));
        if (parameter.HasConstructorConstraint)
        {
            constraints.Add("new()");
        }

        var name = Names.Escape(parameter.Name);
        return new TypeParameterModel(name, constraints.Count == 0 ? "" : $"where {name} : {string.Join(", ", constraints)}");
    }
}
