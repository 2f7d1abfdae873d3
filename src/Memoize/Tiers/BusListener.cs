using System.Text;
using Memoize.Tags;

namespace Memoize.Tiers;

/// <summary>What a process tells the others that it has evicted.</summary>
internal enum BusMessage : byte
{
    /// <summary>The entry of a key.</summary>
    Key = (byte)'K',

    /// <summary>All entries of a method.</summary>
    Clear = (byte)'M',

    /// <summary>All entries with a tag.</summary>
    Tag = (byte)'T',

    /// <summary>All entries of all methods that look in a tier.</summary>
    Tier = (byte)'A',
}

/// <summary>Tells other processes what was evicted here, and forgets from memory what was evicted there.</summary>
/// <remarks>A message is the version (1), the sender (16 bytes), the kind (1) and the text in UTF-8. What is anything else is not ours.</remarks>
internal static class BusListener
{
    private const byte Version = 1;
    private const int HeaderLength = 1 + 16 + 1;

    // Each process has an identity, so that it does not forget what it has just set.
    private static readonly byte[] Sender = Guid.NewGuid().ToByteArray();

    internal static IDisposable Listen(CacheTier tier) => tier.Bus!.Subscribe(Receive, () => Resume(tier));

    internal static async ValueTask PublishAsync(CacheTier[] tiers, BusMessage kind, string text)
    {
        byte[]? message = null;
        foreach (var tier in tiers)
        {
            if (tier.Bus is null)
                continue;
            message ??= Message(kind, text);
            await tier.PublishAsync(message).ConfigureAwait(false);
        }
    }

    /// <summary>That more was evicted than was noted.</summary>
    internal static byte[] Everything(string tier) => Message(BusMessage.Tier, tier);

    private static byte[] Message(BusMessage kind, string text) => [Version, .. Sender, (byte)kind, .. Encoding.UTF8.GetBytes(text)];

    internal static void Receive(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        if (bytes.Length < HeaderLength || bytes[0] != Version || bytes.Slice(1, 16).SequenceEqual(Sender))
            return;

        var text = Encoding.UTF8.GetString(bytes[HeaderLength..]);
        switch ((BusMessage)bytes[HeaderLength - 1])
        {
            case BusMessage.Key:
                Memo.ForgetTagged(EntryTag.OfPlace(text));
                break;
            case BusMessage.Tag:
                Memo.ForgetTagged(EntryTag.Of(text));
                break;
            case BusMessage.Clear:
                foreach (var method in Memo.Caches)
                {
                    if (method.Name == text)
                        method.Forget();
                }

                break;
            case BusMessage.Tier:
                foreach (var tier in TierRegistry.All)
                {
                    if (tier.Name == text)
                        Forget(tier);
                }

                break;
        }
    }

    // What the store may have lost is not to be believed before memory asks it again.
    private static void Resume(CacheTier tier)
    {
        tier.Repeat();
        Forget(tier);
    }

    // Messages may have been lost, or were too many: whatever memory has from this tier could have been evicted meanwhile.
    private static void Forget(CacheTier tier)
    {
        foreach (var method in Memo.Caches)
        {
            if (method.Uses(tier))
                method.Forget();
        }
    }
}
