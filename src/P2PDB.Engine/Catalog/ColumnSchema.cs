using P2PDB.Engine.Catalog.Conversions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>One visible column of a table version.</summary>
internal sealed class ColumnSchema
{
    /// <summary>The identity that outlives renames.</summary>
    public required ColumnId Id { get; init; }

    /// <summary>The name it is shown under, unique in its table without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>0-based place in the table.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Sort key of the place; an ADD or MODIFY … AFTER picks a number between two of them.</summary>
    public required ulong Position { get; init; }

    /// <summary>Type, nullability, default and the like.</summary>
    public required ColumnShape Shape { get; init; }

    /// <summary>The types it has and had: how to read values that were stored under a former one.</summary>
    public required ColumnTypes Types { get; init; }

    /// <summary>
    /// What rows show that were written without this column: a row image of the one column <see cref="FillLayout"/>.
    /// </summary>
    public required byte[] Fill { get; init; }

    /// <summary>Layout of <see cref="Fill"/>: one column.</summary>
    public required RowLayout FillLayout { get; init; }

    /// <summary>How writes of it merge.</summary>
    public required MergePolicy Merge { get; init; }

    /// <summary>The type, with its collation.</summary>
    public SqlType Type => Shape.Type;

    /// <summary>True unless NOT NULL.</summary>
    public bool IsNullable => Shape.IsNullable;

    /// <summary>True for AUTO_INCREMENT.</summary>
    public bool IsAutoIncrement => Shape.IsAutoIncrement;

    /// <summary>True for INVISIBLE.</summary>
    public bool IsInvisible => Shape.IsInvisible;

    /// <summary>True for ON UPDATE CURRENT_TIMESTAMP.</summary>
    public bool IsUpdatedToNow => Shape.IsUpdatedToNow;

    /// <summary>The default.</summary>
    public DefaultValue Default => Shape.Default;

    /// <summary>The comment.</summary>
    public string Comment => Shape.Comment;

    /// <summary>True where the column is part of the primary key.</summary>
    public bool IsInPrimaryKey { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
