using Memoize.Generators.Diagnostics;
using Memoize.Generators.Emit;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Invalidation;

// Which cached methods an attribute names, and how their caches are reached.
internal sealed partial class EvictingMethodExaminer
{
    /// <summary>The cached overloads of the name that can be reached; none where that is somebody's error.</summary>
    private IReadOnlyList<InvalidationTarget> Targets(AttributeData attribute)
    {
        var (given, name) = Attributes.TargetOf(attribute, _method);
        if (given is null || given.TypeKind == TypeKind.Error || name.Length == 0)
        {
            _isIncomplete = true;
            return [];
        }

        if (Close(attribute, given) is not { } owner)
        {
            return [];
        }

        var methods = Lineage.Of(owner)
            .Select(type => type.GetMembers(name).OfType<IMethodSymbol>().Where(m => !m.IsPartialImplementation() && m.MethodKind == MethodKind.Ordinary).ToList())
            .FirstOrDefault(found => found.Count > 0) ?? [];
        if (methods.Count == 0)
        {
            var near = NearNames.To(name, CachedNamesIn(owner));
            _problems.Add(new Problem(Rules.UnknownTarget, LocationOf(attribute), Word(attribute), _display, name, Names.Short(owner), near is null ? "" : $"; did you mean '{near}'?")
            {
                Fix = near is null ? null : FixProperties.Name,
                Subject = near,
            });
            return [];
        }

        var cached = methods.Where(IsCached).ToList();
        if (cached.Count == 0)
        {
            var canBe = methods.FirstOrDefault(method => !method.DeclaringSyntaxReferences.IsEmpty && !method.ReturnsVoid && !KnownTypes.IsTask(method.ReturnType) && !KnownTypes.IsValueTask(method.ReturnType));
            var isForeign = owner.TypeKind == TypeKind.Interface && (!IsOurs(owner) || (IsForeign && !owner.GetMembers().Any(Attributes.IsWrapped)));
            _problems.Add(new Problem(Rules.TargetNotCached, LocationOf(attribute), Word(attribute), _display, Names.Short(canBe ?? methods[0]), isForeign ? ForeignDecorators.HowToCache(methods[0]) : "put [Cached] on it")
            {
                Fix = canBe is null || isForeign ? null : FixProperties.Cached,
                Subject = canBe is null || isForeign ? null : DocumentationCommentId.CreateDeclarationId(canBe.OriginalDefinition),
            });
            return [];
        }

        // What this assembly says of interfaces that are not ours has its caches and handles here.
        var targets = IsOurs(owner) || cached.All(method => Attributes.Cached(method) is null)
            ? cached.Select(method => InSource(attribute, method, cached))
            : cached.SelectMany(method => InMetadata(attribute, method, cached));
        return targets.OfType<InvalidationTarget>().ToList();
    }

    private bool IsOurs(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly);

    private bool IsCached(IMethodSymbol method) => _facts.IsCached(method, _cancellation);

    private IEnumerable<string> CachedNamesIn(INamedTypeSymbol type) =>
        Lineage.Of(type).SelectMany(t => t.GetMembers()).OfType<IMethodSymbol>().Where(IsCached).Select(m => m.Name);

    // typeof(Repository<>) stands for the type arguments that have the same names here.
    private INamedTypeSymbol? Close(AttributeData attribute, INamedTypeSymbol type)
    {
        if (!type.IsUnboundGenericType)
        {
            return type;
        }

        var definition = type.OriginalDefinition;
        var arguments = Arguments(attribute, Names.Short(definition), definition.TypeParameters);
        return arguments is null || definition.ContainingType is { IsGenericType: true } ? null : definition.Construct([.. arguments]);
    }

