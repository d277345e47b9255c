using P2PDB.Engine.Accounts;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>What planning one statement needs to know of the session and the node.</summary>
internal sealed record BindingContext
{
    /// <summary>Finds tables by name.</summary>
    public required TableResolver Tables { get; init; }

    /// <summary>Makes the expression that runs a subquery.</summary>
    public required Func<SubqueryRequest, Expression> MakeSubquery { get; init; }

    /// <summary>Evaluates constants while planning, and knows the session's variables.</summary>
    public required EvaluationContext Evaluation { get; init; }

    /// <summary>Evaluates conditions over samples: a context of its own, so that estimates leave no warnings in the statement's.</summary>
    public required EvaluationContext Estimation { get; init; }

    /// <summary>Whose privileges decide about the tables that are named: the session's, or inside of a view its definer's.</summary>
    public Rights Rights { get; init; } = Rights.Unlimited;

    /// <summary>The privileges of who asks, also inside of views.</summary>
    public Rights Asker { get; init; } = Rights.Unlimited;

    /// <summary>True for EXPLAIN, which shows what lies below views: who asks needs privileges there too.</summary>
    public bool IsExplained { get; init; }

    /// <summary>The chosen database, or null.</summary>
    public string? Schema { get; init; }

    /// <summary>Collation of string literals.</summary>
    public Collation LiteralCollation { get; init; } = Collation.Default;

    /// <summary>Types of the parameters; what lies past the end is a text.</summary>
    public SqlType[] ParameterTypes { get; init; } = [];

    /// <summary>Values of the parameters that are known while planning: the plan must be right for others too, and is chosen for these.</summary>
    public SqlValue[] ParameterValues { get; init; } = [];

    /// <summary>
    /// For a statement planned by its fingerprint: the parameter that stands in for the literal at a byte offset, or null
    /// where the literal stays itself. The planner asks only for literals whose value does not shape the plan.
    /// </summary>
    public Func<int, int>? LiftedLiteral { get; init; }

    /// <summary>Takes note of what names mean, for CREATE VIEW; else null.</summary>
    public ResolvedNames? Names { get; init; }

    /// <summary>The view whose query is being bound, or null for the statement's own.</summary>
    public ViewExpansion? View { get; init; }

    /// <summary>The scans of tables that were planned, those of subqueries too.</summary>
    public List<PlannedScan> Scans { get; } = [];

    /// <summary>The columns of enclosing rows that subqueries were bound to, as they were met.</summary>
    public List<OuterColumnExpression> OuterColumns { get; } = [];

    /// <summary>The session's sql_mode.</summary>
    public SqlMode Mode => Evaluation.Mode;

    /// <summary>True where ONLY_FULL_GROUP_BY is set.</summary>
    public bool RequiresFullGroupBy => (Mode & SqlMode.OnlyFullGroupBy) != 0;

    /// <summary>
    /// Whose privileges decide about a name in a database. A view's definer speaks for the view's own database alone: definitions come from
    /// peers too, and what they name elsewhere is for who asks.
    /// </summary>
    public Rights RightsIn(string schema) =>
        View is { } view && !schema.Equals(view.Schema, StringComparison.OrdinalIgnoreCase) ? Asker : Rights;
}
