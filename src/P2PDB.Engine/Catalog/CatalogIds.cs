using System.Buffers.Binary;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// Identities of tables and columns, derived from what peers who run the same migration apart have in common. A derived
/// identity is checked on every node, so nobody can claim another's.
/// </summary>
internal static class CatalogIds
{
    /// <summary>
    /// First 16 bytes of BLAKE3("p2pdb table 1" ‖ database ‖ lower name ‖ primary key ‖ generation). The primary key counts
    /// with its columns' names, prefix lengths and the encoding of their keys, because it is what rows go by.
    /// </summary>
    public static TableId TableIdOf(
        in Hash256 database, string name, ReadOnlySpan<IndexColumn> primaryKey, IReadOnlyList<ColumnDefinition> columns,
        uint generation)
    {
        using ByteWriter writer = new();
        writer.Write("p2pdb table 1"u8);
        writer.Write(database.AsSpan());
        DefinitionWriter.WriteText(writer, Lower(name));
        writer.WriteVarint((ulong)primaryKey.Length);
        foreach (IndexColumn part in primaryKey)
        {
            foreach (ColumnDefinition column in columns)
            {
                if (column.Id != part.Column)
                    continue;
                DefinitionWriter.WriteText(writer, Lower(column.Name));
                WriteKeyForm(writer, column.Shape.Type);
            }

            writer.WriteVarint((ulong)part.PrefixLength);
        }

        writer.WriteVarint(generation);
        return TableId.Read(Blake3.Hash(writer.Written).AsSpan());
    }

    /// <summary>First 16 bytes of BLAKE3("p2pdb view 1" ‖ database ‖ lower name ‖ generation).</summary>
    public static TableId ViewIdOf(in Hash256 database, string name, uint generation)
    {
        using ByteWriter writer = new();
        writer.Write("p2pdb view 1"u8);
        writer.Write(database.AsSpan());
        DefinitionWriter.WriteText(writer, Lower(name));
        writer.WriteVarint(generation);
        return TableId.Read(Blake3.Hash(writer.Written).AsSpan());
    }

    /// <summary>
    /// First 8 bytes, little-endian, of BLAKE3("p2pdb column 1" ‖ lower name ‖ generation). It is unique within a table; the
    /// table's own id cannot count, because it depends on the primary key, which names columns.
    /// </summary>
    public static ColumnId ColumnIdOf(string name, uint generation)
    {
        using ByteWriter writer = new();
        writer.Write("p2pdb column 1"u8);
        DefinitionWriter.WriteText(writer, Lower(name));
        writer.WriteVarint(generation);
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(Blake3.Hash(writer.Written).AsSpan());
        return new ColumnId(value == 0 ? 1 : value);
    }

    /// <summary>ASCII letters in lower case: a mapping that no runtime version can change.</summary>
    public static string Lower(string name) =>
        !name.AsSpan().ContainsAnyInRange('A', 'Z') ? name : string.Create(name.Length, name, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = LowerOf(source[i]);
        });

    /// <summary>True where both names are the same in lower case.</summary>
    public static bool AreSame(string left, string right)
    {
        if (left.Length != right.Length)
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (LowerOf(left[i]) != LowerOf(right[i]))
                return false;
        }

        return true;
    }

    /// <summary>True where keys of both types are encoded alike.</summary>
    public static bool HaveSameKeyForm(SqlType left, SqlType right)
    {
        using ByteWriter forms = new();
        WriteKeyForm(forms, left);
        int length = forms.Length;
        WriteKeyForm(forms, right);
        return forms.Written[..length].SequenceEqual(forms.Written[length..]);
    }

    /// <summary>What decides how keys of a type are encoded: a type change that alters it would rename every row.</summary>
    public static void WriteKeyForm(ByteWriter writer, SqlType type)
    {
        byte form = type switch
        {
            { IsInteger: true } => type.IsUnsigned ? (byte)2 : (byte)1,
            { Kind: SqlTypeKind.Float or SqlTypeKind.Double } => 3,
            { IsText: true } => 4,
            { IsString: true } => 5,
            _ => (byte)(0x40 + (byte)type.Kind),
        };
        writer.WriteByte(form);
        if (type.Kind == SqlTypeKind.Decimal)
        {
            writer.WriteByte((byte)type.StorageCode);
            writer.WriteByte(type.Scale);
        }

        DefinitionWriter.WriteText(writer, type.Collation.Name);
    }

    private static char LowerOf(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
}
