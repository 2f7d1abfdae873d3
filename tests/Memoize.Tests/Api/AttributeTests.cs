using System.Reflection;

namespace Memoize.Tests.Api;

/// <summary>What the generator reads by its name.</summary>
public class AttributeTests
{
    // One that derives would be another attribute to the generator, and a method that carries it would not be cached: the compiler says so.
    [Fact]
    public void No_attribute_can_be_derived_from()
    {
        var attributes = typeof(CachedAttribute).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute))).ToList();

        Assert.True(attributes.Count > 10);
        Assert.All(attributes, attribute => Assert.True(attribute.IsSealed, attribute.Name));
    }

    [Theory]
    [InlineData(typeof(CachedMemberAttribute), typeof(CachedAttribute), "Core", "PerInstance")]
    [InlineData(typeof(CacheDefaultsAttribute), typeof(CachedAttribute), "PerInstance", "When", "Unless", "TtlFrom", "MaxBytes", "Weigher", "Tags", "Core", "Name", "VaryBy")]
    [InlineData(typeof(CachedBatchMemberAttribute), typeof(CachedBatchAttribute), "Core")]
    [InlineData(typeof(EvictingMemberAttribute), typeof(EvictsAttribute))]
    [InlineData(typeof(UpdatingMemberAttribute), typeof(UpdatesAttribute))]
    [InlineData(typeof(TagEvictingMemberAttribute), typeof(EvictsTagAttribute))]
    public void What_is_said_elsewhere_has_the_options_of_what_is_said_on_a_method(Type ofOthers, Type own, params string[] butFor)
    {
        var (theirs, ours) = (Made(ofOthers), Made(own));
        Assert.All(own.GetProperties().Where(property => property.CanWrite && !butFor.Contains(property.Name)), option =>
        {
            var same = ofOthers.GetProperty(option.Name);
            Assert.True(same is { CanWrite: true } && same.PropertyType == option.PropertyType, option.Name);
            Assert.Equal(option.GetValue(ours), same.GetValue(theirs));
        });
        Assert.All(butFor, option => Assert.Null(ofOthers.GetProperty(option)));
    }

    [Fact]
    public void The_method_that_is_meant_is_as_it_was_given()
    {
        var evicts = new EvictingMemberAttribute(typeof(IDisposable), "Save", typeof(string), "Find", typeof(int));
        Assert.Equal((typeof(IDisposable), "Save", typeof(string), "Find", typeof(int)), (evicts.Service, evicts.Member, evicts.Type, evicts.Method, evicts.Parameters[0]));
        Assert.Null(new EvictingMemberAttribute(typeof(IDisposable), "Save", "Find").Type);

        var updates = new UpdatingMemberAttribute(typeof(IDisposable), "Save", typeof(string), "Find", typeof(int));
        Assert.Equal((typeof(IDisposable), "Save", typeof(string), "Find", typeof(int)), (updates.Service, updates.Member, updates.Type, updates.Method, updates.Parameters[0]));
        Assert.Null(new UpdatingMemberAttribute(typeof(IDisposable), "Save", "Find").Type);

        var batch = new CachedBatchMemberAttribute(typeof(IDisposable), "All", typeof(string), "Find", typeof(int));
        Assert.Equal((typeof(IDisposable), "All", typeof(string), "Find", typeof(int)), (batch.Service, batch.Member, batch.Type, batch.Method, batch.Parameters[0]));
        Assert.Null(new CachedBatchMemberAttribute(typeof(IDisposable), "All", "Find").Type);

        var tag = new TagEvictingMemberAttribute(typeof(IDisposable), "Save", "users", typeof(int));
        Assert.Equal((typeof(IDisposable), "Save", "users", typeof(int)), (tag.Service, tag.Member, tag.Tag, tag.Parameters[0]));
    }

    // With texts for all that a constructor wants.
    private static object Made(Type attribute)
    {
        var constructor = attribute.GetConstructors().MinBy(one => one.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(Argument)]);
    }

    private static object? Argument(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) ? "x" : parameter.ParameterType == typeof(Type) ? typeof(object) : parameter.ParameterType == typeof(Type[]) ? Type.EmptyTypes : null;
}
