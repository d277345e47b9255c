using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>
/// The query of CREATE TABLE … SELECT. The table is committed before its rows, which are a transaction of their own; where they cannot be
/// written the table is dropped again.
/// </summary>
internal static class SelectedTable
{
    /// <summary>The columns that the query gives.</summary>
    public static (string Name, ColumnShape Shape)[] ColumnsOf(StatementContext context, Query query)
    {
        SqlType[] parameters = Array.ConvertAll(context.Evaluation.Parameters, static value => value.Type);
        return SelectedColumns.Of(context, new QueryPlanner(Compiler.Context(context, parameters)).Plan(query, null));
    }

    /// <summary>Commits the table that was defined, and fills it.</summary>
    public static StatementResult Fill(
        StatementContext context, StatementRunner runner, CreateTableStatement statement, (Hash256 Database, TableId Id) table,
        (string Name, ColumnShape Shape)[] columns, ResultSink sink)
    {
        runner.Commit(context.Transaction);
        try
        {
            var insert = new InsertStatement(statement.Name)
            {
                IsIgnore = statement.IsIgnore,
                IsReplace = statement.IsReplace,
                Columns = Array.ConvertAll(columns, static column => new ColumnNode(null, null, column.Name)),
                Query = statement.Query,
            };
            context.Begin(readsNewest: true);
            SqlType[] parameters = Array.ConvertAll(context.Evaluation.Parameters, static value => value.Type);
            StatementResult result = runner.Compile(insert, parameters, parameterValues: context.Evaluation.Parameters).Execute(context, sink);
            runner.Commit(context.Transaction);
            return result;
        }
        catch (Exception failure) when (failure is SqlException or IOException or CorruptionException)
        {
            try
            {
                Drop(context, runner, table);
            }
            catch (SqlException)
            {
                // The first failure is the one to tell; the table stays, empty.
            }

            throw;
        }
    }

    private static void Drop(StatementContext context, StatementRunner runner, (Hash256 Database, TableId Id) table)
    {
        context.Transaction.Rollback();
        using var payload = new ByteWriter();
        DefinitionWriter.WriteTable(payload, table.Id);
        context.Transaction.Define(table.Database, DefinitionKind.DropTable, payload.Written);
        runner.Commit(context.Transaction);
    }
}
