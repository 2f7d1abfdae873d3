using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Memoize.Sqlite.Engine;

/// <summary>
/// The file of large values beside the database: slots, and which are whose stands in the database. A value is read with one call of
/// the system, straight into its destination, where SQLite would read it in pieces of a page. Nothing in here is trusted: a value that
/// is torn, cut or overwritten does not match the checksum in its entry.
/// </summary>
internal sealed class LargeFile(string path, bool readOnly) : IDisposable
{
    internal const string Suffix = "-values";

    private SafeFileHandle? _handle;

    private SafeFileHandle Handle => _handle ??= File.OpenHandle(
        path + Suffix, readOnly ? FileMode.Open : FileMode.OpenOrCreate, readOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    internal void Write(List<Run> runs, ReadOnlySequence<byte> value)
    {
        try
        {
            foreach (var run in runs)
            {
                var offset = run.First * Schema.SlotBytes;
                var here = value.Slice(0, Math.Min(value.Length, run.Count * Schema.SlotBytes));
                value = value.Slice(here.End);
                foreach (var segment in here)
                {
                    RandomAccess.Write(Handle, segment.Span, offset);
                    offset += segment.Length;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreException.From(error);
        }
    }

    /// <summary>Whether there are so many bytes where the runs are that a value of that size can be in them.</summary>
    internal bool Has(ReadOnlySpan<byte> runs, long size)
    {
        var slots = 0L;
        var ends = 0L;
        for (var i = 0; i < runs.Length / Run.Bytes; i++)
        {
            var run = Run.Read(runs, i);
            if (run.First < 0 || run.Count <= 0 || run.First > long.MaxValue / Schema.SlotBytes - run.Count || run.Count > Schema.Slots(size) - slots)
                return false;
            slots += run.Count;
            ends = Math.Max(ends, run.First * Schema.SlotBytes + Math.Min(run.Count * Schema.SlotBytes, size - (slots - run.Count) * Schema.SlotBytes));
        }
        try
        {
            return slots == Schema.Slots(size) && ends <= RandomAccess.GetLength(Handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Fills the room; false if the file is shorter or cannot be read.</summary>
    internal bool Read(ReadOnlySpan<byte> runs, Span<byte> room)
    {
        try
        {
            for (var i = 0; i < runs.Length / Run.Bytes; i++)
            {
                var run = Run.Read(runs, i);
                var offset = run.First * Schema.SlotBytes;
                var here = room[..(int)Math.Min(room.Length, run.Count * Schema.SlotBytes)];
                room = room[here.Length..];
                while (here.Length > 0)
                {
                    var read = RandomAccess.Read(Handle, here, offset);
                    if (read == 0)
                        return false;
                    here = here[read..];
                    offset += read;
                }
            }
            return room.Length == 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _handle?.Dispose();
}
