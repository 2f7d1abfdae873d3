using Memoize.Keys;

namespace Memoize.Tests.Keys;

/// <summary>Strings are compared in place where their length allows it: every length on both sides of that, every character.</summary>
public class StringEqualityTests
{
    private const int Longest = 40;

    private static readonly string Text = string.Concat(Enumerable.Range(0, Longest).Select(i => (char)('A' + i)));

    [Fact]
    public void Copies_of_every_length_are_equal()
    {
        for (var length = 0; length <= Longest; length++)
        {
            Assert.True(KeyPart.Equal(Copy(length), Copy(length)), $"{length} characters");
            Assert.True(KeyPart.Equal<string>(Copy(length), Copy(length)), $"{length} characters");
            Assert.Equal(KeyPart.Hash(Copy(length)), KeyPart.Hash(Copy(length)));
        }
    }

    [Fact]
    public void One_other_character_at_any_place_makes_another_key()
    {
        for (var length = 1; length <= Longest; length++)
        {
            for (var at = 0; at < length; at++)
            {
                // One that differs in its low byte, one in its high byte only.
                foreach (var other in new[] { (char)(Text[at] + 1), (char)(Text[at] + 0x100) })
                {
                    var changed = Copy(length).ToCharArray();
                    changed[at] = other;
                    Assert.False(KeyPart.Equal(Copy(length), new string(changed)), $"{length} characters, the one at {at}");
                    Assert.False(KeyPart.Equal<string>(new string(changed), Copy(length)), $"{length} characters, the one at {at}");
                }
            }
        }
    }

    [Fact]
    public void A_beginning_is_not_the_whole()
    {
        for (var length = 1; length <= Longest; length++)
        {
            Assert.False(KeyPart.Equal(Copy(length - 1), Copy(length)), $"{length} characters");
            Assert.False(KeyPart.Equal(Copy(length), Copy(length - 1)), $"{length} characters");
            Assert.False(KeyPart.Equal(null, Copy(length)), $"{length} characters");
            Assert.False(KeyPart.Equal(Copy(length), null), $"{length} characters");
        }
    }

    private static string Copy(int length) => new(Text.AsSpan(0, length));
}
