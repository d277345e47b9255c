// TABLE STATE v1: the registers of a table with full stamps, the same bytes on every node that folded the same operations.
// It is the catalog's part of the state digest, and the value under (database id, 1, table id) in the catalog's tree.
//   stamp     u64 hlc, 32 author key, 32 entry id, u32 op
//   register  stamp, u8 altered, value
//   table     16 id, stamp created, stamp floor, varint auto_increment, key, existence (u8), name, options,
//             varint count, columns {u64 id, existence, name, shape, created shape, varint count, types, position, fill},
//             varint count, indexes {text lower name, stamp created, definition or nothing},
//             then, of a view and of what has constraints: the view's definition as a register, as CREATE VIEW has it behind the id,
//             then, per kind of constraint that there is, ascending: {u8 kind (1 foreign keys), varint count, as indexes}
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>Writes the registers of a table in their one form.</summary>
internal static class TableStateWriter
{
    /// <summary>Length of a stamp, bytes.</summary>
    public const int StampLength = 76;

    /// <summary>What stands before the foreign keys.</summary>
    public const byte ForeignKeysKind = 1;

    /// <summary>Writes a table.</summary>
    public static void Write(ByteWriter target, TableState table)
    {
        table.Id.CopyTo(target.GetSpan(TableId.Length));
        target.Advance(TableId.Length);
        WriteStamp(target, table.Created);
        WriteStamp(target, table.Floor);
        target.WriteVarint(table.AutoIncrementStart);
        DefinitionWriter.WriteKey(target, table.PrimaryKey.AsSpan());
        WriteFlag(target, table.Existence);
        if (WriteHead(target, table.Name))
            DefinitionWriter.WriteText(target, table.Name.Value);
        if (WriteHead(target, table.Options))
            DefinitionWriter.WriteOptions(target, table.Options.Value);
        target.WriteVarint((ulong)table.Columns.Count);
        foreach (ColumnState column in table.Columns.Values)
            WriteColumn(target, column);
        target.WriteVarint((ulong)table.Indexes.Count);
        WriteNamed(target, table.Indexes, DefinitionWriter.WriteIndex);
        if (table.View.Value is null && table.ForeignKeys.Count == 0)
            return;
        if (WriteHead(target, table.View))
            DefinitionWriter.WriteView(target, table.View.Value!);
        if (table.ForeignKeys.Count == 0)
            return;
        target.WriteByte(ForeignKeysKind);
        target.WriteVarint((ulong)table.ForeignKeys.Count);
        WriteNamed(target, table.ForeignKeys, ConstraintCodec.WriteForeignKey);
    }

    /// <summary>Writes a stamp.</summary>
    public static void WriteStamp(ByteWriter target, in DefinitionStamp stamp)
    {
        target.WriteUInt64(stamp.Hlc.Value);
        target.Write(stamp.Author.AsSpan());
        target.Write(stamp.Entry.AsSpan());
        target.WriteUInt32(stamp.Op);
    }

    private static void WriteNamed<TDefinition>(
        ByteWriter target, SortedDictionary<string, NamedState<TDefinition>> names, Action<ByteWriter, TDefinition> write)
        where TDefinition : class
    {
        foreach ((string name, NamedState<TDefinition> state) in names)
        {
            DefinitionWriter.WriteText(target, name);
            WriteStamp(target, state.Created);
            WriteHead(target, state.Definition);
            target.WriteByte((byte)(state.Definition.Value is null ? 0 : 1));
            if (state.Definition.Value is { } definition)
                write(target, definition);
        }
    }

    private static void WriteColumn(ByteWriter target, ColumnState column)
    {
        target.WriteUInt64(column.Id.Value);
        WriteFlag(target, column.Existence);
        if (WriteHead(target, column.Name))
            DefinitionWriter.WriteText(target, column.Name.Value);
        if (WriteHead(target, column.Shape))
            DefinitionWriter.WriteShape(target, column.Shape.Value);
        if (WriteHead(target, column.CreatedShape))
            DefinitionWriter.WriteShape(target, column.CreatedShape.Value);
        target.WriteVarint((ulong)column.Types.Count);
        foreach (Register<SqlType> type in column.Types)
        {
            WriteHead(target, type);
            DefinitionWriter.WriteType(target, type.Value);
        }

        WriteHead(target, column.Position);
        target.WriteUInt64(column.Position.Value);
        if (!WriteHead(target, column.Fill))
            return;
        target.WriteByte((byte)column.Fill.Value.Code);
        target.WriteByte(column.Fill.Value.Scale);
        DefinitionWriter.WriteBytes(target, column.Fill.Value.Image);
    }

    private static void WriteFlag(ByteWriter target, in Register<bool> register)
    {
        WriteHead(target, register);
        target.WriteByte((byte)(register.Value ? 1 : 0));
    }

    private static bool WriteHead<T>(ByteWriter target, in Register<T> register)
    {
        WriteStamp(target, register.Stamp);
        target.WriteByte((byte)(register.IsAltered ? 1 : 0));
        return !register.Stamp.IsNone;
    }
}
