using CsCheck;

namespace Memoize.Tests.Batches;

/// <summary>
/// Random stories of overlapping batches and single calls, loads that end well or badly in any order, cancellations, evictions and
/// sets, compared step by step with <see cref="BatchModel"/>. A failure prints the shortest story that shows it.
/// </summary>
public class BatchModelTests
{
    private enum Act
    {
        Batch,
        Single,
        Complete,
        Fail,
        Cancel,
        Evict,
        Set,
    }

    private sealed record Step(Act Act, int[] Keys, int Pick, bool HasToken);

    private static readonly Gen<Step[]> Stories = Gen.Select(
            Gen.Frequency(
                (8, Gen.Const(Act.Batch)),
                (4, Gen.Const(Act.Single)),
                (6, Gen.Const(Act.Complete)),
                (1, Gen.Const(Act.Fail)),
                (3, Gen.Const(Act.Cancel)),
                (3, Gen.Const(Act.Evict)),
                (1, Gen.Const(Act.Set))),
            Gen.Int[0, BatchModel.Absent].Array[1, 5],
            Gen.Int[0, 9],
            Gen.Bool,
            (act, keys, pick, hasToken) => new Step(act, keys, pick, hasToken))
        .Array[1, 40];

    [Fact]
    public void Stories_go_as_the_model_says() => Stories.Sample(story => new Teller().Tell(story), iter: 4000, threads: 1, print: Print);

    private static string Print(Step[] story)
        => string.Join("; ", story.Select(step => $"{step.Act} {string.Join(",", step.Keys)} #{step.Pick}{(step.HasToken ? " token" : "")}"));

    private sealed class Teller
    {
        private sealed record Load(int[] Keys, TaskCompletionSource<string?> End, CancellationToken Token);

        private readonly MethodCache<int, string> cache = TestCache.Of(tasks: true);
        private readonly BatchModel model = new();
        private readonly List<Load> loads = [];
        private readonly List<(Task<string> Task, CancellationTokenSource Source)> callers = [];

        public void Tell(Step[] story)
        {
            foreach (var step in story)
            {
                Take(step);
                Compare();
            }

            for (var i = 0; i < model.Loads.Count; i++)
            {
                if (!model.Loads[i].HasEnded)
                {
                    End(model.Loads[i], fails: false);
                    Compare();
                }
            }

            // Nothing is left behind: every key can be loaded.
            Assert.Equal(6, new BatchCalls(cache).GetAsync([0, 1, 2, 3, 4, 5], (ids, _) => Task.FromResult<IReadOnlyDictionary<int, string>>(ids.ToDictionary(id => id, _ => "last"))).Block().Count);
        }

        private void Take(Step step)
        {
            var key = step.Keys[0];
            switch (step.Act)
            {
                case Act.Batch:
                    Call(step.Keys, isBatch: true, step.HasToken);
                    break;
                case Act.Single when key != BatchModel.Absent || !model.Callers.Exists(caller => !caller.IsBatch && !caller.HasEnded && caller.Waits.Any(flight => flight.Key == key)):
                    Call([key], isBatch: false, step.HasToken);
                    break;
                case Act.Complete or Act.Fail when model.Loads.FindAll(load => !load.HasEnded) is { Count: > 0 } running:
                    End(running[step.Pick % running.Count], step.Act == Act.Fail);
                    break;
                case Act.Cancel when model.Callers.FindAll(caller => caller is { HasToken: true, HasEnded: false }) is { Count: > 0 } waiting:
                    var chosen = waiting[step.Pick % waiting.Count];
                    model.Cancel(chosen);
                    callers[model.Callers.IndexOf(chosen)].Source.Cancel();
                    break;
                case Act.Evict:
                    model.Evict(key);
                    cache.Evict(key);
                    break;
                case Act.Set:
                    model.Set(key, $"set {step.Pick}");
                    cache.Set(key, $"set {step.Pick}");
                    break;
            }
        }

        private void Call(int[] keys, bool isBatch, bool hasToken)
        {
            model.Call(keys, isBatch, hasToken);
            var source = new CancellationTokenSource();
            var token = hasToken ? source.Token : default;
            callers.Add((isBatch ? Batch(keys, token) : Single(keys[0], token), source));
        }

        private async Task<string> Batch(int[] keys, CancellationToken token)
            => string.Join(" ", (await new BatchCalls(cache).GetAsync(keys, LoadMany, token)).OrderBy(pair => pair.Key).Select(pair => pair.Value));

        private async Task<string> Single(int key, CancellationToken token)
            => await cache.GetAsync(key, async loadToken => $"{key}{await Start([key], loadToken)}", token);

        private async Task<IReadOnlyDictionary<int, string>> LoadMany(int[] keys, CancellationToken token)
        {
            var end = await Start(keys, token);
            return keys.Where(key => key != BatchModel.Absent).ToDictionary(key => key, key => key + end);
        }

        private Task<string?> Start(int[] keys, CancellationToken token)
        {
            var load = new Load(keys, Concurrency.Source<string?>(), token);
            lock (loads)
                loads.Add(load);
            return load.End.Task;
        }

        private void End(BatchModel.Load load, bool fails)
        {
            if (fails)
            {
                model.Fail(load);
                loads[load.Id].End.SetException(new InvalidTimeZoneException("failed"));
            }
            else
            {
                model.Complete(load);
                loads[load.Id].End.SetResult($"@{load.Id}");
            }
        }

        private void Compare()
        {
            foreach (var (caller, (task, _)) in model.Callers.Zip(callers))
                Assert.Equal(caller.Outcome, caller.HasEnded ? OutcomeOf(task) : task.IsCompleted ? "has ended" : "waits");

            // Not every end of a load wakes somebody: what it leaves comes a moment later.
            SpinWait.SpinUntil(() => Expected() == Actual(), TimeSpan.FromSeconds(10));
            Assert.Equal(Expected(), Actual());
            foreach (var (expected, actual) in model.Loads.Zip(loads))
            {
                Assert.Equal(expected.Flights.Select(flight => flight.Key), actual.Keys);
                if (!expected.HasEnded)
                    Assert.Equal(expected.IsCancelled, actual.Token.IsCancellationRequested);
            }
        }

        private (string, int, (long, long, long, long)) Expected()
            => (string.Join(" ", Enumerable.Range(0, 6).Select(key => model.Entries.GetValueOrDefault(key, "-"))), model.Loads.Count, model.Counts);

        private (string, int, (long, long, long, long)) Actual()
        {
            var statistics = cache.Statistics;
            var counts = (statistics.LoadFailures, statistics.NotStoredCancelled, statistics.NotStoredEvicted, statistics.NotStoredAbsent);
            lock (loads)
                return (string.Join(" ", Enumerable.Range(0, 6).Select(key => cache.Peek(key, out var value) ? value : "-")), loads.Count, counts);
        }

        private static string OutcomeOf(Task<string> task)
        {
            try
            {
                return task.Block();
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
            catch (InvalidTimeZoneException failure)
            {
                return failure.Message;
            }
        }
    }
}
