// DEFINITION OPERATIONS v1: the payloads of the kinds 17 to 24 of a log entry; constraints: ConstraintCodec. docs/formats/definitions.md
//
//   text        varint length, UTF-8                         (valid UTF-8, at most 64 KiB)
//   type        u8 kind, u8 flags (1 unsigned, 2 members), u8 precision, u8 scale, varint length, text collation,
//               with flag 2: varint count, texts
//   shape       type, u8 flags (1 nullable, 2 auto_increment, 4 invisible, 8 on update now, 16 engine attribute), u8 default kind,
//               of literals and expressions: text, then text comment, with flag 16: text engine attribute
//   column      u64 id, varint generation, u64 position, text name, shape, varint length, fill image
//   index       text name, u8 kind, u8 flags (1 invisible), key, text comment
//   key         varint count, per column {u64 id, varint prefix length, u8 flags (1 descending)}
//   options     text collation, text comment, text engine attribute
//
//   CreateTable u8 1, 16 TableId, varint generation, text name, options, varint auto_increment,
//               varint count, columns, key (primary), varint count, indexes
//   AlterTable  u8 1, 16 TableId, u8 action, then as AlterAction says
//   CreateIndex u8 1, 16 TableId, index          DropIndex   u8 1, 16 TableId, text name
//   RenameTable u8 1, 16 TableId, text name      DropTable, Truncate  u8 1, 16 TableId
//   CreateView  u8 1, 16 TableId, view
//   view        varint generation, text name, u8 flags (1 replacement, 2 invoker, 4 columns named), u8 algorithm, u8 check, text definer's user,
//               text definer's host, text character set, text collation, varint count, texts (columns), text query
using System.Text;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>Writes the payloads of definition operations.</summary>
internal static class DefinitionWriter
{
    /// <summary>Version of all payloads.</summary>
    public const byte Version = 1;

    /// <summary>Writes the payload of CREATE TABLE.</summary>
    public static void WriteCreateTable(ByteWriter target, TableDefinition table)
    {
        WriteHeader(target, table.Id);
        target.WriteVarint(table.Generation);
        WriteText(target, table.Name);
        WriteOptions(target, table.Options);
        target.WriteVarint(table.AutoIncrementStart);
        target.WriteVarint((ulong)table.Columns.Length);
        foreach (ColumnDefinition column in table.Columns)
            WriteColumn(target, column);
        WriteKey(target, table.PrimaryKey.AsSpan());
        target.WriteVarint((ulong)table.Indexes.Length);
        foreach (IndexDefinition index in table.Indexes)
            WriteIndex(target, index);
    }

    /// <summary>Writes the payload of one ALTER TABLE operation.</summary>
    public static void WriteAlteration(ByteWriter target, Alteration alteration)
    {
        WriteHeader(target, alteration.Table);
        target.WriteByte((byte)alteration.Action);
        switch (alteration.Action)
        {
            case AlterAction.AddColumn:
                WriteColumn(target, alteration.Added!);
                break;
            case AlterAction.DropColumn:
                target.WriteUInt64(alteration.Column.Value);
                break;
            case AlterAction.RenameColumn:
                target.WriteUInt64(alteration.Column.Value);
                WriteText(target, alteration.Name);
                break;
            case AlterAction.ModifyColumn:
                target.WriteUInt64(alteration.Column.Value);
                WriteShape(target, alteration.Shape!);
                break;
            case AlterAction.MoveColumn:
                target.WriteUInt64(alteration.Column.Value);
                target.WriteUInt64(alteration.Number);
                break;
            case AlterAction.SetAutoIncrement:
                target.WriteUInt64(alteration.Number);
                break;
            case AlterAction.SetOptions:
                WriteOptions(target, alteration.Options!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(alteration));
        }
    }

    /// <summary>Writes the payload of CREATE INDEX.</summary>
    public static void WriteCreateIndex(ByteWriter target, TableId table, IndexDefinition index)
    {
        WriteHeader(target, table);
        WriteIndex(target, index);
    }

    /// <summary>Writes the payload of DROP INDEX, of a constraint's end or RENAME TABLE.</summary>
    public static void WriteName(ByteWriter target, TableId table, string name)
    {
        WriteHeader(target, table);
        WriteText(target, name);
    }

    /// <summary>Writes the payload of CREATE VIEW.</summary>
    public static void WriteCreateView(ByteWriter target, ViewDefinition view)
    {
        WriteHeader(target, view.Id);
        WriteView(target, view);
    }

    /// <summary>Writes the payload of DROP TABLE, of a view too, or TRUNCATE.</summary>
    public static void WriteTable(ByteWriter target, TableId table) => WriteHeader(target, table);

