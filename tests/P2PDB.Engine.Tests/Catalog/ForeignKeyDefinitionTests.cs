using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Tests.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Catalog;

public class ForeignKeyDefinitionTests
{
    private static readonly ForeignKeyDefinition Key = new()
    {
        Name = "c_ibfk_1",
        Columns = [new ColumnId(1), new ColumnId(2)],
        Parent = new TableId(3),
        ParentName = "p",
        ParentColumns = [new ReferencedColumn(new ColumnId(4), "a"), new ReferencedColumn(new ColumnId(5), "b")],
        OnDelete = ReferenceRule.SetNull,
        OnUpdate = ReferenceRule.Cascade,
        OwnIndex = "a",
    };

    [Fact]
    public void The_operation_has_its_golden_bytes_and_reads_back()
    {
        using ByteWriter written = new();
        ConstraintCodec.WriteCreateForeignKey(written, new TableId(9), Key);

        GoldenBytes.Check("create-foreign-key-v1.hex", written.Written);
        Assert.True(ConstraintCodec.TryReadCreateForeignKey(written.Written, out TableId table, out ForeignKeyDefinition read));
        Assert.Equal(new TableId(9), table);
        using ByteWriter again = new();
        ConstraintCodec.WriteCreateForeignKey(again, table, read);
        Assert.Equal(written.Written.ToArray(), again.Written.ToArray());
        for (int length = 0; length < written.Length; length++)
            Assert.False(ConstraintCodec.TryReadCreateForeignKey(written.Written[..length], out _, out _));
    }

    [Fact]
    public void A_key_that_names_a_column_twice_is_refused()
    {
        using ByteWriter own = new();
        ConstraintCodec.WriteCreateForeignKey(own, new TableId(9), Key with { Columns = [new ColumnId(1), new ColumnId(1)] });
        using ByteWriter referenced = new();
        ConstraintCodec.WriteCreateForeignKey(
            referenced, new TableId(9), Key with { ParentColumns = [Key.ParentColumns[0], Key.ParentColumns[0]] });

        Assert.False(ConstraintCodec.TryReadCreateForeignKey(own.Written, out _, out _));
        Assert.False(ConstraintCodec.TryReadCreateForeignKey(referenced.Written, out _, out _));
    }

    [Fact]
    public void The_later_of_two_definitions_stands_in_whatever_order_they_come()
    {
        TableState first = new(new TableId(9));
        TableState second = new(new TableId(9));

        first.SetForeignKey(Stamp(1), "K", Key);
        first.SetForeignKey(Stamp(3), "k", null);
        first.SetForeignKey(Stamp(2), "k", Key with { OnDelete = ReferenceRule.Cascade });
        second.SetForeignKey(Stamp(2), "k", Key with { OnDelete = ReferenceRule.Cascade });
        second.SetForeignKey(Stamp(3), "k", null);
        second.SetForeignKey(Stamp(1), "K", Key);

        Assert.Null(first.ForeignKeys["k"].Definition.Value);
        byte[] written = StateOf(first);
        Assert.Equal(written, StateOf(second));
        Assert.True(TableStateReader.TryRead(written, out TableState read));
        Assert.Equal(written, StateOf(read));
    }

    private static byte[] StateOf(TableState state)
    {
        using ByteWriter written = new();
        TableStateWriter.Write(written, state);
        return written.Written.ToArray();
    }

    private static DefinitionStamp Stamp(ulong hlc) => new(new HlcTimestamp(hlc), default, default, 0);
}
