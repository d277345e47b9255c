using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the recovery point of a checkpoint. What is read of the present version is written as the same bytes.</summary>
internal sealed class RecoveryPointTarget : IFuzzTarget
{
    public string Name => "recovery-point";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Commit/RecoveryPoint.cs"];

    // A layout of no columns, one byte, takes a place in a list; an index of three bytes a text, an array and such a place.
    public int AllocationFactor => 32;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return new RecoveryPoint(2, []).ToBytes();
            yield return new RecoveryPoint(9,
            [
                new DatabasePoint(new DatabaseId(Id(1).Hash), new LogMark(0, [], [], []), []),
                new DatabasePoint(
                    new DatabaseId(Id(2).Hash),
                    new LogMark(77, [new ChainMark(Id(3), Id(4), 12), new ChainMark(Id(5), Id(5), 1)], [new EntryPosition(0, 11), new EntryPosition(1, 0)], OpKinds.Known),
                    [
                        new TablePoint(new TableId(4), new TreeId(2), default, 0, [], []),
                        new TablePoint(
                            new TableId(5), new TreeId(3), new Stamp(new HlcTimestamp(99), 1, 3), 1_000,
                            [[new StoredColumn(new ColumnId(6), StorageCode.I32, 0), new StoredColumn(new ColumnId(7), StorageCode.Dec8, 2)], []],
                            [new IndexPoint("", default, [1]), new IndexPoint("i", new TreeId(8), [1, 2, 3])]),
                    ]),
            ]).ToBytes();
            // As many short elements as there can be.
            yield return new RecoveryPoint(2,
            [
                new DatabasePoint(
                    new DatabaseId(Id(2).Hash), new LogMark(0, [], [], []),
                    [.. Enumerable.Range(1, 40).Select(i => new TablePoint(
                        new TableId((UInt128)i), new TreeId(2), default, 0, [.. Enumerable.Repeat(Array.Empty<StoredColumn>(), 20)],
                        [.. Enumerable.Range(10, 20).Select(name => new IndexPoint($"{name}", default, []))]))]),
            ]).ToBytes();
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool isRead = RecoveryPoint.TryRead(input, out RecoveryPoint point);
        probe.EndDecoding();
        if (!isRead)
            return false;
        foreach (DatabasePoint database in point.Databases)
            probe.Reached(database.Log.Chains.Count + (8 * database.Log.Void.Count) + (64 * database.Tables.Count));
        if (input[0] == point.ToBytes()[0])
            FuzzLaw.RequireSame(input, point.ToBytes(), "written as read");
        return true;
    }

    private static EntryId Id(byte value)
    {
        byte[] bytes = new byte[Hash256.Length];
        bytes.AsSpan().Fill(value);
        return EntryId.Read(bytes);
    }
}
