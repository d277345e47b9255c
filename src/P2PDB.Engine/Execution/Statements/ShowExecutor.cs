using System.Text;
using P2PDB.Engine.Execution.Accounts;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>SHOW and DESCRIBE: rows made up for the session, narrowed by LIKE on the first column or by WHERE.</summary>
internal static class ShowExecutor
{
    /// <summary>SHOW.</summary>
    public static StatementResult Show(StatementContext context, ShowStatement statement, ResultSink sink)
    {
        VirtualRows rows = Rows(context, statement, out RelationColumn[] columns);
        rows = Narrow(context, statement, columns, rows);
        return RowsAnswer.Send(context, sink, columns, rows);
    }

    /// <summary>DESCRIBE.</summary>
    public static StatementResult Describe(StatementContext context, DescribeStatement statement, ResultSink sink) =>
        Show(context, new ShowStatement(ShowKind.Columns)
        {
            Name = statement.Table,
            Like = statement.Column is null ? null : Encoding.UTF8.GetBytes(statement.Column),
        }, sink);

    private static VirtualRows Rows(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        switch (statement.Kind)
        {
            case ShowKind.Databases:
                columns = [Columns.Text("Database", 64)];
                VirtualRows names = new(1);
                foreach (string name in VirtualTables.SchemasFor(context))
                    names.Add(name);
                foreach (string name in context.Node.Transactions.Databases.Keys)
                {
                    if (context.Session.Rights.Sees(name))
                        names.Add(name);
                }

                names.SortByText(0);
                return names;
            case ShowKind.Tables or ShowKind.OpenTables:
                return ShowTables.Tables(context, statement, out columns);
            case ShowKind.TableStatus:
                return ShowTables.Status(context, statement, out columns);
            case ShowKind.Columns:
                return ShowTables.ColumnRows(context, statement, out columns);
            case ShowKind.Indexes:
                return ShowTables.Indexes(context, statement, out columns);
            case ShowKind.CreateView:
                return ShowViews.CreateView(context, statement, isViewWanted: true, out columns);
            case ShowKind.CreateTable:
                return ShowTables.CreateTable(context, statement, out columns);
            case ShowKind.CreateDatabase:
                columns = [Columns.Text("Database", 64), Columns.Text("Create Database", 1024)];
                string shown = statement.Name?.Name ?? statement.Schema ?? context.SchemaOrChosen(null);
                if (!VirtualTables.IsSchema(shown))
                    context.DatabaseOf(shown, out _);
                VirtualRows one = new(2);
                one.Add(shown, $"CREATE DATABASE `{shown}` /*!40100 DEFAULT CHARACTER SET {Collation.Default.Charset} COLLATE {Collation.Default.Name} */ /*!80016 DEFAULT ENCRYPTION='N' */");
                return one;
            case ShowKind.Variables:
                return Variables(context, statement, out columns);
            case ShowKind.Status:
                columns = [Columns.Text("Variable_name", 64), Columns.Text("Value", 1024)];
                return StatusVariables.Read(context.Session, statement.Scope == VariableScope.Global);
            case ShowKind.Warnings or ShowKind.Errors or ShowKind.WarningCount or ShowKind.ErrorCount:
                return Conditions(context, statement, out columns);
            case ShowKind.Engines:
                return Copy(context, "ENGINES", "Engine Support Comment Transactions XA Savepoints", out columns);
            case ShowKind.CharacterSets:
                columns = [Columns.Text("Charset"), Columns.Text("Description"), Columns.Text("Default collation"), Columns.Integer("Maxlen")];
                VirtualRows source = Listed(context, "CHARACTER_SETS");
                VirtualRows charsets = new(4);
                for (int i = 0; i < source.Count; i++)
                    charsets.Add(source[i, 0], source[i, 2], source[i, 1], source[i, 3]);
                return charsets;
            case ShowKind.Collations:
                columns = [Columns.Text("Collation"), Columns.Text("Charset"), Columns.Integer("Id"), Columns.Text("Default"), Columns.Text("Compiled"), Columns.Integer("Sortlen"), Columns.Text("Pad_attribute")];
                return Listed(context, "COLLATIONS");
            case ShowKind.ProcessList:
                columns = [Columns.Unsigned("Id"), Columns.Text("User"), Columns.Text("Host"), Columns.Text("db"), Columns.Text("Command"), Columns.Integer("Time"), Columns.Text("State"), Columns.LongText("Info")];
                return Listed(context, "PROCESSLIST");
            case ShowKind.Grants:
                return ShowAccounts.Grants(context, statement, out columns);
            case ShowKind.CreateUser:
                return ShowAccounts.CreateUser(context, statement, out columns);
            case ShowKind.Privileges:
                return ShowAccounts.Privileges(out columns);
            default:
                return Empty(statement.Kind, out columns);
        }
    }

