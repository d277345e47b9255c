using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>
/// Reads the payloads of definition operations; the layout is in <see cref="DefinitionWriter"/>. Bytes from a peer: never
/// throws, and what it accepts has exactly one encoding. Ids are not checked here.
/// </summary>
internal static class DefinitionReader
{
    /// <summary>Columns of a table at most: MySQL's limit.</summary>
    public const int ColumnCountMax = 4096;

    /// <summary>Indexes of a table at most, well above MySQL's 64.</summary>
    public const int IndexCountMax = 256;

    /// <summary>Columns of an index at most: MySQL's limit.</summary>
    public const int IndexColumnCountMax = 16;

    /// <summary>Bytes of a text at most: a column comment has 1,024 characters, a default or an attribute may be longer.</summary>
    public const int TextLengthMax = 65_535;

    private const int MemberCountMax = 65_535;

    // What a column, an index and a column of an index take at least. Room is made for no more of them than the payload can hold.
    private const int ColumnLengthMin = 32;
    private const int IndexLengthMin = 16;
    private const int IndexColumnLength = 10;

    /// <summary>Reads the payload of CREATE TABLE.</summary>
    public static bool TryReadCreateTable(ReadOnlySpan<byte> payload, out TableDefinition table)
    {
        table = null!;
        var reader = new ByteReader(payload);
        if (!TryReadHeader(ref reader, out TableId id) || !reader.TryReadVarint(int.MaxValue, out int generation)
            || !TryReadName(ref reader, out string name) || !TryReadOptions(ref reader, out TableOptions options)
            || !reader.TryReadVarint(out ulong autoIncrement)
            || !TryReadColumns(ref reader, out ImmutableArray<ColumnDefinition> columns)
            || !TryReadKey(ref reader, isEmptyAllowed: true, out ImmutableArray<IndexColumn> primaryKey)
            || !TryReadIndexes(ref reader, out ImmutableArray<IndexDefinition> indexes) || !reader.IsAtEnd)
        {
            return false;
        }

        table = new TableDefinition
        {
            Id = id,
            Name = name,
            Generation = (uint)generation,
            Options = options,
            AutoIncrementStart = autoIncrement,
            Columns = columns,
            PrimaryKey = primaryKey,
            Indexes = indexes,
        };
        return true;
    }

    /// <summary>Reads the payload of one ALTER TABLE operation.</summary>
    public static bool TryReadAlteration(ReadOnlySpan<byte> payload, out Alteration alteration)
    {
        alteration = null!;
        var reader = new ByteReader(payload);
        if (!TryReadHeader(ref reader, out TableId table) || !reader.TryReadByte(out byte action))
            return false;

        alteration = new Alteration(table, (AlterAction)action);
        switch ((AlterAction)action)
        {
            case AlterAction.AddColumn:
                if (!TryReadColumn(ref reader, out ColumnDefinition added))
                    return false;
                alteration = alteration with { Column = added.Id, Added = added };
                break;
            case AlterAction.DropColumn:
            case AlterAction.RenameColumn:
            case AlterAction.ModifyColumn:
            case AlterAction.MoveColumn:
                if (!TryReadColumnChange(ref reader, ref alteration))
                    return false;
                break;
            case AlterAction.SetAutoIncrement:
                if (!reader.TryReadUInt64(out ulong start))
                    return false;
                alteration = alteration with { Number = start };
                break;
            case AlterAction.SetOptions:
                if (!TryReadOptions(ref reader, out TableOptions options))
                    return false;
                alteration = alteration with { Options = options };
                break;
            default:
                return false;
        }

        return reader.IsAtEnd;
    }

    /// <summary>Reads the payload of CREATE INDEX.</summary>
    public static bool TryReadCreateIndex(ReadOnlySpan<byte> payload, out TableId table, out IndexDefinition index)
    {
        var reader = new ByteReader(payload);
        index = null!;
        return TryReadHeader(ref reader, out table) && TryReadIndex(ref reader, out index) && reader.IsAtEnd;
    }

    /// <summary>Reads the payload of DROP INDEX, of a constraint's end or RENAME TABLE.</summary>
    public static bool TryReadName(ReadOnlySpan<byte> payload, out TableId table, out string name)
    {
        var reader = new ByteReader(payload);
        name = "";
        return TryReadHeader(ref reader, out table) && TryReadName(ref reader, out name) && reader.IsAtEnd;
    }

