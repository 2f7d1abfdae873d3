using System.Buffers.Binary;

namespace Memoize.Sqlite.Engine;

/// <summary>Slots that follow each other in the file of large values.</summary>
internal readonly record struct Run(long First, long Count)
{
    internal const int Bytes = 2 * sizeof(long);

    internal long End => First + Count;

    internal static Run Read(ReadOnlySpan<byte> bytes, int index)
        => new(BinaryPrimitives.ReadInt64LittleEndian(bytes[(index * Bytes)..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[(index * Bytes + sizeof(long))..]));

    internal static List<Run> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var runs = new List<Run>();
        for (var i = 0; i < bytes.Length / Bytes; i++)
            runs.Add(Read(bytes, i));
        return runs;
    }

    internal static byte[] Write(List<Run> runs)
    {
        var bytes = new byte[runs.Count * Bytes];
        for (var i = 0; i < runs.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * Bytes), runs[i].First);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * Bytes + sizeof(long)), runs[i].Count);
        }
        return bytes;
    }
}
