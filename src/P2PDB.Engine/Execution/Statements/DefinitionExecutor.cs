using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Definitions;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using ForeignKeyDefinition = P2PDB.Engine.Catalog.Definitions.ForeignKeyDefinition;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>CREATE, DROP, RENAME and TRUNCATE of tables and indexes: operations of the log, committed by themselves.</summary>
internal static class DefinitionExecutor
{
    /// <summary>CREATE TABLE.</summary>
    public static StatementResult CreateTable(StatementContext context, StatementRunner runner, CreateTableStatement statement, ResultSink sink)
    {
        string schema = Writable(context, statement.Name.Schema);
        DatabaseSchema database = context.DatabaseOf(schema, out Hash256 id);
        if (statement.IsTemporary)
            throw SqlErrors.NotSupportedYet("temporary tables").ToException();
        DefinitionLimits.CheckTableName(statement.Name.Name);
        if (database.FindName(statement.Name.Name) is { } existing)
        {
            SqlError error = SqlErrors.TableExists(existing);
            if (!statement.IfNotExists)
                throw error.ToException();
            context.Evaluation.Diagnostics.Add(error.AsNote());
            return StatementResult.Done;
        }

        (string Name, ColumnShape Shape)[] selected = statement.Query is { } query ? SelectedTable.ColumnsOf(context, query) : [];
        var builder = new TableBuilder(context, statement.Name.Name) { Selected = selected };
        TableDefinition table = builder.Build(statement, schema, database, id);
        using var payload = new ByteWriter();
        DefinitionWriter.WriteCreateTable(payload, table);
        context.Transaction.Define(id, DefinitionKind.CreateTable, payload.Written);
        foreach (ForeignKeyDefinition key in builder.ForeignKeys)
        {
            payload.Clear();
            ConstraintCodec.WriteCreateForeignKey(payload, table.Id, key);
            context.Transaction.Define(id, DefinitionKind.CreateForeignKey, payload.Written);
        }

        DefineChecks(context, id, table.Id, builder.Checks);
        return statement.Query is null
            ? StatementResult.Done
            : SelectedTable.Fill(context, runner, statement, (id, table.Id), selected, sink);
    }

    /// <summary>CREATE TABLE … LIKE.</summary>
    public static StatementResult CreateTableLike(StatementContext context, CreateTableLikeStatement statement)
    {
        string schema = Writable(context, statement.Name.Schema);
        DatabaseSchema database = context.DatabaseOf(schema, out Hash256 id);
        TableSchema source = context.TableOf(statement.Source.Schema, statement.Source.Name, out _);
        DefinitionLimits.CheckTableName(statement.Name.Name);
        if (database.FindName(statement.Name.Name) is not null)
        {
            SqlError error = SqlErrors.TableExists(statement.Name.Name);
            if (!statement.IfNotExists)
                throw error.ToException();
            context.Evaluation.Diagnostics.Add(error.AsNote());
            return StatementResult.Done;
        }

        using var payload = new ByteWriter();
        TableDefinition copy = TableCopy.Like(context, source, statement.Name.Name, database, id);
        DefinitionWriter.WriteCreateTable(payload, copy);
        context.Transaction.Define(id, DefinitionKind.CreateTable, payload.Written);
        DefineChecks(context, id, copy.Id, TableCopy.ChecksLike(source, copy));
        return StatementResult.Done;
    }

    /// <summary>Logs CHECK constraints of a table.</summary>
    public static void DefineChecks(StatementContext context, Hash256 database, TableId table, IEnumerable<CheckDefinition> checks)
    {
        using var payload = new ByteWriter();
        foreach (CheckDefinition check in checks)
        {
            payload.Clear();
            ConstraintCodec.WriteCreateCheck(payload, table, check);
            context.Transaction.Define(database, DefinitionKind.CreateCheck, payload.Written);
        }
    }

    /// <summary>DROP TABLE.</summary>
    public static StatementResult DropTable(StatementContext context, DropTableStatement statement)
    {
        List<string> unknown = [];
        List<(Hash256 Database, TableId Table)> tables = [];
        foreach (ObjectName name in statement.Names)
        {
            string schema = Writable(context, name.Schema);
            bool isKnown = context.Node.Transactions.Databases.ContainsKey(schema);
            Hash256 id = default;
            TableSchema? table = isKnown ? context.DatabaseOf(schema, out id).FindTable(name.Name) : null;
            if (table is null)
                unknown.Add($"{schema}.{name.Name}");
            else
                tables.Add((id, table.Id));
        }

        if (unknown.Count > 0)
        {
            SqlError error = SqlErrors.UnknownTable(string.Join(',', unknown));
            if (!statement.IfExists)
                throw error.ToException();
            foreach (string name in unknown)
                context.Evaluation.Diagnostics.Add(SqlErrors.UnknownTable(name).AsNote());
        }

        foreach ((Hash256 database, TableId table) in tables)
            CheckIsNoParent(context, database, table, tables);
        using var payload = new ByteWriter();
        foreach ((Hash256 database, TableId table) in tables)
        {
            payload.Clear();
            DefinitionWriter.WriteTable(payload, table);
            context.Transaction.Define(database, DefinitionKind.DropTable, payload.Written);
        }

        return StatementResult.Done;
    }

