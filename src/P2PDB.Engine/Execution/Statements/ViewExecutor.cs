using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>CREATE, ALTER and DROP VIEW: operations of the log, committed by themselves.</summary>
internal static class ViewExecutor
{
    /// <summary>CREATE [OR REPLACE] VIEW and ALTER VIEW.</summary>
    public static StatementResult Create(StatementContext context, CreateViewStatement statement)
    {
        string schema = DefinitionExecutor.Writable(context, statement.Name.Schema);
        string name = statement.Name.Name;
        DatabaseSchema database = context.DatabaseOf(schema, out Hash256 id);
        DefinitionLimits.CheckTableName(name);
        ViewSchema? known = Known(database, schema, statement);
        if (statement.Query.Into is not null)
            throw SqlErrors.ViewClause("INTO").ToException();

        ViewDefinition view = Identified(known, database, id, name);
        (string text, string[] columns) = Bind(context, statement, schema, view.Id);
        AccountKey own = context.Session.Account;
        AccountName definer = statement.Definer is { IsCurrentUser: false } given ? given : new AccountName(own.User, own.Host);
        view = view with
        {
            IsReplacement = known is not null,
            IsInvoker = statement.IsInvoker,
            HasColumnList = statement.Columns.Length > 0,
            Algorithm = Enum.Parse<ViewAlgorithm>(statement.Algorithm ?? "UNDEFINED", ignoreCase: true),
            Check = Enum.Parse<ViewCheck>(statement.CheckOption ?? "NONE", ignoreCase: true),
            DefinerUser = definer.User,
            DefinerHost = definer.Host ?? "%",
            CharacterSet = context.Session.Variables.Get("character_set_client") ?? "",
            Collation = context.Session.Variables.Get("collation_connection") ?? "",
            Columns = [.. columns],
            Query = text,
        };
        view = Checked(context, schema, new ViewSchema(view.Id, name, view));
        using var payload = new ByteWriter();
        DefinitionWriter.WriteCreateView(payload, view);
        context.Transaction.Define(id, DefinitionKind.CreateView, payload.Written);
        return StatementResult.Done;
    }

    /// <summary>DROP VIEW: all of them or, where one is missing or a table, none.</summary>
    public static StatementResult Drop(StatementContext context, DropViewStatement statement)
    {
        List<SqlError> unknown = [];
        List<string> names = [];
        List<(Hash256 Database, TableId View)> views = [];
        foreach (ObjectName name in statement.Names)
        {
            string schema = DefinitionExecutor.Writable(context, name.Schema);
            bool isKnown = context.Node.Transactions.Databases.ContainsKey(schema);
            Hash256 id = default;
            DatabaseSchema? database = isKnown ? context.DatabaseOf(schema, out id) : null;
            if (database?.FindTable(name.Name) is not null)
                throw SqlErrors.WrongObject(schema, name.Name, "VIEW").ToException();
            if (database?.FindView(name.Name) is { } view)
            {
                views.Add((id, view.Id));
                continue;
            }

            names.Add($"{schema}.{name.Name}");
            unknown.Add(SqlErrors.UnknownTable(names[^1]));
        }

        if (unknown.Count > 0 && !statement.IfExists)
            throw SqlErrors.UnknownTable(string.Join(',', names)).ToException();
        foreach (SqlError error in unknown)
            context.Evaluation.Diagnostics.Add(error.AsNote());
        using var payload = new ByteWriter();
        foreach ((Hash256 database, TableId view) in views)
        {
            payload.Clear();
            DefinitionWriter.WriteTable(payload, view);
            context.Transaction.Define(database, DefinitionKind.DropTable, payload.Written);
        }

        return StatementResult.Done;
    }

    /// <summary>The view that is replaced, or null for a new one.</summary>
    private static ViewSchema? Known(DatabaseSchema database, string schema, CreateViewStatement statement)
    {
        string name = statement.Name.Name;
        ViewSchema? known = database.FindView(name);
        bool isReplaced = statement.IsAlter || statement.IsReplace;
        if (database.FindTable(name) is { } table)
            throw (isReplaced ? SqlErrors.WrongObject(schema, name, "VIEW") : SqlErrors.TableExists(table.Name)).ToException();
        if (known is null && statement.IsAlter)
            throw SqlErrors.NoSuchTable(schema, name).ToException();
        if (known is not null && !isReplaced)
            throw SqlErrors.TableExists(known.Name).ToException();
        return known;
    }

    private static ViewDefinition Identified(ViewSchema? known, DatabaseSchema database, Hash256 id, string name)
    {
        if (known is not null)
            return known.Definition;
        uint generation = 0;
        TableId view = CatalogIds.ViewIdOf(id, name, generation);
        while (database.IsKnown(view))
            view = CatalogIds.ViewIdOf(id, name, ++generation);
        return new ViewDefinition { Id = view, Name = name, Generation = generation, Columns = [], Query = "" };
    }

    /// <summary>Binds the query in the session's database and prints it as it is to be kept.</summary>
    private static (string Text, string[] Columns) Bind(
        StatementContext context, CreateViewStatement statement, string schema, TableId view)
    {
        var names = new ResolvedNames();
        var expansion = new ViewExpansion(schema, statement.Name.Name, view.Value, null);
        BindingContext binding = Compiler.Context(context) with { Names = names, View = expansion };
        PlannedQuery planned = new QueryPlanner(binding).Plan(statement.Query, null);
        string[] columns = ViewNames.Settle(statement, planned, names);
        var text = new SqlText(names) { ElidedSchema = schema };
        try
        {
            QueryPrinter.Print(text, statement.Query);
        }
        catch (NotSupportedException exception)
        {
            throw SqlErrors.NotSupportedYet($"{exception.Message} in a view").ToException();
        }

        return (text.ToString(), columns);
    }

    /// <summary>
    /// The definition as it can be kept: what was printed must mean a view again, an algorithm that it cannot have is left to the
    /// engine, and a check needs a view that can be written to.
    /// </summary>
    private static ViewDefinition Checked(StatementContext context, string schema, ViewSchema view)
    {
        ViewDefinition definition = view.Definition;
        BindingContext binding = Compiler.Context(context);
        if (definition.Algorithm == ViewAlgorithm.Merge && !ViewBinder.IsMergeable(view, ViewBinder.Parse(view, schema)))
        {
            context.Evaluation.Warn(SqlErrors.ViewMergeImpossible());
            definition = definition with { Algorithm = ViewAlgorithm.Undefined };
            view = view with { Definition = definition };
        }

        if (new ViewBinder(new QueryBlock(null), binding, schema, view).Plan().Columns.Length != definition.Columns.Length)
            throw SqlErrors.ViewInvalid(schema, view.Name).ToException();
        if (definition.Check != ViewCheck.None && !ViewBinder.IsUpdatable(binding, schema, view))
            throw SqlErrors.ViewCheckImpossible(schema, view.Name).ToException();
        return definition;
    }
}
