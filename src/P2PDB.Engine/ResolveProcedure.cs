using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary><c>CALL p2pdb.resolve</c>: chooses the value of a column that keeps all concurrent ones.</summary>
internal static class ResolveProcedure
{
    private const string Name = "p2pdb.resolve";
    private const int KeyPartCountMax = 16;

    /// <summary>Adds the procedure to those of the node.</summary>
    public static void Register(NodeContext node) =>
        node.Procedures.Add(new BuiltInProcedure("resolve", 4, 3 + KeyPartCountMax, [], Run));

    private static List<object?[]> Run(SessionState session, string?[] arguments)
    {
        if (arguments[0] is not { } table || arguments[1] is not { } column)
            throw SqlErrors.WrongArguments(Name).ToException();
        var context = new StatementContext(session);
        NamedRow row = NamedRow.Lock(context, table, column, arguments.AsSpan(3));
        if (row.Column.Merge != MergePolicy.MultiValue)
            throw SqlErrors.UnknownError($"{Name}: column '{row.Column.Name}' does not keep several values").ToException();
        using var changes = new RowChanges(row.Database, row.Table);
        if (!Change(context, row, changes, arguments[2]))
            changes.Confirm(session.Transaction, row.Row.Key, row.Row.Image, row.Row.HasRegisters, row.Column.Id);
        return [];
    }

    /// <summary>Gives the column another value as UPDATE does; false where it has it.</summary>
    private static bool Change(StatementContext context, NamedRow row, RowChanges changes, string? value)
    {
        BindingContext binding = Compiler.Context(context);
        int[] assigned = [row.Column.Ordinal];
        var update = new RowUpdate(
            row.Table, changes, new ColumnDefaults(row.Table, binding), ForeignKeys.Of(context, row.Schema, row.Table),
            RowChecks.Of(binding, row.Schema, row.Table, assigned), assigned);
        update.Load(context, row.Row.Key);
        byte[] text = Encoding.UTF8.GetBytes(value ?? "");
        ColumnVector given = context.Evaluation.Rent(SqlType.VarChar(text.Length));
        if (value is null)
            given.SetNull(0);
        else
            given.SetBytes(0, text);
        update.Assign(context.Evaluation, row.Column.Ordinal, given, 0);
        context.Evaluation.Return();
        return update.Write(context, isIgnore: false);
    }
}