    /// <summary>TRUNCATE TABLE.</summary>
    public static StatementResult Truncate(StatementContext context, TruncateTableStatement statement)
    {
        string schema = Writable(context, statement.Name.Schema);
        DatabaseSchema tables = context.DatabaseOf(schema, out Hash256 database);
        TableSchema table = tables.FindTable(statement.Name.Name) ?? throw SqlErrors.NoSuchTable(schema, statement.Name.Name).ToException();
        if (table.IsAppend)
            throw MergeErrors.RowsStay().ToException();
        foreach (ForeignKeySchema link in tables.ForeignKeysTo(table.Id))
        {
            if (!link.IsToItself && context.Session.ChecksForeignKeys)
                throw ConstraintErrors.CannotTruncate($"`{schema}`.`{link.Child.Name}`, CONSTRAINT `{link.Name}`").ToException();
        }

        using var payload = new ByteWriter();
        DefinitionWriter.WriteTable(payload, table.Id);
        context.Transaction.Define(database, DefinitionKind.Truncate, payload.Written);
        return StatementResult.Done;
    }

    /// <summary>RENAME TABLE, of views too.</summary>
    public static StatementResult RenameTable(StatementContext context, RenameTableStatement statement)
    {
        using var payload = new ByteWriter();
        // Names that this statement itself takes and frees: RENAME a TO tmp, b TO a, tmp TO b.
        Dictionary<string, TableId?> renamed = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<Hash256, Dictionary<TableId, string>> names = [];
        foreach (TableRename rename in statement.Renames)
        {
            string schema = Writable(context, rename.From.Schema);
            string target = context.SchemaOrChosen(rename.To.Schema);
            if (!schema.Equals(target, StringComparison.OrdinalIgnoreCase))
                throw SqlErrors.NotSupportedYet("RENAME TABLE to another database").ToException();
            DatabaseSchema database = context.DatabaseOf(schema, out Hash256 id);
            TableId table = IdOf(database, renamed, rename.From.Name)
                ?? throw SqlErrors.NoSuchTable(schema, rename.From.Name).ToException();
            if (IdOf(database, renamed, rename.To.Name) is { } there && there != table)
                throw SqlErrors.TableExists(rename.To.Name).ToException();
            DefinitionLimits.CheckTableName(rename.To.Name);
            payload.Clear();
            DefinitionWriter.WriteName(payload, table, rename.To.Name);
            context.Transaction.Define(id, DefinitionKind.RenameTable, payload.Written);
            renamed[rename.From.Name] = null;
            renamed[rename.To.Name] = table;
            if (!names.TryGetValue(id, out Dictionary<TableId, string>? own))
                names.Add(id, own = []);
            own[table] = rename.To.Name;
        }

        foreach ((Hash256 id, Dictionary<TableId, string> own) in names)
            ConstraintRenames.OfTables(context, id, context.Node.Transactions.CurrentSchema.Find(id)!, own);
        return StatementResult.Done;
    }

    /// <summary>Error 3730 for a table that another one references, unless that one is dropped too.</summary>
    private static void CheckIsNoParent(
        StatementContext context, Hash256 database, TableId table, List<(Hash256 Database, TableId Table)> dropped)
    {
        if (!context.Session.ChecksForeignKeys)
            return;
        foreach (ForeignKeySchema link in context.Node.Transactions.CurrentSchema.Find(database)!.ForeignKeysTo(table))
        {
            if (!dropped.Contains((database, link.Child.Id)))
                throw ConstraintErrors.CannotDropParent(link.ParentName, link.Name, link.Child.Name).ToException();
        }
    }

    private static TableId? IdOf(DatabaseSchema database, Dictionary<string, TableId?> renamed, string name) =>
        renamed.TryGetValue(name, out TableId? known) ? known : database.FindId(name);

    /// <summary>CREATE INDEX.</summary>
    public static StatementResult CreateIndex(StatementContext context, CreateIndexStatement statement)
    {
        var alter = new AlterTableStatement(statement.Table, [new AddElementAction(statement.Index)]);
        return AlterExecutor.Alter(context, alter);
    }

    /// <summary>DROP INDEX.</summary>
    public static StatementResult DropIndex(StatementContext context, DropIndexStatement statement)
    {
        DroppedElement kind = statement.Name.Equals("PRIMARY", StringComparison.OrdinalIgnoreCase)
            ? DroppedElement.PrimaryKey : DroppedElement.Index;
        var alter = new AlterTableStatement(statement.Table, [new DropElementAction(kind, statement.Name)]);
        return AlterExecutor.Alter(context, alter);
    }

    /// <summary>The schema that is meant, where tables may be made; error 1044 for those that the node makes up.</summary>
    public static string Writable(StatementContext context, string? schema)
    {
        string chosen = context.SchemaOrChosen(schema);
        return VirtualTables.IsSchema(chosen)
            ? throw SqlErrors.DatabaseAccessDenied(context.Session.User, context.Session.Host, chosen).ToException()
            : chosen;
    }
}
