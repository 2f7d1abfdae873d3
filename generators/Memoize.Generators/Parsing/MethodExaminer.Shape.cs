using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// What the declaration itself must be.
internal sealed partial class MethodExaminer
{
    private void CheckShape()
    {
        if (_method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation))
        {
            Report(Rules.Declaration, _display, "only methods of a type can be cached; move the code to one");
        }
        else if (_method.MethodKind == MethodKind.ExplicitInterfaceImplementation)
        {
            Report(Rules.Declaration, _display, "an explicit interface implementation is never called directly; cache a method that it calls");
        }
        else if (_method.ContainingType.TypeKind == TypeKind.Interface)
        {
            CheckInterface();
        }
        else if (_method.IsAbstract)
        {
            Report(Rules.Declaration, _display, "it is abstract and says nothing of what its overrides do; put the attribute on the overriding methods");
        }

        if (_method is { ReturnsVoid: true, MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) })
        {
            Report(Rules.Declaration, _display, _method.IsAsync ? "an async void method has no result to remember" : "it returns nothing, so there is nothing to remember");
        }
        else if (KnownTypes.IsTask(_method.ReturnType) || KnownTypes.IsValueTask(_method.ReturnType))
        {
            Report(Rules.Declaration, _display, $"a '{_method.ReturnType.Name}' has no result to remember; return a {_method.ReturnType.Name}<T>");
        }
        else if (_method.ReturnsByRef || _method.ReturnsByRefReadonly)
        {
            Report(Rules.Declaration, _display, "it returns a reference to a variable, and a cache can only remember values");
        }

        if (_method.IsVararg)
        {
            Report(Rules.Declaration, _display, "it takes __arglist");
        }

        if (_method.ContainingType.IsRefLikeType)
        {
            Report(Rules.Declaration, _display, $"'{Names.Short(_method.ContainingType)}' is a ref struct, which no load can hold on to");
        }

        if (IsIterator())
        {
            Report(Rules.Declaration, _display, "it is an iterator: its result runs the body anew each time it is enumerated; return a list or an array");
        }

        foreach (var parameter in _method.TypeParameters.Concat(_method.ContainingType.TypeParameters))
        {
            if (parameter.AllowsRefLikeType)
            {
                Report(Rules.Declaration, _display, $"type parameter '{parameter.Name}' allows ref structs, which cannot be remembered");
            }
        }

        foreach (var parameter in _method.TypeParameters)
        {
            if (CellNames.TypeParametersOf(_method.ContainingType).Any(outer => outer.Name == parameter.Name))
            {
                Report(Rules.Declaration, _display, $"type parameter '{parameter.Name}' hides one of the type around it; rename one of them");
            }
        }

        CheckOtherDoor();
        CheckParameterShapes();
    }

    private void CheckInterface()
    {
        if (WhyNotDecorated() is { } why)
        {
            Report(Rules.Declaration, _display, why);
        }
        else
        {
            CheckDecorator();
        }
    }

    // The decorator would ask its cache, and then, below it, the implementation its own.
    private void CheckOtherDoor()
    {
        var type = _method.ContainingType;
        if (type.TypeKind == TypeKind.Interface || _method.IsStatic)
        {
            return;
        }

        foreach (var member in type.AllInterfaces.SelectMany(i => i.GetMembers(_method.Name)).OfType<IMethodSymbol>())
        {
            if (Attributes.Cached(member) is not null
                && type.FindImplementationForInterfaceMember(member) is IMethodSymbol implementation
                && (SymbolEqualityComparer.Default.Equals(implementation, _method) || SymbolEqualityComparer.Default.Equals(implementation.PartialDefinitionPart, _method)))
            {
                Report(Rules.TwoDoors, _display, Names.Short(member));
                return;
            }
        }
    }

    private void CheckParameterShapes()
    {
        foreach (var parameter in _method.Parameters)
        {
            var reason = parameter switch
            {
                { RefKind: RefKind.Out } => "an out parameter is a second result that the cache would not set",
                { RefKind: RefKind.Ref } => "a ref parameter can be changed by the call, and a hit would not change it",
                _ when Mentions.Pointer(parameter.Type) => "a pointer cannot be remembered",
                { Type.IsRefLikeType: true } when KnownTypes.SpanElement(parameter.Type) is null => "a ref struct cannot be remembered; of these only ReadOnlySpan<char> and ReadOnlySpan<byte> are possible",
                _ => null,
            };
            if (reason is not null)
            {
                Report(Rules.Declaration, parameter.Locations.FirstOrDefault() ?? _location, _display, $"parameter '{parameter.Name}': {reason}");
            }
        }

        if (_method.Parameters.Count(p => KnownTypes.IsCancellationToken(p.Type)) > 1)
        {
            Report(Rules.Declaration, _display, "it takes more than one CancellationToken, and only one can be the caller's");
        }
    }

    private (ReturnKind Kind, ITypeSymbol Value) ReadResult()
    {
        var (kind, value) = _method.ReturnType switch
        {
            INamedTypeSymbol type when KnownTypes.IsTaskOf(type) => (ReturnKind.Task, type.TypeArguments[0]),
            INamedTypeSymbol type when KnownTypes.IsValueTaskOf(type) => (ReturnKind.ValueTask, type.TypeArguments[0]),
            var type => (ReturnKind.Value, type),
        };
        if (ResultTypes.WhyNot(value, _compilation) is { } reason)
        {
            Report(Rules.Result, _display, reason);
        }

        return (kind, value);
    }
}
