namespace P2PDB.Engine.Types;

/// <summary>MySQL's errors about foreign keys, as <see cref="SqlErrors"/> has the others.</summary>
internal static class ConstraintErrors
{
    /// <summary>Error 1215: a foreign key of a kind that InnoDB does not have.</summary>
    public static SqlError CannotAddForeignKey() => new(1215, "HY000", "Cannot add foreign key constraint");

    /// <summary>Error 1239: a key and what it references do not match; <paramref name="name"/> is that of the key.</summary>
    public static SqlError WrongForeignKey(string? name) =>
        new(1239, "42000", $"Incorrect foreign key definition for '{name ?? "foreign key without name"}': Key reference and table reference don't match");

    /// <summary>Error 1451: a row that others reference; <paramref name="key"/> is table and constraint.</summary>
    public static SqlError RowIsReferenced(string key) =>
        new(1451, "23000", $"Cannot delete or update a parent row: a foreign key constraint fails ({key})");

    /// <summary>Error 1452: a row that references none; <paramref name="key"/> is table and constraint.</summary>
    public static SqlError NoReferencedRow(string key) =>
        new(1452, "23000", $"Cannot add or update a child row: a foreign key constraint fails ({key})");

    /// <summary>Error 1553: an index that a foreign key lives on.</summary>
    public static SqlError IndexNeeded(string index) =>
        new(1553, "HY000", $"Cannot drop index '{index}': needed in a foreign key constraint");

    /// <summary>Error 1701: a table whose rows others reference; <paramref name="key"/> is table and constraint.</summary>
    public static SqlError CannotTruncate(string key) =>
        new(1701, "42000", $"Cannot truncate a table referenced in a foreign key constraint ({key})");

    /// <summary>Error 1761: rows that follow a foreign key would share a key.</summary>
    public static SqlError DuplicateFollows(string table, string row, string child, string index) =>
        new(1761, "23000", $"Foreign key constraint for table '{table}', record '{row}' would lead to a duplicate entry in table '{child}', key '{index}'");

    /// <summary>Error 6125: a referenced table without a unique key for it.</summary>
    public static SqlError MissingParentKey(string key, string parent) =>
        new(6125, "HY000", $"Failed to add the foreign key constraint. Missing unique key for constraint '{key}' in the referenced table '{parent}'");

    /// <summary>Error 1824: no such table to reference.</summary>
    public static SqlError CannotOpenParent(string parent) =>
        new(1824, "HY000", $"Failed to open the referenced table '{parent}'");

    /// <summary>Error 1826: a name that a foreign key of the database has.</summary>
    public static SqlError DuplicateForeignKey(string key) =>
        new(1826, "HY000", $"Duplicate foreign key constraint name '{key}'");

    /// <summary>Error 1828: a column of a foreign key.</summary>
    public static SqlError ColumnNeeded(string column, string key) =>
        new(1828, "HY000", $"Cannot drop column '{column}': needed in a foreign key constraint '{key}'");

    /// <summary>Error 1829: a column that a foreign key references.</summary>
    public static SqlError ColumnNeededBy(string column, string key, string table) =>
        new(1829, "HY000", $"Cannot drop column '{column}': needed in a foreign key constraint '{key}' of table '{table}'");

    /// <summary>Error 1830: SET NULL over a column that takes none.</summary>
    public static SqlError ColumnCannotBeNotNull(string column, string key) =>
        new(1830, "HY000", $"Column '{column}' cannot be NOT NULL: needed in a foreign key constraint '{key}' SET NULL");

    /// <summary>Error 1832: another type for a column of a foreign key.</summary>
    public static SqlError CannotChangeColumn(string column, string key) =>
        new(1832, "HY000", $"Cannot change column '{column}': used in a foreign key constraint '{key}'");

    /// <summary>Error 1833: another type for a column that a foreign key references.</summary>
    public static SqlError CannotChangeParentColumn(string column, string key, string table) =>
        new(1833, "HY000", $"Cannot change column '{column}': used in a foreign key constraint '{key}' of table '{table}'");

    /// <summary>Error 3008: a chain of rows that follow each other longer than InnoDB goes.</summary>
    public static SqlError CascadeTooDeep(int depth) =>
        new(3008, "HY000", $"Foreign key cascade delete/update exceeds max depth of {depth}.");

    /// <summary>Error 3730: a table that others reference.</summary>
    public static SqlError CannotDropParent(string table, string key, string child) =>
        new(3730, "HY000", $"Cannot drop table '{table}' referenced by a foreign key constraint '{key}' on table '{child}'.");

    /// <summary>Error 3734: no such column to reference.</summary>
    public static SqlError MissingParentColumn(string column, string key, string parent) =>
        new(3734, "HY000", $"Failed to add the foreign key constraint. Missing column '{column}' for constraint '{key}' in the referenced table '{parent}'");

    /// <summary>Error 3939: several constraints of one name.</summary>
    public static SqlError SeveralConstraints(string name) =>
        new(3939, "HY000", $"Table has multiple constraints with the name '{name}'. Please use constraint specific 'DROP' clause.");

    /// <summary>Error 3940: no constraint of the name.</summary>
    public static SqlError NoConstraint(string name) => new(3940, "HY000", $"Constraint '{name}' does not exist.");

    /// <summary>Error 3780: types that cannot reference each other.</summary>
    public static SqlError IncompatibleColumns(string column, string parentColumn, string key) =>
        new(3780, "HY000", $"Referencing column '{column}' and referenced column '{parentColumn}' in foreign key constraint '{key}' are incompatible.");
}
