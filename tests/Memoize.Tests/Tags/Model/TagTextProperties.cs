using CsCheck;
using Memoize.Tags;

namespace Memoize.Tests.Tags.Model;

/// <summary>No values, whatever is in them, make the text that others make.</summary>
public class TagTextProperties
{
    [Fact]
    public void Two_texts_are_equal_only_if_all_values_are()
        => Gen.Select(Gen.String[Gen.Char["ab:/%,\0"], 0, 4].Array[2], Gen.String[Gen.Char["ab:/%,\0"], 0, 4].Array[2])
            .Sample((left, right) => Assert.Equal(
                left.SequenceEqual(right),
                EntryTag.Of($"x:{left[0]}:{left[1]}") == EntryTag.Of($"x:{right[0]}:{right[1]}")));
}
