using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing.Ambient;
using Memoize.Generators.Parsing.Tiers;

namespace Memoize.Generators.Parsing;

// What belongs to the caller, is no argument, and is part of the key all the same.
internal sealed partial class MethodExaminer
{
    /// <returns>Null where a source is declared wrongly, which is said at its declaration.</returns>
    private EquatableArray<AmbientModel>? ReadAmbient(List<KeyFieldModel> fields)
    {
        var sources = CompilationFacts.Of(_compilation).AmbientSources;
        var variation = Variation.Of(_cached, sources, out var problem);
        if (problem is { } wrong)
        {
            _problems.Add(new Problem(Rules.VaryBy, AttributeLocation, _cached.Named("VaryBy", ""), _display, wrong.Reason)
            {
                Fix = wrong.Mended is null ? null : FixProperties.VaryBy,
                Subject = wrong.Mended,
            });
            return null;
        }

        var models = new List<AmbientModel>();
        foreach (var source in variation.By)
        {
            if (source.Problem is not null)
            {
                return null;
            }

            // One name for the field, for what the constructor is given and for what a handle is: no parameter may have it.
            var identifier = Identifier(source.Name);
            var name = FieldName(Names.Unique(identifier, [_self, .. _method.Parameters.Select(p => p.Name), .. models.Select(m => m.Name)]), fields);
            models.Add(new AmbientModel(name, Names.Of(source.Type), source.Access));
            AddAmbientFields(source, name, fields);
        }

        return models.ToEquatableArray();
    }

    private void AddAmbientFields(AmbientSource source, string name, List<KeyFieldModel> fields)
    {
        if (!source.IsCulture)
        {
            fields.Add(Field(name, Names.Of(source.Type), name, KeyTypes.Compare(source.Type, _compilation, out _)!.Value) with { Label = source.Name, Unshared = SharedText.WhyNot(source.Type) });
            return;
        }

        // A culture can be written to, and is equal to others of its name. Its name, and whether what the user has set in the system
        // holds for it, say what a program gets from it.
        fields.Add(Field(name, "string", name + ".Name", KeyComparison.Default) with { Label = source.Name });
        fields.Add(Field(FieldName(name + "_overrides", fields), "bool", name + ".UseUserOverride", KeyComparison.Default) with { Label = source.Name + " overrides" });
    }

    // "order-desk" becomes order_desk.
    private static string Identifier(string name) => Names.Escape(string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '_')));
}