    /// <summary>Writes a column.</summary>
    internal static void WriteColumn(ByteWriter target, ColumnDefinition column)
    {
        target.WriteUInt64(column.Id.Value);
        target.WriteVarint(column.Generation);
        target.WriteUInt64(column.Position);
        WriteText(target, column.Name);
        WriteShape(target, column.Shape);
        WriteBytes(target, column.Fill);
    }

    /// <summary>Writes a shape.</summary>
    internal static void WriteShape(ByteWriter target, ColumnShape shape)
    {
        WriteType(target, shape.Type);
        target.WriteByte((byte)((shape.IsNullable ? 1 : 0) | (shape.IsAutoIncrement ? 2 : 0)
            | (shape.IsInvisible ? 4 : 0) | (shape.IsUpdatedToNow ? 8 : 0) | (shape.EngineAttribute.Length > 0 ? 16 : 0)));
        target.WriteByte((byte)shape.Default.Kind);
        if (shape.Default.Kind is DefaultKind.Literal or DefaultKind.Expression)
            WriteText(target, shape.Default.Text);
        WriteText(target, shape.Comment);
        if (shape.EngineAttribute.Length > 0)
            WriteText(target, shape.EngineAttribute);
    }

    /// <summary>Writes an index.</summary>
    internal static void WriteIndex(ByteWriter target, IndexDefinition index)
    {
        WriteText(target, index.Name);
        target.WriteByte((byte)index.Kind);
        target.WriteByte((byte)(index.IsInvisible ? 1 : 0));
        WriteKey(target, index.Columns.AsSpan());
        WriteText(target, index.Comment);
    }

    /// <summary>Writes a view.</summary>
    internal static void WriteView(ByteWriter target, ViewDefinition view)
    {
        target.WriteVarint(view.Generation);
        WriteText(target, view.Name);
        target.WriteByte((byte)((view.IsReplacement ? 1 : 0) | (view.IsInvoker ? 2 : 0) | (view.HasColumnList ? 4 : 0)));
        target.WriteByte((byte)view.Algorithm);
        target.WriteByte((byte)view.Check);
        WriteText(target, view.DefinerUser);
        WriteText(target, view.DefinerHost);
        WriteText(target, view.CharacterSet);
        WriteText(target, view.Collation);
        target.WriteVarint((ulong)view.Columns.Length);
        foreach (string column in view.Columns)
            WriteText(target, column);
        WriteText(target, view.Query);
    }

    /// <summary>Writes the columns of a key.</summary>
    internal static void WriteKey(ByteWriter target, ReadOnlySpan<IndexColumn> columns)
    {
        target.WriteVarint((ulong)columns.Length);
        foreach (IndexColumn column in columns)
        {
            target.WriteUInt64(column.Column.Value);
            target.WriteVarint((ulong)column.PrefixLength);
            target.WriteByte((byte)(column.IsDescending ? 1 : 0));
        }
    }

    /// <summary>Writes options.</summary>
    internal static void WriteOptions(ByteWriter target, TableOptions options)
    {
        WriteText(target, options.Collation.Name);
        WriteText(target, options.Comment);
        WriteText(target, options.EngineAttribute);
    }

    /// <summary>Writes a text.</summary>
    internal static void WriteText(ByteWriter target, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        target.WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(text, target.GetSpan(length));
        target.Advance(length);
    }

    /// <summary>Writes bytes behind their length.</summary>
    internal static void WriteBytes(ByteWriter target, ReadOnlySpan<byte> bytes)
    {
        target.WriteVarint((ulong)bytes.Length);
        target.Write(bytes);
    }

    /// <summary>Writes a type.</summary>
    internal static void WriteType(ByteWriter target, SqlType type)
    {
        target.WriteByte((byte)type.Kind);
        target.WriteByte((byte)((type.IsUnsigned ? 1 : 0) | (type.Members is not null ? 2 : 0)));
        target.WriteByte(type.Precision);
        target.WriteByte(type.Scale);
        target.WriteVarint((ulong)type.Length);
        WriteText(target, type.Collation.Name);
        if (type.Members is null)
            return;
        target.WriteVarint((ulong)type.Members.Count);
        for (int i = 0; i < type.Members.Count; i++)
            WriteBytes(target, type.Members[i]);
    }

    /// <summary>Writes version and table.</summary>
    internal static void WriteHeader(ByteWriter target, TableId table)
    {
        target.WriteByte(Version);
        table.CopyTo(target.GetSpan(TableId.Length));
        target.Advance(TableId.Length);
    }
}
