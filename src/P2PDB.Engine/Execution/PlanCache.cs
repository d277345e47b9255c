using P2PDB.Engine.Catalog;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Transactions;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution;

/// <summary>
/// A session's plans by the text of their statement. A plan is good as long as the node's catalogs, the names of databases, the
/// chosen database and the session's settings are what they were when it was made.
/// </summary>
internal sealed class PlanCache
{
    private const int PlanCountMax = 256;
    private const int TextLengthMax = 4096;

    private readonly Dictionary<ulong, Kept> _plans = [];

    private sealed record Kept(
        byte[] Text, CompiledStatement Plan, NodeSchema Schema, IReadOnlyDictionary<string, Hash256> Names, string? Chosen, int Settings);

    /// <summary>True where a statement may come again and its plan depends on nothing but catalog and settings.</summary>
    public static bool IsWorthKeeping(Statement statement, ReadOnlySpan<byte> text)
    {
        if (text.Length > TextLengthMax)
            return false;
        return statement switch
        {
            // Variables are bound as what they are when a plan is made.
            SelectStatement s => s.Query is { Into: null, Body: SelectBody { From.Length: > 0 } } && !text.Contains((byte)'@'),
            InsertStatement { Rows.Length: 1 } or UpdateStatement or DeleteStatement => !text.Contains((byte)'@'),
            _ => false,
        };
    }

    /// <summary>The plan of a text, or null where there is none that is still good.</summary>
    public CompiledStatement? Find(ReadOnlySpan<byte> text, StatementContext context)
    {
        if (text.Length > TextLengthMax || !_plans.TryGetValue(KeyLocks.NameOf(1, text), out Kept? kept))
            return null;
        SessionState session = context.Session;
        return kept.Text.AsSpan().SequenceEqual(text)
            && ReferenceEquals(kept.Schema, context.Node.Transactions.CurrentSchema)
            && ReferenceEquals(kept.Names, context.Node.Transactions.Databases)
            && kept.Chosen == session.Schema && kept.Settings == session.Variables.Version
            ? kept.Plan
            : null;
    }

    /// <summary>Keeps a plan.</summary>
    public void Add(byte[] text, CompiledStatement plan, StatementContext context)
    {
        if (_plans.Count >= PlanCountMax)
            _plans.Clear();
        _plans[KeyLocks.NameOf(1, text)] = new Kept(
            text, plan, context.Node.Transactions.CurrentSchema, context.Node.Transactions.Databases, context.Session.Schema,
            context.Session.Variables.Version);
    }
}
