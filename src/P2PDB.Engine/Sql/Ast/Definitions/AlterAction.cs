using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>One action of ALTER TABLE.</summary>
internal abstract record AlterAction;

/// <summary>Where ADD, MODIFY and CHANGE put a column: FIRST, or AFTER a column.</summary>
internal sealed record ColumnPlace(string? After)
{
    /// <summary>FIRST.</summary>
    public bool IsFirst => After is null;
}

/// <summary>ADD [COLUMN] definition [FIRST | AFTER c]; ADD (list) is one action per element.</summary>
internal sealed record AddColumnAction(ColumnDefinition Column, ColumnPlace? Place) : AlterAction;

/// <summary>ADD INDEX, CONSTRAINT, FOREIGN KEY or CHECK.</summary>
internal sealed record AddElementAction(TableElement Element) : AlterAction;

/// <summary>MODIFY [COLUMN] definition.</summary>
internal sealed record ModifyColumnAction(ColumnDefinition Column, ColumnPlace? Place) : AlterAction;

/// <summary>CHANGE [COLUMN] old definition.</summary>
internal sealed record ChangeColumnAction(string OldName, ColumnDefinition Column, ColumnPlace? Place) : AlterAction;

/// <summary>RENAME COLUMN a TO b.</summary>
internal sealed record RenameColumnAction(string OldName, string NewName) : AlterAction;

/// <summary>ALTER [COLUMN] c SET DEFAULT value (or DROP DEFAULT, with no value).</summary>
internal sealed record SetDefaultAction(string Column, ExpressionNode? Default, bool IsExpression) : AlterAction;

/// <summary>ALTER [COLUMN] c SET VISIBLE or INVISIBLE.</summary>
internal sealed record SetColumnVisibilityAction(string Column, bool IsVisible) : AlterAction;

/// <summary>ALTER INDEX i VISIBLE or INVISIBLE.</summary>
internal sealed record SetIndexVisibilityAction(string Index, bool IsVisible) : AlterAction;

/// <summary>ALTER CHECK or CONSTRAINT name [NOT] ENFORCED.</summary>
internal sealed record SetEnforcedAction(string Name, bool IsEnforced) : AlterAction;

/// <summary>What a <see cref="DropElementAction"/> drops.</summary>
internal enum DroppedElement : byte { Column, Index, PrimaryKey, ForeignKey, Check, Constraint }

/// <summary>DROP COLUMN, INDEX, PRIMARY KEY (no name), FOREIGN KEY, CHECK or CONSTRAINT.</summary>
internal sealed record DropElementAction(DroppedElement Element, string? Name) : AlterAction;

/// <summary>RENAME [TO | AS] name.</summary>
internal sealed record RenameTableAction(ObjectName NewName) : AlterAction;

/// <summary>RENAME INDEX a TO b.</summary>
internal sealed record RenameIndexAction(string OldName, string NewName) : AlterAction;

/// <summary>A table option such as ENGINE or AUTO_INCREMENT; ALGORITHM, LOCK and VALIDATION come this way too.</summary>
internal sealed record SetTableOptionAction(TableOption Option) : AlterAction;

/// <summary>CONVERT TO CHARACTER SET c [COLLATE d]; DEFAULT is a null character set.</summary>
internal sealed record ConvertCharacterSetAction(string? CharacterSet, string? Collation) : AlterAction;

/// <summary>ENABLE KEYS or DISABLE KEYS.</summary>
internal sealed record SetKeysAction(bool IsEnabled) : AlterAction;

/// <summary>ORDER BY columns.</summary>
internal sealed record OrderRowsAction(Queries.OrderItem[] OrderBy) : AlterAction;

/// <summary>FORCE: rebuild.</summary>
internal sealed record ForceAction : AlterAction;

/// <summary>DISCARD or IMPORT TABLESPACE.</summary>
internal sealed record TablespaceAction(bool IsImport) : AlterAction;

/// <summary>PARTITION BY, or REMOVE PARTITIONING (null).</summary>
internal sealed record RepartitionAction(Partitioning? Partitioning) : AlterAction;

/// <summary>ADD PARTITION: definitions, or a count.</summary>
internal sealed record AddPartitionAction(PartitionDefinition[] Partitions, ulong? Count) : AlterAction;

/// <summary>DROP, TRUNCATE, ANALYZE, CHECK, OPTIMIZE, REBUILD, REPAIR, DISCARD, IMPORT PARTITION.</summary>
/// <param name="Verb">Upper case.</param>
/// <param name="Partitions">The names; empty for ALL.</param>
internal sealed record PartitionVerbAction(string Verb, string[] Partitions) : AlterAction;

/// <summary>COALESCE PARTITION count.</summary>
internal sealed record CoalescePartitionAction(ulong Count) : AlterAction;

/// <summary>REORGANIZE PARTITION names INTO (definitions); both empty without a list.</summary>
internal sealed record ReorganizePartitionAction(string[] Partitions, PartitionDefinition[] Into) : AlterAction;

/// <summary>EXCHANGE PARTITION p WITH TABLE t [WITH | WITHOUT VALIDATION].</summary>
internal sealed record ExchangePartitionAction(string Partition, ObjectName Table, bool IsValidated) : AlterAction;