    private IReadOnlyList<ITypeSymbol>? Arguments(AttributeData attribute, string target, IReadOnlyList<ITypeParameterSymbol> parameters)
    {
        var own = _method.TypeParameters.Concat(CellNames.TypeParametersOf(_method.ContainingType)).ToList();
        var arguments = new List<ITypeSymbol>();
        foreach (var parameter in parameters)
        {
            if (own.FirstOrDefault(p => p.Name == parameter.Name) is not { } argument)
            {
                Report(Rules.UnreachableTarget, LocationOf(attribute), Word(attribute), _display, target, $"it is generic, and '{_display}' has no type parameter '{parameter.Name}' that says which of its caches is meant; write the type with its arguments, or give the method such a type parameter");
                return null;
            }

            if (!SymbolEqualityComparer.Default.Equals(parameter, argument) && Constraints(parameter) is { Length: > 0 } constraints && constraints != Constraints(argument))
            {
                Report(Rules.UnreachableTarget, LocationOf(attribute), Word(attribute), _display, target, $"its type parameter '{parameter.Name}' is constrained ({constraints}); write the same constraint here");
                return null;
            }

            arguments.Add(argument);
        }

        return arguments;
    }

    private static string Constraints(ITypeParameterSymbol parameter) => TypeParameters.Of([parameter])[0].Constraints;

    private InvalidationTarget? InSource(AttributeData attribute, IMethodSymbol method, IReadOnlyList<IMethodSymbol> overloads)
    {
        var models = overloads.Select(overload => _facts.EntriesOf(overload.OriginalDefinition, _cancellation)?.Model).OfType<CachedMethodModel>().ToList();
        if (_facts.EntriesOf(method.OriginalDefinition, _cancellation)?.Model is not { } model)
        {
            _isIncomplete = true;
            return null;
        }

        if (model.Handle is not { } handle)
        {
            var hidden = Accessible.FirstHidden(method.ContainingType) ?? method.ContainingType;
            _problems.Add(new Problem(Rules.UnreachableTarget, LocationOf(attribute), Word(attribute), _display, Names.Short(method), $"'{Names.Short(hidden)}' is private, so that the method has no handle; make the type internal")
            {
                Fix = FixProperties.Internal,
                Subject = DocumentationCommentId.CreateDeclarationId(hidden.OriginalDefinition),
            });
            return null;
        }

        var arguments = Arguments(attribute, Names.Short(method), method.OriginalDefinition.TypeParameters);
        if (arguments is null)
        {
            return null;
        }

        var constructed = arguments.Count == 0 ? method : method.Construct([.. arguments]);
        var entry = HandleMembers.EntryParametersOf(model, models);
        return Target(
            constructed,
            Names.NamespaceOf(method),
            handle.ClassName,
            model.Receiver is { NamesEntry: true } ? constructed.ContainingType : null,
            [
                .. constructed.Parameters
                    .Zip(model.Parameters, (parameter, made) => (parameter, made))
                    .Where(both => entry.Contains(both.made))
                    .Select(both => new EntryParameter(both.parameter.Name, both.parameter.Type, both.made.NamesEntry)),
            ]) with
        { HasTiers = model.Shape is not null };
    }

