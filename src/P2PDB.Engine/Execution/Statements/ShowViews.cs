using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Definitions;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>What SHOW says about views alone.</summary>
internal static class ShowViews
{
    /// <summary>SHOW CREATE VIEW, and SHOW CREATE TABLE of a view.</summary>
    public static VirtualRows CreateView(StatementContext context, ShowStatement statement, bool isViewWanted, out RelationColumn[] columns)
    {
        columns =
        [
            Columns.Text("View", 64), Columns.LongText("Create View"), Columns.Text("character_set_client", 32),
            Columns.Text("collation_connection", 32),
        ];
        string schema = context.SchemaOrChosen(statement.Name!.Schema);
        DatabaseSchema database = context.DatabaseOf(schema, out _);
        if (database.FindView(statement.Name.Name) is not { } view)
        {
            throw (isViewWanted && database.FindTable(statement.Name.Name) is not null
                ? SqlErrors.WrongObject(schema, statement.Name.Name, "VIEW")
                : SqlErrors.NoSuchTable(schema, statement.Name.Name)).ToException();
        }

        VirtualRows rows = new(columns.Length);
        rows.Add(view.Name, ViewText.Create(view, schema, context.Session.Schema), view.Definition.CharacterSet, view.Definition.Collation);
        foreach (ShownColumn _ in ViewColumns.OrWarning(context, schema, view))
            break; // a view that is invalid by now is shown with a warning
        return rows;
    }
}
