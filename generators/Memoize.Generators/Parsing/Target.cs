using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>The cell that takes the calls of one annotated method with a plain door.</summary>
/// <param name="Forwarder">The interceptor; null where calls cannot be redirected.</param>
/// <param name="Obstacle">Why not, for a message.</param>
internal sealed record Target(ForwarderModel? Forwarder, string Obstacle)
{
    /// <summary>Looks at an original definition; null where it is not cached, or its calls need no interception.</summary>
    public static Target? Find(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        // A member of an extension block is asked for as the static method that implements it.
        if (ExtensionMembers.IsBlock(method.ContainingType) || !Attributes.IsWrapped(method))
        {
            return null;
        }

        if (!SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly))
        {
            return FindInMetadata(method, compilation);
        }

        // A refused declaration has its own error.
        return CompilationFacts.Of(compilation).WrapperOf(method, cancellation) is { Door: Door.Plain } model
            ? new Target(Forward(method, model.Cell.FullName), "")
            : null;
    }

    private static Target? FindInMetadata(IMethodSymbol method, Compilation compilation)
    {
        // Behind these doors the method itself is cached, or what stands behind its interface.
        if (Attributes.IsWrapper(method) || method.ContainingType.TypeKind == TypeKind.Interface)
        {
            return null;
        }

        var cell = method.ContainingAssembly.GetTypeByMetadataName(CellNames.MetadataNameOf(method));
        if (cell is not null && compilation.GetMetadataReference(method.ContainingAssembly)?.Properties.Aliases is { Length: > 0 } aliases && !aliases.Contains("global"))
        {
            return new Target(null, $"'{method.ContainingAssembly.Name}' is referenced under the alias '{aliases[0]}' only, which generated code cannot name");
        }

        if (cell is null)
        {
            return new Target(null, $"'{method.ContainingAssembly.Name}' has no wrapper for it: it was compiled without the generator of Memoize, or its own build refused the method");
        }

        return compilation.IsSymbolAccessibleWithin(cell, compilation.Assembly)
            ? new Target(Forward(method, CellNames.Of(method, Door.Plain).FullName), "")
            : new Target(null, $"its wrapper is internal to '{method.ContainingAssembly.Name}'");
    }

    private static ForwarderModel Forward(IMethodSymbol method, string cell)
    {
        var type = method.ContainingType;
        var parameters = new List<string>();
        var arguments = new List<string>();
        if (!method.IsStatic)
        {
            var self = Names.Unique("self", method.Parameters.Select(p => p.Name));
            var modifier = !type.IsValueType ? "" : type.IsReadOnly || method.IsReadOnly ? "in " : "ref ";
            parameters.Add($"this {modifier}{Names.Bare(type)} {self}");
            arguments.Add(Attributes.Cached(method) is null ? modifier + self : type.IsValueType ? "in " + self : self);
        }

        foreach (var parameter in method.Parameters)
        {
            var name = Names.Escape(parameter.Name);
            var isThis = method.IsExtensionMethod && parameter.Ordinal == 0 ? "this " : "";
            var modifier = parameter.RefKind switch
            {
                RefKind.In => "in ",
                RefKind.RefReadOnlyParameter => "ref readonly ",
                RefKind.Ref => "ref ",
                RefKind.Out => "out ",
                _ => "",
            };
            var scoped = parameter.ScopedKind == ScopedKind.None || parameter.RefKind == RefKind.Out ? "" : "scoped ";
            parameters.Add($"{isThis}{scoped}{modifier}{Names.Of(parameter.Type)} {name}");
            arguments.Add(modifier switch
            {
                "" => name,
                "ref " or "out " => modifier + name,
                _ => "in " + name,
            });
        }

        var own = Words(method.TypeParameters);
        return new ForwarderModel(
            Names.Escape(method.Name),
            Names.Of(method.ReturnType),
            TypeParameters.Of(CellNames.TypeParametersOf(type).Concat(method.TypeParameters)),
            string.Join(", ", parameters),
            $"{cell}.Invoke{own}({string.Join(", ", arguments)})");
    }

    private static string Words(IReadOnlyCollection<ITypeParameterSymbol> parameters) =>
        parameters.Count == 0 ? "" : "<" + string.Join(", ", parameters.Select(p => Names.Escape(p.Name))) + ">";
}