    // In another assembly the handle is there to be read.
    private IEnumerable<InvalidationTarget> InMetadata(AttributeData attribute, IMethodSymbol method, IReadOnlyList<IMethodSymbol> overloads)
    {
        var type = method.ContainingType;
        var name = HandleNames.NameOf(type.OriginalDefinition);
        var assembly = type.ContainingAssembly;
        var handles = type.ContainingNamespace.GetTypeMembers(name, CellNames.TypeParametersOf(type.OriginalDefinition).Count())
            .FirstOrDefault(t => SymbolEqualityComparer.Default.Equals(t.ContainingAssembly, assembly));
        var handle = handles?.GetMembers(method.Name).OfType<IPropertySymbol>().FirstOrDefault();
        var why = handle switch
        {
            null => $"'{assembly.Name}' has no handle for it: it was compiled without the generator of Memoize, or its own build refused the method",
            _ when !_compilation.IsSymbolAccessibleWithin(handle, _compilation.Assembly) => $"its handle is internal to '{assembly.Name}'",
            _ when _compilation.GetMetadataReference(assembly)?.Properties.Aliases is { Length: > 0 } aliases && !aliases.Contains("global") =>
                $"'{assembly.Name}' is referenced under the alias '{aliases[0]}' only, which generated code cannot name",
            _ => null,
        };
        if (why is not null)
        {
            Report(Rules.UnreachableTarget, LocationOf(attribute), Word(attribute), _display, Names.Short(method), why);
            yield break;
        }

        var arguments = Arguments(attribute, Names.Short(method), method.OriginalDefinition.TypeParameters);
        if (arguments is null)
        {
            yield break;
        }

        var constructed = arguments.Count == 0 ? method : method.Construct([.. arguments]);
        foreach (var evict in handle!.Type.GetMembers("Evict").OfType<IMethodSymbol>().Where(evict => evict.Arity == method.Arity))
        {
            // The overload whose parameters these are, after the instance where that is in the key.
            var receiver = evict.Parameters.Length > 0 && constructed.Parameters.All(p => p.Name != evict.Parameters[0].Name) && !method.IsStatic;
            var named = evict.Parameters.Skip(receiver ? 1 : 0).ToList();
            var entry = named.Select(p => constructed.Parameters.FirstOrDefault(own => own.Name == p.Name && Names.Of(own.OriginalDefinition.Type) == Names.Of(p.Type))).ToList();
            if (entry.All(p => p is not null) && BestFor(evict, overloads, method))
            {
                yield return Target(
                    constructed,
                    Names.NamespaceOf(method),
                    Names.Escape(name),
                    receiver ? type : null,
                    [.. entry.Select(p => new EntryParameter(p!.Name, p.Type, !Attributes.IsNotInKey(p) && !KnownTypes.IsNeverInKey(p.Type)))])
                    with
                { HasTiers = handle.Type.GetMembers("EvictAsync").OfType<IMethodSymbol>().Any(other => other.Arity == evict.Arity && other.Parameters.Length == evict.Parameters.Length) };
            }
        }
    }

    // Of overloads that all have the parameters of the handle's method, it belongs to the one that has the fewest others.
    private static bool BestFor(IMethodSymbol evict, IReadOnlyList<IMethodSymbol> overloads, IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method, overloads
            .Where(overload => overload.Arity == evict.Arity && evict.Parameters.All(p =>
                overload.Parameters.Any(own => own.Name == p.Name && Names.Of(own.OriginalDefinition.Type) == Names.Of(p.Type))
                || (p.Ordinal == 0 && !overload.IsStatic && SymbolEqualityComparer.Default.Equals(p.Type.OriginalDefinition, overload.ContainingType.OriginalDefinition))))
            .OrderBy(overload => overload.Parameters.Length)
            .FirstOrDefault());

    private static InvalidationTarget Target(IMethodSymbol method, string ns, string handles, ITypeSymbol? receiver, IReadOnlyList<EntryParameter> entry)
    {
        var arguments = Names.ContainersOf(method.ContainingType).SelectMany(type => type.TypeArguments).Select(Names.Of).ToList();
        var full = (ns.Length == 0 ? "global::" : $"global::{ns}.") + handles;
        return new InvalidationTarget(
            arguments.Count == 0 ? full : "",
            $"{full}{Words.TypeArguments(arguments)}.{Names.Escape(method.Name)}",
            Words.TypeArguments(method.TypeArguments.Select(Names.Of)),
            receiver,
            entry,
            KnownTypes.ResultOf(method.ReturnType),
            method);
    }

    private Location? LocationOf(AttributeData attribute) => attribute.LocationOf(_cancellation) ?? _location;

    private static string Word(AttributeData attribute) => Attributes.WordOf(attribute);

    private static string KindOf(AttributeData attribute) => Attributes.KindOf(attribute);
}
