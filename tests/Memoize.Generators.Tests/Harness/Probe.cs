namespace Memoize.Generators.Tests.Harness;

/// <summary>The file that every program under test is compiled with: originals count themselves, scripts say what they saw.</summary>
static class Probe
{
    public const string Text =
        """
        #nullable enable
        #pragma warning disable CS1591
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.Threading;

        public static class Probe
        {
            static readonly List<string> _said = new List<string>();
            static int _calls;

            /// <summary>How often originals ran; that some of them return it is the point of their tests.</summary>
            [Memoize.NotInKey]
            public static int Calls => _calls;
            public static string Said => string.Join(" ", _said);

            /// <summary>The original of a cached method ran.</summary>
            public static T Call<T>(T value)
            {
                Interlocked.Increment(ref _calls);
                return value;
            }

            public static void Call() => Interlocked.Increment(ref _calls);

            public static void Say(params object?[] values)
            {
                foreach (var value in values)
                    _said.Add(value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture)!);
            }

            /// <summary>Says how often originals ran so far, which makes the point of each step visible.</summary>
            public static void SayCalls() => Say("(" + Calls + ")");

            public static void Throws<T>(Action action) where T : Exception
            {
                try
                {
                    action();
                    Say("nothing");
                }
                catch (T exception)
                {
                    Say(exception.GetType().Name);
                }
            }
        }
        """;
}