    private static VirtualRows Empty(ShowKind kind, out RelationColumn[] columns)
    {
        string names = kind switch
        {
            ShowKind.Triggers => "Trigger Event Table Statement Timing Created sql_mode Definer character_set_client collation_connection Database_Collation",
            ShowKind.Events => "Db Name Definer Time_zone Type Execute_at Interval_value Interval_field Starts Ends Status Originator character_set_client collation_connection Database_Collation",
            ShowKind.ProcedureStatus or ShowKind.FunctionStatus => "Db Name Type Definer Modified Created Security_type Comment character_set_client collation_connection Database_Collation",
            ShowKind.Plugins => "Name Status Type Library License",
            ShowKind.Profiles => "Query_ID Duration Query",
            ShowKind.BinaryLogs => "Log_name File_size Encrypted",
            ShowKind.BinaryLogStatus => "File Position Binlog_Do_DB Binlog_Ignore_DB Executed_Gtid_Set",
            ShowKind.ReplicaStatus or ShowKind.Replicas => "Server_Id Host Port Source_Id Replica_UUID",
            ShowKind.EngineStatus or ShowKind.EngineMutex or ShowKind.EngineLogs => "Type Name Status",
            _ => throw SqlErrors.NotSupportedYet("SHOW " + kind).ToException(),
        };
        columns = Array.ConvertAll(names.Split(' '), name => Columns.Text(name));
        return new VirtualRows(columns.Length);
    }

    private static VirtualRows Copy(StatementContext context, string table, string names, out RelationColumn[] columns)
    {
        columns = Array.ConvertAll(names.Split(' '), name => Columns.Text(name));
        return Listed(context, table);
    }

    private static VirtualRows Listed(StatementContext context, string table) =>
        ((ListedTable)context.Node.VirtualTables.Find("information_schema", table)!).Read(context);

    private static VirtualRows Variables(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        columns = [Columns.Text("Variable_name", 64), Columns.Text("Value", 1024)];
        bool isGlobal = statement.Scope == VariableScope.Global;
        VirtualRows rows = new(2);
        foreach (SystemVariable variable in SystemVariables.All)
        {
            if (!isGlobal || variable.HasGlobal)
                rows.Add(variable.Name, VariableValues.Text(context.Session, variable, isGlobal) ?? "");
        }

        return rows;
    }

    private static VirtualRows Conditions(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        bool onlyErrors = statement.Kind is ShowKind.Errors or ShowKind.ErrorCount;
        VirtualRows rows = new(3);
        foreach (SqlError condition in context.Session.Conditions)
        {
            if (!onlyErrors || condition.Level == SqlErrorLevel.Error)
                rows.Add(condition.Level.ToString(), condition.Code, condition.Message);
        }

        if (statement.Kind is ShowKind.Warnings or ShowKind.Errors)
        {
            columns = [Columns.Text("Level", 7), Columns.Integer("Code"), Columns.Text("Message", 512)];
            return rows;
        }

        columns = [Columns.Integer(onlyErrors ? "@@session.error_count" : "@@session.warning_count")];
        VirtualRows count = new(1);
        count.Add(rows.Count);
        return count;
    }

    /// <summary>The rows that LIKE or WHERE leave.</summary>
    private static VirtualRows Narrow(StatementContext context, ShowStatement statement, RelationColumn[] columns, VirtualRows rows)
    {
        if (statement.Like is null && statement.Where is null)
            return rows;
        var block = new QueryBlock(null);
        var relation = new Relation(null, "", columns);
        block.Add(relation);
        var types = new SqlType[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            types[i] = columns[i].Type;
            block.Slot(relation, i);
        }

        var binder = new ExpressionBinder(block, Compiler.Context(context)) { Clause = "where clause" };
        ExpressionNode condition = statement.Where
            ?? new LikeNode(new ColumnNode(null, null, columns[0].Name), new StringLiteral(statement.Like!), null, false);
        var filter = new RowFilter([binder.Bind(condition)]);
        var batch = new RowBatch(types, 1);
        var kept = new VirtualRows(columns.Length);
        for (int row = 0; row < rows.Count; row++)
        {
            batch.Reset();
            batch.RowCount = 1;
            object?[] values = new object?[columns.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                values[i] = rows[row, i];
                VirtualRows.Write(context.Evaluation, values[i], batch.Column(i), 0);
            }

            if (filter.Narrow(context.Evaluation, batch))
                kept.Add(values);
        }

        return kept;
    }
}
