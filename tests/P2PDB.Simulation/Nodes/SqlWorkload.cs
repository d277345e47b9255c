using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Simulation.Nodes;

/// <summary>
/// Random statements over the tables that a node has: few keys and few values, so that nodes meet on all of them; now and then
/// definitions, and values that take several entries.
/// </summary>
internal sealed class SqlWorkload(Random dice)
{
    private static readonly string[] TableNames = ["t", "u", "big", "loose"];
    private static readonly string[] ExtraColumns = ["x", "y", "z"];
    private static readonly string[] ExtraTypes = ["INT", "BIGINT", "VARCHAR(20)", "DECIMAL(8,2)", "INT NOT NULL DEFAULT 7", "SET('x','y','z')", "JSON"];
    private static readonly string[] Policies = ["lww", "fww", "max", "min", "counter", "row", "growing", "bounded", "mv", "set", "text"];
    private static readonly string[] IndexNames = ["i", "j", "k"];
    private static readonly string[] ReferenceRules = ["NO ACTION", "CASCADE", "SET NULL"];
    private static readonly string[] Edits = ["CONCAT(?, 'xy')", "CONCAT('é', ?)", "INSERT(?, 2, 1, 'pq')", "INSERT(?, 3, 2, '')", "INSERT(?, 2, 0, '-')"];
    private static readonly string[] Tags = ["a", "b", "c", "d"];
    private static readonly string[] Texts = ["''", "'a'", "'A'", "'b'", "'ab'", "'é'", "'x y'"];

    /// <summary>The next statement of a session.</summary>
    public string Next(SimulatedSession session)
    {
        SimulatedNode node = session.Node;
        if (session.InTransaction)
            return NextInTransaction(node);
        return dice.Next(100) switch
        {
            < 10 => "BEGIN",
            < 22 => Define(node),
            _ => Change(node),
        };
    }

    /// <summary>CREATE TABLE of one of the few tables.</summary>
    public string CreateTable()
    {
        string name = TableNames[dice.Next(TableNames.Length)];
        string columns = name switch
        {
            "t" => $"id INT PRIMARY KEY, a INT{Policy("fww")}, b VARCHAR(20){Policy("max")}, c BIGINT NOT NULL DEFAULT 3{Policy("counter")}, UNIQUE KEY ub (b)",
            "u" => $"id BIGINT AUTO_INCREMENT PRIMARY KEY, a INT{Policy("counter")}, b VARCHAR(10){Policy("min")}, UNIQUE KEY ua (a)",
            "big" => $"id VARCHAR(8) PRIMARY KEY, a INT, tags JSON{Policy("set")}, flags SET('x','y','z'){Policy("set")}, note VARCHAR(12){Policy("text")}, data MEDIUMTEXT, KEY ka (a)",
            _ => $"a INT{Policy("row")}, b VARCHAR(10){Policy("row")}",
        };
        return $"CREATE TABLE {(dice.Next(2) == 0 ? "IF NOT EXISTS " : "")}{name} ({columns})";
    }

    /// <summary>Now and then how a column merges: mostly one way, so that nodes that make a table apart mostly agree.</summary>
    private string Policy(string usual)
    {
        string policy = dice.Next(5) > 0 ? usual : Policies[dice.Next(Policies.Length)];
        string members = policy switch
        {
            "growing" => "\"counter\",\"grow\":true",
            "bounded" => "\"counter\",\"min\":0",
            _ => $"\"{policy}\"",
        };
        return dice.Next(3) == 0 ? "" : $" ENGINE_ATTRIBUTE '{{\"merge\":{members}}}'";
    }

    private string NextInTransaction(SimulatedNode node) => dice.Next(100) switch
    {
        < 22 => "COMMIT",
        < 30 => "ROLLBACK",
        < 36 => "SAVEPOINT s",
        < 40 => "ROLLBACK TO s",
        _ => Change(node),
    };

    private string Change(SimulatedNode node)
    {
        if (Choose(node) is not { } table)
            return CreateTable();
        return dice.Next(100) switch
        {
            < 30 => Insert(table, "INSERT INTO", ""),
            < 40 => Insert(table, "INSERT INTO", $" ON DUPLICATE KEY UPDATE {Assignment(table)}"),
            < 50 => Insert(table, "REPLACE INTO", ""),
            < 55 => Insert(table, "INSERT IGNORE INTO", ""),
            < 80 => $"UPDATE `{table.Name}` SET {Assignment(table)}{Where(table)}",
            < 94 => $"DELETE FROM `{table.Name}`{Where(table)}",
            < 96 => $"SELECT * FROM `{table.Name}`{Where(table)} FOR UPDATE",
            < 98 => PassRights(node, table) ?? $"SELECT COUNT(*) FROM `{table.Name}`{Where(table)}",
            _ => Resolve(table) ?? "SELECT * FROM p2pdb.databases",
        };
    }

