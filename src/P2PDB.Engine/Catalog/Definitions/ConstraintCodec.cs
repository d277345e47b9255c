// CONSTRAINTS v1: payloads of the kinds 25 and 26 of a log entry. docs/formats/definitions.md
//
//   foreign key      text name, text parent, u8 1 with 16 TableId of the parent, else 0, u8 on delete, u8 on update, text own index,
//                    varint count, per column {u64 id, u64 parent's column, text its name}
//   CreateForeignKey u8 1, 16 TableId, foreign key
//   DropForeignKey   u8 1, 16 TableId, text name
using System.Collections.Immutable;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>
/// Writes and reads the payloads of operations on constraints. What is read comes from a peer: reading never throws, and what it accepts
/// has exactly one encoding.
/// </summary>
internal static class ConstraintCodec
{
    private const int KeyColumnLengthMin = 18;

    /// <summary>Writes the payload of an operation that makes a foreign key, or another of the name.</summary>
    public static void WriteCreateForeignKey(ByteWriter target, TableId table, ForeignKeyDefinition key)
    {
        DefinitionWriter.WriteHeader(target, table);
        WriteForeignKey(target, key);
    }

    /// <summary>Reads it.</summary>
    public static bool TryReadCreateForeignKey(ReadOnlySpan<byte> payload, out TableId table, out ForeignKeyDefinition key)
    {
        var reader = new ByteReader(payload);
        key = null!;
        return DefinitionReader.TryReadHeader(ref reader, out table) && TryReadForeignKey(ref reader, out key) && reader.IsAtEnd;
    }

    /// <summary>Writes a foreign key.</summary>
    internal static void WriteForeignKey(ByteWriter target, ForeignKeyDefinition key)
    {
        DefinitionWriter.WriteText(target, key.Name);
        DefinitionWriter.WriteText(target, key.ParentName);
        target.WriteByte((byte)(key.Parent is null ? 0 : 1));
        if (key.Parent is { } parent)
        {
            parent.CopyTo(target.GetSpan(TableId.Length));
            target.Advance(TableId.Length);
        }

        target.WriteByte((byte)key.OnDelete);
        target.WriteByte((byte)key.OnUpdate);
        DefinitionWriter.WriteText(target, key.OwnIndex);
        target.WriteVarint((ulong)key.Columns.Length);
        for (int i = 0; i < key.Columns.Length; i++)
        {
            target.WriteUInt64(key.Columns[i].Value);
            target.WriteUInt64(key.ParentColumns[i].Id.Value);
            DefinitionWriter.WriteText(target, key.ParentColumns[i].Name);
        }
    }

    /// <summary>Reads a foreign key; none of its columns twice on one side.</summary>
    internal static bool TryReadForeignKey(ref ByteReader reader, out ForeignKeyDefinition key)
    {
        key = null!;
        TableId? parent = null;
        if (!DefinitionReader.TryReadName(ref reader, out string name) || !DefinitionReader.TryReadName(ref reader, out string parentName)
            || !reader.TryReadByte(out byte isKnown) || isKnown > 1)
        {
            return false;
        }

        if (isKnown == 1)
        {
            if (!reader.TryReadBytes(TableId.Length, out ReadOnlySpan<byte> id))
                return false;
            parent = TableId.Read(id);
        }

        if (!reader.TryReadByte(out byte onDelete) || onDelete > (byte)ReferenceRule.SetNull
            || !reader.TryReadByte(out byte onUpdate) || onUpdate > (byte)ReferenceRule.SetNull
            || !DefinitionReader.TryReadText(ref reader, out string ownIndex)
            || !DefinitionReader.TryReadCount(ref reader, DefinitionReader.IndexColumnCountMax, KeyColumnLengthMin, out int count) || count == 0)
        {
            return false;
        }

        ImmutableArray<ColumnId>.Builder columns = ImmutableArray.CreateBuilder<ColumnId>(count);
        ImmutableArray<ReferencedColumn>.Builder parentColumns = ImmutableArray.CreateBuilder<ReferencedColumn>(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt64(out ulong column) || !reader.TryReadUInt64(out ulong parentColumn)
                || !DefinitionReader.TryReadName(ref reader, out string columnName) || columns.Contains(new ColumnId(column)))
            {
                return false;
            }

            columns.Add(new ColumnId(column));
            foreach (ReferencedColumn other in parentColumns)
            {
                if (other.Id.Value == parentColumn)
                    return false;
            }

            parentColumns.Add(new ReferencedColumn(new ColumnId(parentColumn), columnName));
        }

        key = new ForeignKeyDefinition
        {
            Name = name,
            Columns = columns.MoveToImmutable(),
            Parent = parent,
            ParentName = parentName,
            ParentColumns = parentColumns.MoveToImmutable(),
            OnDelete = (ReferenceRule)onDelete,
            OnUpdate = (ReferenceRule)onUpdate,
            OwnIndex = ownIndex,
        };
        return true;
    }
}
