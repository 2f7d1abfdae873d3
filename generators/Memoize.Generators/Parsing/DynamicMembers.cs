using System.Reflection.Metadata;

namespace Memoize.Generators.Parsing;

/// <summary>The members of a module in whose types the compiler has marked something as dynamic.</summary>
internal static class DynamicMembers
{
    private const string Mark = "DynamicAttribute";

    /// <summary>Their names; null where the mark is on something that is not named where it is used, as the base of a class.</summary>
    public static IReadOnlyCollection<string>? In(MetadataReader module)
    {
        // Nearly every module is done here.
        if (!module.TypeReferences.Any(type => module.StringComparer.Equals(module.GetTypeReference(type).Name, Mark))
            && !module.TypeDefinitions.Any(type => module.StringComparer.Equals(module.GetTypeDefinition(type).Name, Mark)))
        {
            return [];
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var methods = new Lazy<Dictionary<ParameterHandle, MethodDefinitionHandle>>(() => MethodsOfParameters(module));
        foreach (var handle in module.CustomAttributes)
        {
            var attribute = module.GetCustomAttribute(handle);
            if (!module.StringComparer.Equals(TypeNameOf(attribute, module), Mark))
            {
                continue;
            }

            StringHandle? name = attribute.Parent.Kind switch
            {
                HandleKind.FieldDefinition => module.GetFieldDefinition((FieldDefinitionHandle)attribute.Parent).Name,
                HandleKind.PropertyDefinition => NameOf(module.GetPropertyDefinition((PropertyDefinitionHandle)attribute.Parent), module),
                HandleKind.EventDefinition => module.GetEventDefinition((EventDefinitionHandle)attribute.Parent).Name,
                HandleKind.Parameter when methods.Value.TryGetValue((ParameterHandle)attribute.Parent, out var method) => module.GetMethodDefinition(method).Name,
                _ => null,
            };
            if (name is not { } found)
            {
                return null;
            }

            names.Add(module.GetString(found));
        }

        return names;
    }

    // An indexer has a name that nobody writes.
    private static StringHandle? NameOf(PropertyDefinition property, MetadataReader module)
    {
        var signature = module.GetBlobReader(property.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() == 0 ? property.Name : null;
    }

    private static StringHandle TypeNameOf(CustomAttribute attribute, MetadataReader module) => attribute.Constructor.Kind switch
    {
        HandleKind.MethodDefinition =>
            module.GetTypeDefinition(module.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name,
        HandleKind.MemberReference when module.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type =>
            module.GetTypeReference((TypeReferenceHandle)type).Name,
        _ => default,
    };

    private static Dictionary<ParameterHandle, MethodDefinitionHandle> MethodsOfParameters(MetadataReader module) => module.MethodDefinitions
        .SelectMany(method => module.GetMethodDefinition(method).GetParameters().Select(parameter => (Parameter: parameter, Method: method)))
        .ToDictionary(both => both.Parameter, both => both.Method);
}