    /// <summary>Chooses among several values; null where the table has no column that keeps such.</summary>
    private string? Resolve(TableSchema table)
    {
        ColumnSchema? column = table.Columns.FirstOrDefault(column => column.Merge == MergePolicy.MultiValue);
        return column is null || table.PrimaryKey is null
            ? null
            : $"CALL p2pdb.resolve('{table.Name}', '{column.Name}', {Value(column)}, {dice.Next(6)})";
    }

    /// <summary>Passes rights to a counter on to another author; null where the table has no such counter, or nobody else is there.</summary>
    private string? PassRights(SimulatedNode node, TableSchema table)
    {
        ColumnSchema? counter = table.Columns.FirstOrDefault(column => column.Merge == MergePolicy.BoundedCounter);
        DatabaseLog log = node.Log!;
        AccessMember[] others = [.. log.Access.Members.Where(member => member.Author != log.OwnAuthor)];
        if (counter is null || others.Length == 0 || table.PrimaryKey is null)
            return null;
        string author = others[dice.Next(others.Length)].Author.ToString();
        return $"CALL p2pdb.pass_rights('{table.Name}', '{counter.Name}', '{author}', {dice.Next(1, 4)}, {dice.Next(6)})";
    }

    private string Define(SimulatedNode node)
    {
        if (dice.Next(4) == 0 || Choose(node) is not { } table)
            return CreateTable();
        ColumnSchema chosen = table.Columns[dice.Next(table.Columns.Length)];
        string column = $"`{chosen.Name}`";
        string extra = ExtraColumns[dice.Next(ExtraColumns.Length)];
        string index = IndexNames[dice.Next(IndexNames.Length)];
        return dice.Next(26) switch
        {
            < 5 => $"ALTER TABLE `{table.Name}` ADD COLUMN {extra} {ExtraColumn()}{Place(column)}",
            < 8 => $"ALTER TABLE `{table.Name}` DROP COLUMN {(dice.Next(3) == 0 ? column : extra)}",
            < 9 => $"ALTER TABLE `{table.Name}` RENAME COLUMN {column} TO {extra}",
            < 10 => $"ALTER TABLE `{table.Name}` ALTER COLUMN {column} SET DEFAULT 5",
            < 14 => $"CREATE {(dice.Next(3) > 0 ? "UNIQUE " : "")}INDEX {index} ON `{table.Name}` ({Part(chosen)})",
            < 16 => $"DROP INDEX {index} ON `{table.Name}`",
            < 17 => $"TRUNCATE TABLE `{table.Name}`",
            < 18 => $"DROP TABLE `{table.Name}`",
            < 19 => $"RENAME TABLE `{table.Name}` TO {TableNames[dice.Next(TableNames.Length)]}",
            < 20 => $"ALTER TABLE `{table.Name}` DROP FOREIGN KEY {index}",
            < 22 => $"ALTER TABLE `{table.Name}` ADD CONSTRAINT {index} FOREIGN KEY ({column}) REFERENCES {Reference(node, chosen)}",
            < 23 => $"ALTER TABLE `{table.Name}` ADD CONSTRAINT {index} CHECK ({column} <> {SmallValue(chosen)})",
            < 24 => $"ALTER TABLE `{table.Name}` DROP CHECK {index}",
            < 25 => $"ALTER TABLE `{table.Name}` MODIFY {column} {ExtraTypes[dice.Next(ExtraTypes.Length)]}{Policy("lww")}",
            _ => $"ALTER TABLE `{table.Name}` ADD COLUMN {extra} INT, DROP COLUMN {column}, ADD INDEX {index} ({extra})",
        };
    }

    private string ExtraColumn()
    {
        string type = ExtraTypes[dice.Next(ExtraTypes.Length)];
        return type + Policy(type.StartsWith("SET", StringComparison.Ordinal) || type == "JSON" ? "set" : "counter");
    }

    /// <summary>Where there is one, a unique key of the type of a column: else nothing is referenced, and the statement fails.</summary>
    private string Reference(SimulatedNode node, ColumnSchema child)
    {
        string rule = ReferenceRules[dice.Next(ReferenceRules.Length)];
        TableSchema parent = Choose(node)!;
        IndexSchema? key = parent.Indexes.Append(parent.PrimaryKey)
            .FirstOrDefault(index => index is { IsUnique: true, Parts.Length: 1 } && parent.Columns[index.Parts[0].Ordinal].Type == child.Type);
        return $"`{parent.Name}` (`{(key is null ? "id" : parent.Columns[key.Parts[0].Ordinal].Name)}`) ON DELETE {rule} ON UPDATE {rule}";
    }

