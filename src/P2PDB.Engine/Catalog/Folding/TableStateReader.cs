using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>
/// Reads the registers of a table; the layout is in <see cref="TableStateWriter"/>. Bytes from a disk: never throws, and what it accepts
/// has exactly one encoding.
/// </summary>
internal static class TableStateReader
{
    /// <summary>Reads a table; false where the bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TableState table)
    {
        table = null!;
        var reader = new ByteReader(bytes);
        if (!reader.TryReadBytes(TableId.Length, out ReadOnlySpan<byte> id))
            return false;
        table = new TableState(TableId.Read(id));
        return TryReadHead(ref reader, table) && TryReadColumns(ref reader, table)
            && TryReadNamed(ref reader, table.Indexes, isEmptyAllowed: true, DefinitionReader.TryReadIndex)
            && TryReadView(ref reader, table) && TryReadConstraints(ref reader, table) && reader.IsAtEnd;
    }

    private static bool TryReadHead(ref ByteReader reader, TableState table)
    {
        if (!TryReadStamp(ref reader, out table.Created) || !TryReadStamp(ref reader, out table.Floor)
            || !reader.TryReadVarint(out table.AutoIncrementStart)
            || !DefinitionReader.TryReadKey(ref reader, isEmptyAllowed: true, out ImmutableArray<IndexColumn> key)
            || !TryReadFlag(ref reader, out table.Existence))
        {
            return false;
        }

        table.PrimaryKey = key;
        return TryReadRegister(ref reader, out table.Name, DefinitionReader.TryReadName)
            && TryReadRegister(ref reader, out table.Options, DefinitionReader.TryReadOptions);
    }

    private static bool TryReadColumns(ref ByteReader reader, TableState table)
    {
        if (!reader.TryReadVarint(int.MaxValue, out int count))
            return false;
        ulong last = 0;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt64(out ulong id) || (i > 0 && id <= last))
                return false;
            last = id;
            var column = new ColumnState(new ColumnId(id));
            if (!TryReadColumn(ref reader, column))
                return false;
            table.Columns.Add(column.Id, column);
        }

        return true;
    }

    private static bool TryReadColumn(ref ByteReader reader, ColumnState column)
    {
        if (!TryReadFlag(ref reader, out column.Existence)
            || !TryReadRegister(ref reader, out column.Name, DefinitionReader.TryReadName)
            || !TryReadRegister(ref reader, out column.Shape, DefinitionReader.TryReadShape)
            || !TryReadRegister(ref reader, out column.CreatedShape, DefinitionReader.TryReadShape)
            || !reader.TryReadVarint(TypeHistory.CountMax, out int count))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!TryReadRegisterHead(ref reader, out Register<SqlType> type) || type.Stamp.IsNone
                || !DefinitionReader.TryReadType(ref reader, out type.Value))
            {
                return false;
            }

            column.Types.Add(type.Stamp, type.IsAltered, type.Value);
            // One that is not the last, or that the list had already, was not written so.
            if (column.Types.Count != i + 1 || column.Types[i].Stamp != type.Stamp || column.Types[i].Value != type.Value)
                return false;
        }

        if (!TryReadRegisterHead(ref reader, out column.Position) || !reader.TryReadUInt64(out column.Position.Value))
            return false;
        return TryReadRegister(ref reader, out column.Fill, TryReadFill);
    }

    private static bool TryReadFill(ref ByteReader reader, out ColumnFill fill)
    {
        fill = null!;
        if (!reader.TryReadByte(out byte code) || !RowLayout.IsKnown((StorageCode)code) || !reader.TryReadByte(out byte scale)
            || !DefinitionReader.TryReadBytes(ref reader, out byte[] image)
            || !new RowLayout([(StorageCode)code], [scale]).TryValidate(image))
        {
            return false;
        }

        fill = new ColumnFill((StorageCode)code, scale, image);
        return true;
    }

    private static bool TryReadNamed<TDefinition>(
        ref ByteReader reader, SortedDictionary<string, NamedState<TDefinition>> names, bool isEmptyAllowed, ValueReader<TDefinition> read)
        where TDefinition : class
    {
        if (!reader.TryReadVarint(int.MaxValue, out int count) || (count == 0 && !isEmptyAllowed))
            return false;
        string last = "";
        for (int i = 0; i < count; i++)
        {
            var state = new NamedState<TDefinition>();
            if (!DefinitionReader.TryReadText(ref reader, out string name) || (i > 0 && string.CompareOrdinal(name, last) <= 0)
                || !TryReadStamp(ref reader, out state.Created) || !TryReadRegisterHead(ref reader, out state.Definition)
                || !reader.TryReadByte(out byte isDefined) || isDefined > 1)
            {
                return false;
            }

            if (isDefined == 1)
            {
                if (!read(ref reader, out TDefinition definition))
                    return false;
                state.Definition.Value = definition;
            }

            last = name;
            names.Add(name, state);
        }

        return true;
    }

    private static bool TryReadView(ref ByteReader reader, TableState table)
    {
        if (reader.IsAtEnd)
            return true;
        if (!TryReadRegisterHead(ref reader, out table.View))
            return false;
        if (table.View.Stamp.IsNone)
            return !table.View.IsAltered && !reader.IsAtEnd; // it stands before constraints
        if (!DefinitionReader.TryReadView(ref reader, table.Id, out ViewDefinition view))
            return false;
        table.View.Value = view;
        return true;
    }

    private static bool TryReadConstraints(ref ByteReader reader, TableState table) =>
        reader.IsAtEnd || (reader.TryReadByte(out byte kind) && kind == TableStateWriter.ForeignKeysKind
            && TryReadNamed(ref reader, table.ForeignKeys, isEmptyAllowed: false, ConstraintCodec.TryReadForeignKey));

    private static bool TryReadFlag(ref ByteReader reader, out Register<bool> register)
    {
        if (!TryReadRegisterHead(ref reader, out register) || !reader.TryReadByte(out byte value) || value > 1)
            return false;
        register.Value = value == 1;
        return true;
    }

    private static bool TryReadRegister<T>(ref ByteReader reader, out Register<T> register, ValueReader<T> read) =>
        TryReadRegisterHead(ref reader, out register) && (register.Stamp.IsNone || read(ref reader, out register.Value));

    private static bool TryReadRegisterHead<T>(ref ByteReader reader, out Register<T> register)
    {
        register = default;
        if (!TryReadStamp(ref reader, out register.Stamp) || !reader.TryReadByte(out byte isAltered) || isAltered > 1)
            return false;
        register.IsAltered = isAltered == 1;
        return true;
    }

    private static bool TryReadStamp(ref ByteReader reader, out DefinitionStamp stamp)
    {
        stamp = default;
        if (!reader.TryReadUInt64(out ulong hlc) || !reader.TryReadBytes(PublicKey.Length, out ReadOnlySpan<byte> author)
            || !reader.TryReadBytes(Hash256.Length, out ReadOnlySpan<byte> entry) || !reader.TryReadUInt32(out uint op))
        {
            return false;
        }

        stamp = new DefinitionStamp(new HlcTimestamp(hlc), new PublicKey(author), new Hash256(entry), op);
        return true;
    }

    private delegate bool ValueReader<T>(ref ByteReader reader, out T value);
}
