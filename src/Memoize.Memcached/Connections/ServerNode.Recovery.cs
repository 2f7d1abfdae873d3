using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Connections;

/// <summary>Down and up again, and what changed in between.</summary>
internal sealed partial class ServerNode
{
    private const int DeletesAtOnce = 1000;

    private readonly object _state = new();
    private readonly MissedChanges _missed = new();
    private bool _repairing;

    /// <summary>
    /// Remembers that a value may be out of date, because the server was not told of a change or did not confirm it. It is removed as
    /// soon as the server listens.
    /// </summary>
    /// <exception cref="IOException">There are too many already.</exception>
    public void Missed(byte[] key)
    {
        if (!_missed.TryAdd(key, out var isFirst))
        {
            if (isFirst)
                _logger.TooManyChanges(Address.ToString());
            throw new IOException($"memcached {Address} could not be told of a change, and has missed so many already that this one cannot be made up for later.");
        }
        lock (_state)
        {
            // Where the server is down, that is done before it is up again.
            if (_down || _repairing)
                return;
            _repairing = true;
        }
        _ = Task.Run(RepairAsync);
    }

    private void GoDown(MemcachedFailure why)
    {
        lock (_state)
        {
            if (_down || _disposed.IsCancellationRequested)
                return;
            _down = true;
        }
        _logger.Down(Address.ToString(), why);
        _ = Task.Run(RecoverAsync);
    }

    private async Task RecoverAsync()
    {
        try
        {
            // An attempt that goes on (nobody waits that long for it) may just succeed.
            if (_slots[0].Connecting is { IsCompleted: false } attempt && await attempt.ConfigureAwait(false) is not null && await TryUpAsync().ConfigureAwait(false))
                return;
            do
                await Task.Delay(_deadTime, _disposed.Token).ConfigureAwait(false);
            while (!await TryUpAsync().ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task<bool> TryUpAsync()
    {
        var removed = 0;
        while (true)
        {
            if (await Connecting(_slots[0]).ConfigureAwait(false) is not { } connection)
                return false;
            // A sign of life within the time that a call has, since that is what calls will need.
            if ((await connection.SendAsync([], Environment.TickCount64 + _timeout).ConfigureAwait(false)) is not null)
                return false;
            if (await RemoveMissedAsync().ConfigureAwait(false) is not { } count)
                return false;
            removed += count;
            lock (_state)
            {
                // A change that is missed after this moment finds the server up, and is repaired by itself.
                if (!_missed.IsEmpty)
                    continue;
                Volatile.Write(ref _failures, 0);
                _down = false;
            }
            _logger.Up(Address.ToString(), removed);
            return true;
        }
    }

    private async Task RepairAsync()
    {
        var done = await RemoveMissedAsync().ConfigureAwait(false);
        lock (_state)
            _repairing = false;
        if (done is null)
            GoDown(MemcachedFailure.ConnectionLost);
        else if (!_missed.IsEmpty)
            await Task.Run(RepairMoreAsync).ConfigureAwait(false);
    }

    private Task RepairMoreAsync()
    {
        lock (_state)
        {
            if (_down || _repairing)
                return Task.CompletedTask;
            _repairing = true;
        }
        return RepairAsync();
    }

    // How many were removed; null where the server did not confirm all, which are then missed still.
    private async Task<int?> RemoveMissedAsync()
    {
        var keys = _missed.TakeAll();
        var bySlot = keys.GroupBy(SlotIndexOf);
        var failed = false;
        foreach (var slot in bySlot)
        {
            foreach (var some in slot.Chunk(DeletesAtOnce))
            {
                if (!failed && await Connecting(_slots[slot.Key]).ConfigureAwait(false) is { } connection)
                {
                    Command[] deletes = [.. some.Select(key => new Command(Verb.Delete, key) { Quiet = true })];
                    failed = await connection.SendAsync(deletes, Environment.TickCount64 + _timeout).ConfigureAwait(false) is not null;
                }
                else
                {
                    failed = true;
                }
                if (!failed)
                    continue;
                _missed.Return(some);
            }
        }
        return failed ? null : keys.Count;
    }
}
