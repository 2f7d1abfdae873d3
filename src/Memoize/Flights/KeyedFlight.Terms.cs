using System.Runtime.CompilerServices;

namespace Memoize.Flights;

internal sealed partial class KeyedFlight<TKey, TValue>
{
    // The context of an asynchronous load, in which the rules are asked when it has ended; null unless there are rules.
    private ExecutionContext? inside;

    // Most methods have no rules, and terms are large.
    private StrongBox<EntryTerms>? said;
    private bool haveThrown;

    /// <summary>What the rules say of the value; null if they threw.</summary>
    internal EntryTerms? Terms => haveThrown ? null : said?.Value ?? default(EntryTerms);

    /// <summary>Whether the load has brought the value of another key, because what is in the key has changed meanwhile.</summary>
    internal bool HasLostItsKey { get; private set; }

    /// <summary>
    /// Asks the rules, as a part of the load: not under a lock, and on record as this flight, so that a rule which asks for the very
    /// key is refused instead of waiting for ever. Never throws.
    /// </summary>
    private void Judge(TValue value, Exception? failure = null)
    {
        if (rules.KeyHolds is { } holds && !IsTrue(holds))
        {
            HasLostItsKey = true;
            return;
        }

        if (failure is not null || rules.Terms is null || (value is null && !cache.Method.CurrentOptions.CacheNull))
            return;

        try
        {
            said = new(rules.Terms(value));
        }
        catch (Exception)
        {
            // The value is good. It reaches its callers, and is not kept.
            haveThrown = true;
        }
    }

    private static bool IsTrue(Func<bool> question)
    {
        try
        {
            return question();
        }
        catch (Exception)
        {
            return false;       // a getter throws: nobody can say what the value belongs to
        }
    }

    // An asynchronous load ends wherever its task completes.
    private void JudgeInside(TValue value, Exception? failure = null)
    {
        if (inside is not null)
        {
            ExecutionContext.Run(inside, _ => Judge(value, failure), null);
            return;
        }

        var context = LoadContext.Enter(Scope);        // the caller has suppressed the flow of its context
        Judge(value, failure);
        context.Exit();
    }
}