    /// <summary>Reads the payload of CREATE VIEW.</summary>
    public static bool TryReadCreateView(ReadOnlySpan<byte> payload, out ViewDefinition view)
    {
        var reader = new ByteReader(payload);
        view = null!;
        return TryReadHeader(ref reader, out TableId id) && TryReadView(ref reader, id, out view) && reader.IsAtEnd;
    }

    /// <summary>Reads the payload of DROP TABLE, of a view too, or TRUNCATE.</summary>
    public static bool TryReadTable(ReadOnlySpan<byte> payload, out TableId table)
    {
        var reader = new ByteReader(payload);
        return TryReadHeader(ref reader, out table) && reader.IsAtEnd;
    }

    /// <summary>Reads a view.</summary>
    internal static bool TryReadView(ref ByteReader reader, TableId id, out ViewDefinition view)
    {
        view = null!;
        if (!reader.TryReadVarint(int.MaxValue, out int generation) || !TryReadName(ref reader, out string name)
            || !reader.TryReadByte(out byte flags) || flags > 7
            || !reader.TryReadByte(out byte algorithm) || algorithm > (byte)ViewAlgorithm.TempTable
            || !reader.TryReadByte(out byte check) || check > (byte)ViewCheck.Cascaded
            || !TryReadText(ref reader, out string user) || !TryReadText(ref reader, out string host)
            || !TryReadText(ref reader, out string characterSet) || !TryReadText(ref reader, out string collation)
            || !TryReadColumnNames(ref reader, out ImmutableArray<string> columns)
            || !TryReadName(ref reader, out string query))
        {
            return false;
        }

        view = new ViewDefinition
        {
            Id = id,
            Name = name,
            Generation = (uint)generation,
            IsReplacement = (flags & 1) != 0,
            IsInvoker = (flags & 2) != 0,
            HasColumnList = (flags & 4) != 0,
            Algorithm = (ViewAlgorithm)algorithm,
            Check = (ViewCheck)check,
            DefinerUser = user,
            DefinerHost = host,
            CharacterSet = characterSet,
            Collation = collation,
            Columns = columns,
            Query = query,
        };
        return true;
    }

    /// <summary>Reads a shape.</summary>
    internal static bool TryReadShape(ref ByteReader reader, out ColumnShape shape)
    {
        shape = null!;
        if (!TryReadType(ref reader, out SqlType type) || !reader.TryReadByte(out byte flags) || flags > 31
            || !reader.TryReadByte(out byte kind) || kind > (byte)DefaultKind.Expression)
        {
            return false;
        }

        string text = "";
        bool hasText = (DefaultKind)kind is DefaultKind.Literal or DefaultKind.Expression;
        if ((hasText && !TryReadText(ref reader, out text)) || !TryReadText(ref reader, out string comment))
            return false;
        string attribute = "";
        if ((flags & 16) != 0
            && (!TryReadName(ref reader, out attribute) || !MergeAttribute.TryReadColumn(attribute, type, out _, out _, out _)))
        {
            return false;
        }

        shape = new ColumnShape
        {
            Type = type,
            IsNullable = (flags & 1) != 0,
            IsAutoIncrement = (flags & 2) != 0,
            IsInvisible = (flags & 4) != 0,
            IsUpdatedToNow = (flags & 8) != 0,
            Default = (DefaultKind)kind == DefaultKind.None ? DefaultValue.None : new DefaultValue((DefaultKind)kind, text),
            Comment = comment,
            EngineAttribute = attribute,
        };
        return true;
    }

    /// <summary>Reads an index.</summary>
    internal static bool TryReadIndex(ref ByteReader reader, out IndexDefinition index)
    {
        index = null!;
        if (!TryReadName(ref reader, out string name)
            || !reader.TryReadByte(out byte kind) || (IndexKind)kind is not (IndexKind.Unique or IndexKind.Plain)
            || !reader.TryReadByte(out byte flags) || flags > 1
            || !TryReadKey(ref reader, isEmptyAllowed: false, out ImmutableArray<IndexColumn> columns)
            || !TryReadText(ref reader, out string comment))
        {
            return false;
        }

        index = new IndexDefinition
        {
            Name = name,
            Kind = (IndexKind)kind,
            Columns = columns,
            Comment = comment,
            IsInvisible = flags == 1,
        };
        return true;
    }

