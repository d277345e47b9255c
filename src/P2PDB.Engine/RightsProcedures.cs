using System.Text;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Log;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine;

/// <summary><c>CALL p2pdb.pass_rights</c> and <c>CALL p2pdb.take_rights</c>: who may take how much from a counter with a least value.</summary>
internal sealed class RightsProcedures(NodeContext node, NodeLog log)
{
    private const int KeyPartCountMax = 16;

    /// <summary>Adds the procedures to those of the node.</summary>
    public void Register()
    {
        node.Procedures.Add(new BuiltInProcedure("pass_rights", 5, 4 + KeyPartCountMax, [], Pass));
        node.Procedures.Add(new BuiltInProcedure("take_rights", 4, 3 + KeyPartCountMax, [BuiltInProcedure.Text("amount")], Take));
    }

    private List<object?[]> Pass(SessionState session, string?[] arguments)
    {
        NamedRow row = Lock(session, "p2pdb.pass_rights", arguments, keyStart: 4);
        PublicKey author = MemberOf(row, "p2pdb.pass_rights", arguments[2]).Author.Key;
        if (author == OwnAuthor(row))
            throw SqlErrors.UnknownError("p2pdb.pass_rights: the author is this node's own").ToException();
        byte[] text = Encoding.UTF8.GetBytes(arguments[3] ?? "");
        bool isNumber = SqlDecimal.TryParse(text, out SqlDecimal amount, out int consumed) == DecimalParseStatus.Parsed && consumed == text.Length;
        if (!isNumber || amount.IsNegative || amount.IsZero || !amount.TryFitTo(SqlDecimal.PrecisionMax, ScaleOf(row), out SqlDecimal fitted)
            || fitted.CompareTo(amount) != 0)
        {
            throw SqlErrors.UnknownError("p2pdb.pass_rights: the amount is no number above 0 that the column can have").ToException();
        }

        Change(session, row, spending => spending.Pass(author, ExactNumber.From(fitted)));
        return [];
    }

    private List<object?[]> Take(SessionState session, string?[] arguments)
    {
        NamedRow row = Lock(session, "p2pdb.take_rights", arguments, keyStart: 3);
        AccessMember member = MemberOf(row, "p2pdb.take_rights", arguments[2]);
        PublicKey own = OwnAuthor(row);
        if (member.Author.Key == own || LogOf(row).Access.Find(new AuthorKey(own))?.NodeKey != member.NodeKey)
            throw SqlErrors.UnknownError("p2pdb.take_rights: the author is no earlier one of this node").ToException();
        ExactNumber taken = default;
        Change(session, row, spending => taken = spending.Take(member.Author.Key));
        return [[taken.ToString()]];
    }

    private static NamedRow Lock(SessionState session, string name, string?[] arguments, int keyStart)
    {
        if (arguments[0] is not { } table || arguments[1] is not { } column)
            throw SqlErrors.WrongArguments(name).ToException();
        NamedRow row = NamedRow.Lock(new StatementContext(session), table, column, arguments.AsSpan(keyStart));
        if (row.Column.Merge != Catalog.MergePolicy.BoundedCounter)
            throw SqlErrors.UnknownError($"{name}: column '{row.Column.Name}' is no counter with \"min\"").ToException();
        return row;
    }

    private static void Change(SessionState session, NamedRow row, Action<CounterSpending> change)
    {
        using var changes = new RowChanges(row.Database, row.Table);
        if (!changes.ChangeRights(session.Transaction, row.Row.Key, row.Row.Image, row.Column.Ordinal, change))
            throw MergeErrors.CounterRightsMissing(row.Column.Name, "0").ToException();
    }

    private AccessMember MemberOf(NamedRow row, string name, string? author) =>
        PublicKey.TryParse(author, out PublicKey key) && LogOf(row).Access.Find(new AuthorKey(key)) is { } member
            ? member
            : throw SqlErrors.UnknownError($"{name}: the author is no member of the database (p2pdb.authors)").ToException();

    private PublicKey OwnAuthor(NamedRow row) => LogOf(row).OwnAuthor.Key;

    private DatabaseLog LogOf(NamedRow row) => log.Find(new DatabaseId(row.Database))!;

    private static int ScaleOf(NamedRow row) => row.Column.Type.Kind == SqlTypeKind.Decimal ? row.Column.Type.Scale : 0;
}
