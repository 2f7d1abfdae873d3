using System.Text;
using Memoize.Keys;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>The short ways of spelling a key give what the long ones give, for every character.</summary>
public sealed class KeySpellingTests
{
    public static TheoryData<object> Parts => [0, -1234567, int.MinValue, 5L, long.MinValue, Guid.Empty, new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), "", "plain text"];

    [Theory, MemberData(nameof(Parts))]
    public void A_part_of_a_key(object part) => Assert.Equal(Long(part), part switch
    {
        int x => KeyPart.Shared(x),
        long x => KeyPart.Shared(x),
        Guid x => KeyPart.Shared(x),
        _ => KeyPart.Shared((string)part),
    });

    [Fact]
    public void Every_character_of_a_text()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var text = $"a{(char)c}b";
            Assert.Equal(Long(text), KeyPart.Shared(text));
        }
    }

    [Fact]
    public void Every_character_of_a_key_in_a_store()
    {
        var tier = new CacheTier("spelling", new TestStore(), new() { Prefix = "" });
        for (var c = 0; c <= char.MaxValue; c++)
        {
            if (char.IsSurrogate((char)c))
                continue;
            var stays = c is > ' ' and <= '~' and not '%' and not '#';
            var expected = stays ? $"{(char)c}" : string.Concat(Encoding.UTF8.GetBytes($"{(char)c}").Select(static b => $"%{b:X2}"));
            Assert.Equal($"a{expected}b", SharedKeys.InStore(tier, $"a{(char)c}b"));
        }
    }

    private static string Long(object part)
    {
        var text = new StringBuilder();
        KeyPart.AppendShared(text, part);
        return text.ToString();
    }
}
