using System.Buffers.Binary;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>CHECKSUM, CHECK, ANALYZE, OPTIMIZE and REPAIR TABLE, each with what it really did.</summary>
internal static class MaintenanceExecutor
{
    /// <summary>Runs the verb on each table.</summary>
    public static StatementResult Maintain(StatementContext context, TableMaintenanceStatement statement, ResultSink sink)
    {
        bool isChecksum = statement.Verb == TableMaintenance.Checksum;
        RelationColumn[] columns = isChecksum
            ? [Columns.Text("Table"), Columns.Unsigned("Checksum")]
            : [Columns.Text("Table"), Columns.Text("Op"), Columns.Text("Msg_type"), Columns.Text("Msg_text")];
        var rows = new VirtualRows(columns.Length);
        foreach (ObjectName name in statement.Tables)
        {
            string schema = context.SchemaOrChosen(name.Schema);
            string shown = $"{schema}.{name.Name}";
            DatabaseSchema? database = context.Node.Transactions.Databases.ContainsKey(schema) ? context.DatabaseOf(schema, out _) : null;
            TableSchema? table = database?.FindTable(name.Name);
            if (isChecksum)
            {
                if (table is null)
                    context.Evaluation.Warn(SqlErrors.NoSuchTable(schema, name.Name));
                rows.Add(shown, table is null ? null : Checksum(context, table));
                continue;
            }

            string verb = statement.Verb.ToString().ToLowerInvariant();
            if (database?.FindView(name.Name) is { } view)
            {
                AddView(context, statement.Verb, rows, verb, schema, view);
                continue;
            }

            if (table is null)
            {
                rows.Add(shown, verb, "Error", SqlErrors.NoSuchTable(schema, name.Name).Message);
                rows.Add(shown, verb, "status", "Operation failed");
                continue;
            }

            if (statement.Verb == TableMaintenance.Check)
                Checksum(context, table);
            if (statement.Verb == TableMaintenance.Analyze)
                context.Node.Statistics.Renew(context.NewestView().Snapshot, table);
            if (statement.Verb is TableMaintenance.Repair)
                rows.Add(shown, verb, "note", "The storage engine for the table doesn't support repair");
            else
                rows.Add(shown, verb, "status", "OK");
        }

        return RowsAnswer.Send(context, sink, columns, rows);
    }

    /// <summary>A view is checked by binding it; the other verbs are for tables.</summary>
    private static void AddView(
        StatementContext context, TableMaintenance kind, VirtualRows rows, string verb, string schema, ViewSchema view)
    {
        string shown = $"{schema}.{view.Name}";
        if (kind != TableMaintenance.Check)
        {
            rows.Add(shown, verb, "Error", SqlErrors.WrongObject(schema, view.Name, "BASE TABLE").Message);
            rows.Add(shown, verb, "status", "Operation failed");
            return;
        }

        bool isValid = ViewColumns.OrWarning(context, schema, view).Count > 0;
        if (!isValid)
            rows.Add(shown, verb, "Error", SqlErrors.ViewInvalid(schema, view.Name).Message);
        rows.Add(shown, verb, isValid ? "status" : "error", isValid ? "OK" : "Corrupt");
    }

    /// <summary>A sum over all visible rows that does not depend on their order, equal where the rows are.</summary>
    private static long Checksum(StatementContext context, TableSchema table)
    {
        ReadView view = context.ViewFor(Planning.Nodes.ScanLock.None);
        var row = new TableRow(table);
        ulong sum = 0;
        using var rows = new TableWalk(context, view, table);
        while (rows.TryNext(out RowView stored))
        {
            row.Load(stored);
            row.Encode();
            sum += BinaryPrimitives.ReadUInt32LittleEndian(Blake3.Hash(row.Image).AsSpan());
        }

        return (long)(sum & uint.MaxValue);
    }
}
