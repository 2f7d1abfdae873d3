using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing.Tiers;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// The instance that the method is called on.
internal sealed partial class MethodExaminer
{
    private bool IsVirtual =>
        (_method.IsVirtual || (_method.IsOverride && !_method.IsSealed)) && !_method.ContainingType.IsSealed && !_method.ContainingType.IsValueType;

    private ReceiverModel? ReadReceiver(IMethodSymbol core, out IReadOnlyList<ISymbol> keyMembers)
    {
        keyMembers = [];
        if (_method.IsStatic)
        {
            return null;
        }

        var type = _method.ContainingType;
        var perInstance = _cached.Named("PerInstance", false);
        if (type.TypeKind == TypeKind.Interface)
        {
            if (perInstance)
            {
                ReportOption("PerInstance", "the caches of a decorator belong to its registration; remove it");
            }

            return new ReceiverModel(_self, Names.Bare(type), IsValueType: false, InterceptorModifier: "", InKey: false, PerInstance: false);
        }

        if (perInstance && type.IsValueType)
        {
            ReportOption("PerInstance", "a struct has no identity; put the members that matter into the key with [CacheKey]");
        }

        if (type.IsValueType && !type.IsReadOnly && !_method.IsReadOnly && WritesInstance(core))
        {
            Report(Rules.Declaration, _display, "it changes the struct that it is called on, and a hit would not");
        }

        if (!perInstance)
        {
            var analysis = ReceiverAnalysis.Of(core, _compilation, _cancellation);
            if (analysis.Undecided is { } state)
            {
                _problems.Add(new Problem(Rules.ReceiverState, _location, _display, state) { Elsewhere = analysis.UndecidedLocation });
            }

            keyMembers = analysis.KeyMembers;
        }

        var modifier = !type.IsValueType ? "" : type.IsReadOnly || _method.IsReadOnly ? "in " : "ref ";
        return new ReceiverModel(_self, Names.Bare(type), type.IsValueType, modifier, keyMembers.Count > 0 || (IsVirtual && !perInstance), perInstance);
    }

    private bool WritesInstance(IMethodSymbol core) => InstanceWrites.In(core, _compilation, _cancellation);

    private void AddReceiverFields(Door door, ReceiverModel? receiver, IReadOnlyList<ISymbol> members, List<KeyFieldModel> fields, List<AccessorModel> accessors)
    {
        if (receiver is null || door == Door.Decorator)
        {
            return;
        }

        var position = 0;
        if (IsVirtual && !receiver.PerInstance)
        {
            var field = FieldName("type", fields);
            fields.Insert(position++, Field(field, "global::System.Type", _self + ".GetType()", KeyComparison.Default) with { Unshared = "the method can be overridden, so the type of the instance is part of the key; seal the class, or the method" });
        }

        foreach (var member in members)
        {
            var type = member switch
            {
                IFieldSymbol f => f.Type,
                IPropertySymbol p => p.Type,
                _ => ((IParameterSymbol)member).Type,
            };
            var key = Attributes.CacheKey(member)!;
            var structural = key.Named("Structural", false);
            var shape = structural ? CollectionShape.Of(type) : null;
            if (MembersOf(key).Count > 0)
            {
                ReportKeyAttribute(FixProperties.Members, member, "[CacheKey(…)]", "on a member the whole value is the key; mark the members of its type through a property of your own");
                continue;
            }

            string reason = "";
            var comparison = shape is not null
                ? shape.Elements.All(e => KeyTypes.Compare(e, _compilation, out reason) == KeyComparison.Default) ? KeyComparison.Default : null
                : KeyTypes.Compare(type, _compilation, out reason);
            if (comparison is null)
            {
                Report(Rules.KeyType, LocationOf(member), member.Name, _display, reason);
                continue;
            }

            if (key.Named("IgnoreCase", false) && type.SpecialType == SpecialType.System_String)
            {
                comparison = KeyComparison.IgnoreCase;
            }

            _keyMayChange |= shape is { LoadArgument: not null } || (MemberPath.IsSettable(member) && !receiver.IsValueType);
            var name = member.Name.TrimStart('_') is { Length: > 0 } trimmed ? trimmed : member.Name;
            fields.Insert(position++, shape is null
                ? Field(FieldName(name, fields), Names.Of(type), MemberAccess(door, member, type, _self, receiver, accessors), comparison.Value) with { IsMember = true, Unshared = comparison == KeyComparison.IgnoreCase ? SharedText.IgnoresCase : SharedText.WhyNot(type) }
                : CollectionField(name, shape, MemberAccess(door, member, type, "{0}", receiver, accessors), fields));
        }
    }

    // One name for the field and for what the constructor is given: no parameter may have it.
    private KeyFieldModel CollectionField(string member, CollectionShape shape, string access, List<KeyFieldModel> fields)
    {
        var name = FieldName(Names.Unique(member, [_self, .. _method.Parameters.Select(p => p.Name)]), fields);
        return Field(name, shape.KeyType, name, KeyComparison.Default) with
        {
            IsMember = true,
            Probe = new ProbeModel(shape.KeyType, shape.Rent.Replace("{0}", access), shape.Create.Replace("{0}", access), IsCopied: shape.LoadArgument is not null, shape.IsSequence),
            Unshared = SharedText.WhyNot(shape),
        };
    }

    // Inside the user's type everything can be named; outside, hidden members are reached through unsafe accessors.
    private string MemberAccess(Door door, ISymbol member, ITypeSymbol type, string instance, ReceiverModel receiver, List<AccessorModel> accessors)
    {
        var name = Names.Escape(member.Name);
        if (member is not IParameterSymbol && (door == Door.Partial || Accessible.IsVisible(member.DeclaredAccessibility)))
        {
            return instance + "." + name;
        }

        if (member is IParameterSymbol)
        {
            // The compiler keeps a captured primary constructor parameter in a field of this name; it has no other.
            return Accessor($"[UnsafeAccessor(UnsafeAccessorKind.Field, Name = \"<{member.Name}>P\")]", "ref ", "Read_" + member.Name, Names.Of(type), instance, receiver, accessors);
        }

        return member is IPropertySymbol property
            ? Accessor($"[UnsafeAccessor(UnsafeAccessorKind.Method, Name = \"{property.GetMethod!.Name}\")]", "", "Read_" + member.Name.TrimStart('_'), Names.Of(type), instance, receiver, accessors)
            : Accessor($"[UnsafeAccessor(UnsafeAccessorKind.Field, Name = \"{member.Name}\")]", "ref ", "Read_" + member.Name.TrimStart('_'), Names.Of(type), instance, receiver, accessors);
    }

    private string Accessor(string attribute, string refKind, string name, string type, string instance, ReceiverModel receiver, List<AccessorModel> accessors)
    {
        if (_method.ContainingType.IsGenericType && !HasGenericAccessors)
        {
            Report(Rules.Inaccessible, _display, "members of a generic type that are private can be reached only from .NET 9 on; make the member in the key internal, or the method partial");
        }

        var modifier = receiver.IsValueType ? "ref " : "";
        accessors.Add(new AccessorModel(attribute.Replace("[UnsafeAccessor(UnsafeAccessorKind", "[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind"),
            $"private static extern {refKind}{type} {name}({modifier}{receiver.Type} {_self});"));
        return receiver.IsValueType ? $"{name}(ref global::System.Runtime.CompilerServices.Unsafe.AsRef(in {instance}))" : $"{name}({instance})";
    }
}