    private string Insert(TableSchema table, string verb, string end)
    {
        ColumnSchema[] columns = [.. table.Columns.Where(column => column.IsAutoIncrement ? dice.Next(4) == 0 : dice.Next(8) > 0)];
        if (columns.Length == 0)
            columns = [table.Columns[0]];
        StringBuilder sql = new($"{verb} `{table.Name}` ({string.Join(", ", columns.Select(column => $"`{column.Name}`"))}) VALUES ");
        int rowCount = dice.Next(4) == 0 ? 1 + dice.Next(4) : 1;
        for (int row = 0; row < rowCount; row++)
            sql.Append(row > 0 ? ", (" : "(").AppendJoin(", ", columns.Select(Value)).Append(')');
        return sql.Append(end).ToString();
    }

    private string Assignment(TableSchema table)
    {
        ColumnSchema column = table.Columns[dice.Next(table.Columns.Length)];
        // Keys are changed too, but not often.
        if (column.IsInPrimaryKey && dice.Next(4) > 0)
            column = table.Columns[^1];
        if (column.Type.Kind == SqlTypeKind.Json && dice.Next(2) == 0)
            return $"`{column.Name}` = JSON_ARRAY_APPEND(`{column.Name}`, '$', '{Tags[dice.Next(Tags.Length)]}')";
        if (column.Type.Kind is SqlTypeKind.VarChar && dice.Next(3) > 0)
            return $"`{column.Name}` = {Edits[dice.Next(Edits.Length)].Replace("?", $"`{column.Name}`")}";
        return column.Type.Physical == PhysicalKind.Int64 && dice.Next(3) == 0
            ? $"`{column.Name}` = `{column.Name}` + 1"
            : $"`{column.Name}` = {Value(column)}";
    }

    private string Where(TableSchema table)
    {
        if (dice.Next(12) == 0)
            return "";
        ColumnSchema column = dice.Next(3) == 0 || table.PrimaryKey is null
            ? table.Columns[dice.Next(table.Columns.Length)]
            : table.Columns[table.PrimaryKey.Parts[0].Ordinal];
        return dice.Next(6) == 0
            ? $" WHERE `{column.Name}` > {SmallValue(column)}"
            : $" WHERE `{column.Name}` = {SmallValue(column)}";
    }

    private string Value(ColumnSchema column) =>
        dice.Next(8) == 0 && column.IsNullable ? "NULL"
        : column.Type.Kind == SqlTypeKind.MediumText && dice.Next(3) == 0 ? LongText()
        : SmallValue(column);

    private string SmallValue(ColumnSchema column) => column.Type.Physical switch
    {
        _ when column.Type.Kind == SqlTypeKind.Json => $"'[{string.Join(", ", Tags.Where(_ => dice.Next(3) == 0).Select(tag => $"\"{tag}\""))}]'",
        _ when column.Type.Kind == SqlTypeKind.Set => dice.Next(8).ToString(),
        PhysicalKind.Int64 => dice.Next(-1, 6).ToString(),
        PhysicalKind.Decimal => $"{dice.Next(4)}.5",
        PhysicalKind.Bytes => Texts[dice.Next(Texts.Length)],
        _ => "NULL",
    };

    /// <summary>A text that does not pack well, longer than a body may be.</summary>
    private string LongText()
    {
        StringBuilder text = new("'");
        for (int length = dice.Next(2_000, 14_000); length > 0; length--)
            text.Append((char)('0' + dice.Next(64)));
        return text.Replace('\\', '/').Append('\'').ToString();
    }

    private string Place(string column) => dice.Next(3) switch { 0 => " FIRST", 1 => $" AFTER {column}", _ => "" };

    private static string Part(ColumnSchema column) =>
        column.Type.Kind == SqlTypeKind.MediumText ? $"`{column.Name}`(3)" : $"`{column.Name}`";

    private TableSchema? Choose(SimulatedNode node)
    {
        using StoreSnapshot snapshot = node.Database!.Store.BeginRead();
        TableSchema[] tables = [.. node.SchemaOf(snapshot)?.Tables.Where(table => table.Columns.Length > 0) ?? []];
        return tables.Length == 0 ? null : tables[dice.Next(tables.Length)];
    }
}
