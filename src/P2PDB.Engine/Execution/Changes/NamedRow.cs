using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>One column of one row that a procedure of the node names by texts: its table, its name, and the values of the primary key.</summary>
internal sealed class NamedRow
{
    private NamedRow(string schema, TableSchema table, Hash256 database, ColumnSchema column)
    {
        Schema = schema;
        Table = table;
        Database = database;
        Column = column;
        Row = new TableRow(table);
    }

    /// <summary>The name of the database on this node.</summary>
    public string Schema { get; }

    /// <summary>The table.</summary>
    public TableSchema Table { get; }

    /// <summary>Its database.</summary>
    public Hash256 Database { get; }

    /// <summary>The column.</summary>
    public ColumnSchema Column { get; }

    /// <summary>The row in its newest version, encoded, with its key.</summary>
    public TableRow Row { get; }

    /// <summary>
    /// Finds the row and locks it, for a session whose transaction may write. Errors as those of an UPDATE; 1032 where there is no such row.
    /// </summary>
    public static NamedRow Lock(StatementContext context, string table, string column, ReadOnlySpan<string?> key)
    {
        BeginToWrite(context.Session);
        int dot = table.IndexOf('.', StringComparison.Ordinal);
        string schema = context.SchemaOrChosen(dot < 0 ? null : table[..dot]);
        TableSchema found = context.TableOf(schema, table[(dot + 1)..], out Hash256 database);
        int ordinal = found.OrdinalOf(column);
        if (ordinal < 0)
            throw SqlErrors.UnknownColumn(column, found.Name).ToException();
        var named = new NamedRow(schema, found, database, found.Columns[ordinal]);
        named.Load(context, key);
        return named;
    }

    private static void BeginToWrite(SessionState session)
    {
        Transaction transaction = session.Transaction;
        if (transaction.HasStaleWrites)
            throw DirectErrors.TableChanged.ToException();
        if (!transaction.IsOpen && !session.IsAutoCommit)
            session.BeginTransaction();
        if (transaction.IsOpen ? transaction.IsReadOnly : !session.BeginLone())
            throw SqlErrors.ReadOnlyTransaction().ToException();
    }

    private void Load(StatementContext context, ReadOnlySpan<string?> key)
    {
        Row.SetKey(Encode(context.Evaluation, key));
        context.LockRow(Table, Row.Key, LockMode.Exclusive);
        ReadView view = context.NewestView();
        if (!view.TryGetRow(Table, Row.Key, out RowView found))
            throw MergeErrors.RowNotFound(Table.Name).ToException();
        Row.Load(found);
        Row.HasRegisters = view.FoundRegisters;
        Row.CheckMayChange();
        Row.Encode();
    }

    private byte[] Encode(EvaluationContext evaluation, ReadOnlySpan<string?> key)
    {
        IndexSchema primary = Table.PrimaryKey ?? throw SqlErrors.UnknownError($"Table '{Table.Name}' has no primary key").ToException();
        if (key.Length != primary.Parts.Length)
            throw SqlErrors.UnknownError($"The primary key of table '{Table.Name}' has {primary.Parts.Length} columns").ToException();
        evaluation.IsStrictWrite = true;
        evaluation.RowNumber = 1;
        using var encoded = new ByteWriter();
        for (int i = 0; i < key.Length; i++)
        {
            ColumnSchema column = Table.Columns[primary.Parts[i].Ordinal];
            byte[] text = Encoding.UTF8.GetBytes(key[i] ?? throw MergeErrors.RowNotFound(Table.Name).ToException());
            ColumnVector given = evaluation.Rent(SqlType.VarChar(text.Length));
            ColumnVector value = evaluation.Rent(column.Type);
            given.SetBytes(0, text);
            new ColumnAssignment(column.Type, column.Name, isNullable: false).Assign(evaluation, given, 0, value, 0);
            IndexKeys.Append(encoded, value, 0, primary.Parts[i].PrefixLength);
            evaluation.Return();
            evaluation.Return();
        }

        return encoded.Written.ToArray();
    }
}
