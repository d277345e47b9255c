using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>What a view looks like from outside, found out by binding it.</summary>
internal static class ViewColumns
{
    /// <summary>All views with the local names of their databases, by name.</summary>
    public static List<(string Schema, ViewSchema View)> AllViews(StatementContext context)
    {
        NodeSchema node = context.Node.Transactions.CurrentSchema;
        List<(string Schema, ViewSchema View)> all = [];
        foreach ((string name, Hash256 id) in context.Node.Transactions.Databases)
        {
            foreach (ViewSchema view in node.Find(id)?.Views ?? [])
            {
                if (context.Session.Rights.SeesTable(name, view.Name))
                    all.Add((name, view));
            }
        }

        all.Sort(static (left, right) =>
        {
            int order = string.CompareOrdinal(left.Schema, right.Schema);
            return order != 0 ? order : string.CompareOrdinal(left.View.Name, right.View.Name);
        });
        return all;
    }

    /// <summary>The columns of a view; error 1356 where it reads what is no longer there.</summary>
    public static List<ShownColumn> Of(StatementContext context, string schema, ViewSchema view)
    {
        List<ShownColumn> columns = [];
        foreach (RelationColumn column in Bind(context, schema, view).Columns)
            columns.Add(new ShownColumn(column.Name, column.Type, column.IsNullable, DefaultOf(context, column)));
        return columns;
    }

    /// <summary>The same, but a warning and no columns for an invalid view.</summary>
    public static List<ShownColumn> OrWarning(StatementContext context, string schema, ViewSchema view)
    {
        try
        {
            return Of(context, schema, view);
        }
        catch (SqlException exception) when (exception.Error.Code is 1356 or 1462 or 1473)
        {
            context.Evaluation.Warn(exception.Error);
            return [];
        }
    }

    /// <summary>True where rows can be written through a view.</summary>
    public static bool IsUpdatable(StatementContext context, string schema, ViewSchema view)
    {
        try
        {
            return ViewBinder.IsUpdatable(Outline(context), schema, view);
        }
        catch (SqlException exception) when (exception.Error.Code is 1356 or 1462 or 1473)
        {
            context.Evaluation.Warn(exception.Error);
            return false;
        }
    }

    private static PlannedQuery Bind(StatementContext context, string schema, ViewSchema view)
    {
        SelectItem[] star = [new SelectItem(null, null, null, null)];
        var all = new SelectBody(SelectOptions.None, star) { From = [new NamedTable(new ObjectName(schema, view.Name), null)] };
        return new QueryPlanner(Outline(context)).Plan(new Query(null, all), null);
    }

    /// <summary>Finds out columns alone: no row is read, and who may see the view may see what it looks like.</summary>
    private static BindingContext Outline(StatementContext context) =>
        Compiler.Context(context) with { Rights = Rights.Unlimited, Asker = Rights.Unlimited };

    /// <summary>The default of the table's column that a view's column is.</summary>
    private static string? DefaultOf(StatementContext context, RelationColumn column)
    {
        if (column.OriginalTable.Length == 0 || !context.Node.Transactions.Databases.ContainsKey(column.OriginalSchema))
            return null;
        TableSchema? table = context.DatabaseOf(column.OriginalSchema, out _).FindTable(column.OriginalTable);
        int ordinal = table?.OrdinalOf(column.OriginalName) ?? -1;
        return ordinal < 0 ? null : InformationSchema.DefaultText(table!.Columns[ordinal]);
    }
}
