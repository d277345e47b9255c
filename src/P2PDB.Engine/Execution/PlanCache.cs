using P2PDB.Engine.Catalog;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution;

/// <summary>
/// A session's plans by the text of their statement with its literals lifted out. A plan is good as long as the node's catalogs, the
/// names of databases, the chosen database, the session's privileges and settings are what they were when it was made, and the data about as much.
/// </summary>
internal sealed class PlanCache
{
    private const int PlanCountMax = 256;

    private readonly Dictionary<UInt128, Kept> _plans = [];

    private sealed record Kept(
        byte[] Key, CompiledStatement Plan, NodeSchema Schema, IReadOnlyDictionary<string, Hash256> Names, string? Chosen, int Settings);

    /// <summary>True where a statement may come again and its plan depends on nothing but catalog and settings.</summary>
    public static bool IsWorthKeeping(Statement statement, LiftedLiterals literals) => !literals.NamesVariable && statement switch
    {
        SelectStatement s => s.Query is { Into: null, Body: SelectBody { From.Length: > 0 } },
        InsertStatement { Rows.Length: 1 } or UpdateStatement or DeleteStatement => true,
        _ => false,
    };

    /// <summary>The plan for a statement, or null where there is none that is still good.</summary>
    public CompiledStatement? Find(LiftedLiterals literals, StatementContext context)
    {
        if (!_plans.TryGetValue(literals.Hash, out Kept? kept))
            return null;
        SessionState session = context.Session;
        return literals.Key.SequenceEqual(kept.Key)
            && ReferenceEquals(kept.Schema, context.Node.Transactions.CurrentSchema)
            && ReferenceEquals(kept.Names, context.Node.Transactions.Databases)
            && ReferenceEquals(kept.Plan.Rights, session.Rights)
            && kept.Chosen == session.Schema && kept.Settings == session.Variables.Version && kept.Plan.IsWorthKeeping(context)
            ? kept.Plan
            : null;
    }

    /// <summary>Keeps a plan.</summary>
    public void Add(LiftedLiterals literals, CompiledStatement plan, StatementContext context)
    {
        if (_plans.Count >= PlanCountMax)
            _plans.Clear();
        _plans[literals.Hash] = new Kept(
            literals.Key.ToArray(), plan, context.Node.Transactions.CurrentSchema, context.Node.Transactions.Databases,
            context.Session.Schema, context.Session.Variables.Version);
    }
}