    /// <summary>Reads the columns of a key; none twice.</summary>
    internal static bool TryReadKey(ref ByteReader reader, bool isEmptyAllowed, out ImmutableArray<IndexColumn> columns)
    {
        columns = [];
        if (!TryReadCount(ref reader, IndexColumnCountMax, IndexColumnLength, out int count) || (count == 0 && !isEmptyAllowed))
            return false;
        var list = new IndexColumn[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt64(out ulong id) || !reader.TryReadVarint(TextLengthMax, out int prefixLength)
                || !reader.TryReadByte(out byte flags) || flags > 1)
            {
                return false;
            }

            list[i] = new IndexColumn(new ColumnId(id), prefixLength, flags == 1);
            for (int j = 0; j < i; j++)
            {
                if (list[j].Column == list[i].Column)
                    return false;
            }
        }

        columns = ImmutableCollectionsMarshal.AsImmutableArray(list);
        return true;
    }

    /// <summary>Reads options.</summary>
    internal static bool TryReadOptions(ref ByteReader reader, out TableOptions options)
    {
        options = null!;
        if (!TryReadCollation(ref reader, out Collation collation) || !TryReadText(ref reader, out string comment)
            || !TryReadText(ref reader, out string attribute) || !MergeAttribute.TryReadTable(attribute, out _, out _, out _))
        {
            return false;
        }

        options = new TableOptions { Collation = collation, Comment = comment, EngineAttribute = attribute };
        return true;
    }

    /// <summary>Reads a text: valid UTF-8 within the limit.</summary>
    internal static bool TryReadText(ref ByteReader reader, out string text)
    {
        bool isRead = TryReadUtf8(ref reader, out ReadOnlySpan<byte> utf8);
        text = isRead ? Encoding.UTF8.GetString(utf8) : "";
        return isRead;
    }

    /// <summary>Reads bytes behind their length.</summary>
    internal static bool TryReadBytes(ref ByteReader reader, out byte[] bytes)
    {
        bytes = [];
        if (!reader.TryReadVarint(int.MaxValue, out int length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> found))
            return false;
        bytes = found.ToArray();
        return true;
    }

    private static bool TryReadUtf8(ref ByteReader reader, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        return reader.TryReadVarint(TextLengthMax, out int length) && reader.TryReadBytes(length, out utf8)
            && System.Text.Unicode.Utf8.IsValid(utf8);
    }

    /// <summary>Reads version and table.</summary>
    internal static bool TryReadHeader(ref ByteReader reader, out TableId table)
    {
        table = default;
        if (!reader.TryReadByte(out byte version) || version != DefinitionWriter.Version
            || !reader.TryReadBytes(TableId.Length, out ReadOnlySpan<byte> id))
        {
            return false;
        }

        table = TableId.Read(id);
        return true;
    }

    private static bool TryReadColumnChange(ref ByteReader reader, ref Alteration alteration)
    {
        if (!reader.TryReadUInt64(out ulong id))
            return false;
        alteration = alteration with { Column = new ColumnId(id) };
        switch (alteration.Action)
        {
            case AlterAction.RenameColumn:
                if (!TryReadName(ref reader, out string name))
                    return false;
                alteration = alteration with { Name = name };
                return true;
            case AlterAction.ModifyColumn:
                if (!TryReadShape(ref reader, out ColumnShape shape))
                    return false;
                alteration = alteration with { Shape = shape };
                return true;
            case AlterAction.MoveColumn:
                if (!reader.TryReadUInt64(out ulong position))
                    return false;
                alteration = alteration with { Number = position };
                return true;
            default:
                return true;
        }
    }

    private static bool TryReadColumns(ref ByteReader reader, out ImmutableArray<ColumnDefinition> columns)
    {
        columns = [];
        if (!TryReadCount(ref reader, ColumnCountMax, ColumnLengthMin, out int count) || count == 0)
            return false;
        var list = new ColumnDefinition[count];
        var seen = new HashSet<ColumnId>(count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadColumn(ref reader, out list[i]) || !seen.Add(list[i].Id))
                return false;
        }

        columns = ImmutableCollectionsMarshal.AsImmutableArray(list);
        return true;
    }

    private static bool TryReadColumn(ref ByteReader reader, out ColumnDefinition column)
    {
        column = null!;
        if (!reader.TryReadUInt64(out ulong id) || !reader.TryReadVarint(int.MaxValue, out int generation)
            || !reader.TryReadUInt64(out ulong position) || !TryReadName(ref reader, out string name)
            || !TryReadShape(ref reader, out ColumnShape shape) || !TryReadBytes(ref reader, out byte[] fill)
            || !LayoutFactory.Create(shape.Type).TryValidate(fill))
        {
            return false;
        }

        column = new ColumnDefinition
        {
            Id = new ColumnId(id),
            Name = name,
            Generation = (uint)generation,
            Position = position,
            Shape = shape,
            Fill = fill,
        };
        return true;
    }

    private static bool TryReadIndexes(ref ByteReader reader, out ImmutableArray<IndexDefinition> indexes)
    {
        indexes = [];
        if (!TryReadCount(ref reader, IndexCountMax, IndexLengthMin, out int count))
            return false;
        var list = new IndexDefinition[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadIndex(ref reader, out list[i]))
                return false;
            for (int j = 0; j < i; j++)
            {
                if (CatalogIds.AreSame(list[j].Name, list[i].Name))
                    return false;
            }
        }

        indexes = ImmutableCollectionsMarshal.AsImmutableArray(list);
        return true;
    }

    /// <summary>Reads a number of elements: no more than the rest can hold.</summary>
    internal static bool TryReadCount(ref ByteReader reader, int max, int lengthMin, out int count) =>
        reader.TryReadVarint(max, out count) && count <= reader.Remaining / lengthMin;

    private static bool TryReadColumnNames(ref ByteReader reader, out ImmutableArray<string> names)
    {
        names = [];
        if (!TryReadCount(ref reader, ColumnCountMax, 2, out int count) || count == 0)
            return false;
        ImmutableArray<string>.Builder list = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadName(ref reader, out string name))
                return false;
            list.Add(name);
        }

        names = list.MoveToImmutable();
        return true;
    }

    /// <summary>Reads a text that is not empty.</summary>
    internal static bool TryReadName(ref ByteReader reader, out string name) =>
        TryReadText(ref reader, out name) && name.Length > 0;

    private static bool TryReadCollation(ref ByteReader reader, out Collation collation)
    {
        collation = null!;
        if (!TryReadText(ref reader, out string name) || Collation.Find(name) is not { } found || found.Name != name)
            return false;
        collation = found;
        return true;
    }

    /// <summary>Reads a type.</summary>
    internal static bool TryReadType(ref ByteReader reader, out SqlType type)
    {
        type = default;
        if (!reader.TryReadByte(out byte kind) || kind is 0 or > (byte)SqlTypeKind.Geometry
            || !reader.TryReadByte(out byte flags) || flags > 3
            || !reader.TryReadByte(out byte precision) || precision > SqlDecimal.PrecisionMax
            || !reader.TryReadByte(out byte scale) || scale > SqlType.ScaleNotFixed
            || !reader.TryReadVarint(out ulong length) || length > long.MaxValue
            || !TryReadCollation(ref reader, out Collation collation))
        {
            return false;
        }

        MemberList? members = null;
        if ((flags & 2) != 0 && !TryReadMembers(ref reader, out members))
            return false;
        if ((SqlTypeKind)kind == SqlTypeKind.Decimal && (scale > SqlDecimal.ScaleMax || scale > precision))
            return false;
        type = new SqlType((SqlTypeKind)kind, (long)length, precision, scale, (flags & 1) != 0,
            collation.IsBinary ? null : collation, members);
        return true;
    }

    private static bool TryReadMembers(ref ByteReader reader, out MemberList? members)
    {
        members = null;
        if (!TryReadCount(ref reader, MemberCountMax, lengthMin: 1, out int count))
            return false;
        ByteReader texts = reader;
        int[] ends = new int[count];
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadUtf8(ref reader, out ReadOnlySpan<byte> utf8))
                return false;
            ends[i] = length += utf8.Length;
        }

        byte[] joined = new byte[length];
        int start = 0;
        foreach (int end in ends)
        {
            TryReadUtf8(ref texts, out ReadOnlySpan<byte> utf8);
            utf8.CopyTo(joined.AsSpan(start));
            start = end;
        }

        members = new MemberList(joined, ends);
        return true;
    }
}
