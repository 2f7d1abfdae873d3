using System.Collections.Immutable;
using System.Reflection;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Incrementality;

/// <summary>What keeps the pipeline's models comparable and light, checked on their types.</summary>
public sealed class ModelShapeTests
{
    static readonly Type[] _models = [.. typeof(MemoizeGenerator).Assembly.GetTypes()
        .Where(type => type.Namespace == "Memoize.Generators.Model" && !type.IsEnum && !type.Name.StartsWith('<'))];

    public static TheoryData<string> Models => [.. _models.Select(type => type.Name)];

    [Fact]
    public void There_are_models_and_steps_to_check()
    {
        Assert.NotEmpty(_models);
        Assert.NotEmpty(ModelGraph.TrackedNames);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_model_is_equal_by_value(string name)
    {
        var type = _models.Single(model => model.Name == name);
        Assert.Contains(typeof(IEquatable<>).MakeGenericType(type), type.GetInterfaces());

        // Nothing is of an abstract type only; what derives from it is checked like all others, and records compare their types first.
        Assert.True(type.IsSealed || type.IsAbstract, $"{type} can be derived from, and then its equality is that of another type");
        Assert.All(_models.Where(model => model.BaseType == type), derived => Assert.True(type.IsAbstract && derived.IsSealed));
    }

    [Theory, MemberData(nameof(Models))]
    public void A_model_holds_values_only(string name)
    {
        foreach (var field in _models.Single(model => model.Name == name).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            AssertValue(field.FieldType, $"{name}.{field.Name}");
    }

    [Fact]
    public void A_model_has_no_settable_members()
    {
        foreach (var property in _models.SelectMany(model => model.GetProperties()).Where(property => property.SetMethod is not null))
            Assert.Contains(property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers(), modifier => modifier.Name == "IsExternalInit");
    }

    [Fact]
    public void Arrays_are_equal_by_their_elements()
    {
        var one = EquatableArray.Create("a", "b");
        var same = EquatableArray.Create("a", "b");
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, EquatableArray.Create("b", "a"));
        Assert.NotEqual(one, EquatableArray.Create("a"));
        Assert.Equal(default, EquatableArray<string>.Empty);
        Assert.Equal(default(EquatableArray<string>).GetHashCode(), EquatableArray<string>.Empty.GetHashCode());
        Assert.Empty(default(EquatableArray<string>));
    }

    static void AssertValue(Type type, string path)
    {
        Assert.False(type.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true && !type.IsEnum, $"{path} is of the compiler's type {type}");
        Assert.False(type.IsAssignableTo(typeof(Delegate)), $"{path} is a delegate");
        Assert.False(type.IsArray, $"{path} is an array, which is equal only to itself");
        Assert.NotEqual(typeof(object), type);
        Assert.False(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>), $"{path} is an ImmutableArray, which is equal only to itself");
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal))
            return;
        Assert.True(type.GetInterfaces().Contains(typeof(IEquatable<>).MakeGenericType(type)) || Nullable.GetUnderlyingType(type) is not null, $"{path} of type {type} has no value equality");
        foreach (var argument in type.GenericTypeArguments)
            AssertValue(argument, path + "<>");
    }
}
