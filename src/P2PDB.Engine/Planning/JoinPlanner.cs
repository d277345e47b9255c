using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

// JOIN ORDER
//
// Greedy: begin with the part that gives the fewest rows by itself, then take again and again the part that, joined to what
// is there, gives the fewest rows: a key look-up before a hash join before all pairs. A condition goes to the first step
// that has all relations it reads; conditions with subqueries, and those that read no row, go on top. An outer join is
// one part: what the WHERE clause says about its kept side goes into that side, what it says about the other stays above.

/// <summary>Orders the joins of a block and places its conditions.</summary>
internal sealed class JoinPlanner(QueryBlock block, ExpressionBinder binder, BindingContext context)
{
    private const double PairSelectivity = 0.1;

    private readonly List<(PlanNode Node, Relation Relation)> _leaves = [];
    private readonly List<(JoinNode Node, ulong Left, ulong Right)> _joins = [];
    private OrderWish? _wish;
    private bool _hasLimit;

    /// <summary>True where the rows come in the order that was wished for.</summary>
    public bool IsOrderMet { get; private set; }

    /// <summary>Plans the FROM clause under the conditions of WHERE.</summary>
    public PlanNode Plan(FromGroup group, List<ExpressionNode> where, OrderWish? wish, bool hasLimit)
    {
        _wish = wish is not null && group.Items.Count == 1 && group.Items[0] is FromLeaf ? wish : null;
        _hasLimit = hasLimit;
        List<Conjunct> conjuncts = [];
        Analyse(where, "where clause", conjuncts);
        PlanNode root = PlanGroup(group, conjuncts);
        return FilterRest(root, conjuncts);
    }

    /// <summary>Tells every scan which columns to read: call once everything in the block is bound.</summary>
    public void Seal()
    {
        foreach ((PlanNode node, Relation relation) in _leaves)
        {
            List<int> columns = [];
            List<int> slots = [];
            for (int i = 0; i < relation.Slots.Length; i++)
            {
                if (relation.Slots[i] < 0)
                    continue;
                columns.Add(i);
                slots.Add(relation.Slots[i]);
            }

            switch (node)
            {
                case ScanNode scan:
                    (scan.Columns, scan.Slots) = ([.. columns], [.. slots]);
                    break;
                case VirtualScanNode scan:
                    (scan.Columns, scan.Slots) = ([.. columns], [.. slots]);
                    break;
                case DerivedNode derived:
                    (derived.Columns, derived.Slots) = ([.. columns], [.. slots]);
                    break;
                default:
                    break;
            }
        }

        foreach ((JoinNode node, ulong left, ulong right) in _joins)
        {
            node.LeftSlots = SlotsOf(left);
            node.RightSlots = SlotsOf(right);
        }
    }

    /// <summary>The scan of a relation, once planned; null where it is not a table.</summary>
    public ScanNode? ScanOf(Relation relation)
    {
        foreach ((PlanNode node, Relation known) in _leaves)
        {
            if (known == relation)
                return node as ScanNode;
        }

        return null;
    }

    /// <summary>Makes every scan of a table lock its rows, where <paramref name="names"/> is empty or has its name.</summary>
    public void LockRows(ScanLock mode, string[] names)
    {
        foreach ((PlanNode node, Relation relation) in _leaves)
        {
            bool isNamed = names.Length == 0
                || Array.Exists(names, name => name.Equals((relation.HiddenBy ?? relation).Name, StringComparison.OrdinalIgnoreCase));
            if (node is not ScanNode scan || !isNamed)
                continue;
            scan.Lock = mode;
            scan.KeySlot = block.Shape.Add(SqlType.VarBinary(3072));
        }
    }

    private int[] SlotsOf(ulong relations)
    {
        List<int> slots = [];
        foreach ((PlanNode node, Relation relation) in _leaves)
        {
            if ((relations >> relation.Position & 1) == 0)
                continue;
            foreach (int slot in relation.Slots)
            {
                if (slot >= 0)
                    slots.Add(slot);
            }

            if (node is ScanNode { KeySlot: >= 0 } scan)
                slots.Add(scan.KeySlot);
        }

        return [.. slots];
    }

    /// <summary>Adds conditions with the relations that each reads.</summary>
    private void Analyse(List<ExpressionNode> conditions, string clause, List<Conjunct> target)
    {
        foreach (ExpressionNode condition in conditions)
        {
            ulong relations = 0;
            bool hasSubquery = false;
            Collect(condition, clause, ref relations, ref hasSubquery);
            target.Add(new Conjunct(condition, relations, hasSubquery));
        }
    }

    private void Collect(ExpressionNode node, string clause, ref ulong relations, ref bool hasSubquery)
    {
        if (node is ColumnNode column)
        {
            ColumnBinding binding = block.Resolve(column, clause);
            if (binding.Depth == 0 && binding.Expression is { } merged)
                Collect(merged, clause, ref relations, ref hasSubquery);
            else if (binding.Depth == 0)
                relations |= binding.Relation.Positions;
            return;
        }

        hasSubquery |= AstWalker.QueryOf(node) is not null;
        ulong found = 0;
        bool foundSubquery = false;
        AstWalker.VisitParts(node, part => Collect(part, clause, ref found, ref foundSubquery));
        relations |= found;
        hasSubquery |= foundSubquery;
    }

    private PlanNode FilterRest(PlanNode root, List<Conjunct> conjuncts)
    {
        List<Expression> rest = [];
        binder.Clause = "where clause";
        foreach (Conjunct conjunct in conjuncts)
        {
            if (!conjunct.IsPlaced)
                rest.Add(binder.BindCondition(conjunct.Node));
            conjunct.IsPlaced = true;
        }

        return rest.Count == 0 ? root : new FilterNode(root, [.. rest]) { Rows = Math.Max(1, root.Rows / 2) };
    }

    private PlanNode PlanGroup(FromGroup group, List<Conjunct> outside)
    {
        List<Conjunct> conjuncts = [];
        Analyse(group.Conditions, "on clause", conjuncts);
        conjuncts.AddRange(outside);

        List<FromItem> remaining = [.. group.Items];
        PlanNode? root = null;
        ulong have = 0;
        while (remaining.Count > 0)
        {
            int best = 0;
            Candidate chosen = Consider(remaining[0], have, root, conjuncts);
            for (int i = 1; i < remaining.Count && !group.IsOrdered; i++)
            {
                Candidate candidate = Consider(remaining[i], have, root, conjuncts);
                if (candidate.Cost < chosen.Cost)
                    (best, chosen) = (i, candidate);
            }

            FromItem item = remaining[best];
            remaining.RemoveAt(best);
            root = root is null
                ? PlanItem(item, 0, conjuncts)
                : Join(root, have, item, chosen, conjuncts);
            have |= item.Relations;
        }

        // ON conditions that no step could take (they have subqueries) filter the group.
        List<Conjunct> own = conjuncts[..(conjuncts.Count - outside.Count)];
        return FilterRest(root!, own);
    }

    private readonly record struct Candidate(double Cost, double Rows, AccessPath? Lookup);

    private Candidate Consider(FromItem item, ulong have, PlanNode? root, List<Conjunct> conjuncts)
    {
        if (item is FromLeaf leaf)
        {
            AccessChoice alone = Choose(leaf, 0, conjuncts);
            if (root is null)
                return new Candidate(alone.Cost, alone.Rows, null);
            AccessChoice lookup = Choose(leaf, have, conjuncts);
            if (lookup.UsesOthers && lookup.Rows * root.Rows < Math.Max(alone.Rows, 1) * 4 + (root.Rows * 2))
                return new Candidate(root.Rows * lookup.Cost, root.Rows * lookup.Rows, lookup.Path);
            return HasEqualKeys(item.Relations, have, conjuncts)
                ? new Candidate(alone.Cost + root.Rows + 1, Math.Max(root.Rows, alone.Rows), null)
                : new Candidate((root.Rows * Math.Max(1, alone.Rows) * 2) + alone.Cost + 1000, root.Rows * alone.Rows, null);
        }

        double rows = EstimateItem(item);
        if (root is null)
            return new Candidate(rows, rows, null);
        return HasEqualKeys(item.Relations, have, conjuncts)
            ? new Candidate(rows + root.Rows + 1, Math.Max(root.Rows, rows), null)
            : new Candidate((root.Rows * rows * 2) + 1000, root.Rows * rows, null);
    }

    private double EstimateItem(FromItem item) => item switch
    {
        FromLeaf { Table: { } table } => context.Tables.EstimateRows(table),
        FromLeaf { Query: { } query } => query.Rows,
        FromOuterJoin join => EstimateItem(join.Left),
        FromGroup group => group.Items.Count == 0 ? 1 : EstimateItem(group.Items[0]),
        _ => 100,
    };

    private AccessChoice Choose(FromLeaf leaf, ulong have, List<Conjunct> conjuncts)
    {
        if (leaf.Table is null)
        {
            double rows = EstimateItem(leaf);
            return new AccessChoice(AccessPath.Full, rows, rows, false, false);
        }

        var chooser = new AccessPathChooser(leaf, block, binder, context);
        return chooser.Choose(conjuncts, have, have == 0 ? _wish : null, _hasLimit);
    }

    private static bool HasEqualKeys(ulong item, ulong have, List<Conjunct> conjuncts)
    {
        foreach (Conjunct conjunct in conjuncts)
        {
            if (!conjunct.IsPlaced && !conjunct.HasSubquery && (conjunct.Relations & item) != 0
                && (conjunct.Relations & have) != 0 && (conjunct.Relations & ~(item | have)) == 0
                && conjunct.Node is BinaryNode { Operator: BinaryOperator.Equal })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Plans one part by itself, with the conditions that concern it alone.</summary>
    private PlanNode PlanItem(FromItem item, ulong have, List<Conjunct> conjuncts) => item switch
    {
        FromLeaf leaf => PlanLeaf(leaf, Choose(leaf, have, conjuncts), conjuncts),
        FromOuterJoin join => PlanOuterJoin(join, conjuncts),
        FromGroup group => PlanGroup(group, []),
        _ => throw new InvalidOperationException("Unknown part of a FROM clause."),
    };

    private PlanNode PlanLeaf(FromLeaf leaf, AccessChoice choice, List<Conjunct> conjuncts)
    {
        if (choice.MeetsOrder)
            IsOrderMet = true;
        Expression[] filters = TakeFilters(leaf.Relations, conjuncts);
        PlanNode node;
        if (leaf.Table is { } table)
        {
            node = new ScanNode(table, block.Shape)
            {
                Alias = leaf.Relation.Name,
                Path = choice.Path,
                Filters = filters,
                Rows = choice.Rows,
            };
        }
        else if (leaf.Virtual is { } made)
        {
            node = new VirtualScanNode(made, block.Shape) { Alias = leaf.Relation.Name, Filters = filters, Rows = 100 };
        }
        else
        {
            node = new DerivedNode(leaf.Query!, block.Shape)
            {
                Alias = leaf.Relation.Name,
                Filters = filters,
                Rows = leaf.Query!.Rows,
            };
        }

        _leaves.Add((node, leaf.Relation));
        return node;
    }

    /// <summary>Takes the conditions that read <paramref name="relations"/> and nothing else, and something of them.</summary>
    private Expression[] TakeFilters(ulong relations, List<Conjunct> conjuncts)
    {
        List<Expression> filters = [];
        foreach (Conjunct conjunct in conjuncts)
        {
            if (conjunct.IsPlaced || conjunct.HasSubquery || conjunct.Relations == 0 || (conjunct.Relations & ~relations) != 0)
                continue;
            conjunct.IsPlaced = true;
            binder.Clause = "where clause";
            filters.Add(binder.BindCondition(conjunct.Node));
        }

        return [.. filters];
    }

    private JoinNode Join(PlanNode left, ulong have, FromItem item, Candidate candidate, List<Conjunct> conjuncts)
    {
        ulong both = have | item.Relations;
        if (candidate.Lookup is { } path)
        {
            var leaf = (FromLeaf)item;
            AccessChoice choice = new(path, candidate.Rows, candidate.Rows, true, false);
            PlanNode scan = PlanLeaf(leaf, choice, conjuncts);
            return AddJoin(new JoinNode(left, scan, block.Shape)
            {
                IsLookup = true,
                Conditions = TakeFilters(both, conjuncts),
                Rows = candidate.Rows,
            }, have, item.Relations);
        }

        PlanNode right = PlanItem(item, 0, conjuncts);
        (Expression[] leftKeys, Expression[] rightKeys) = TakeKeys(have, item.Relations, conjuncts);
        Expression[] conditions = TakeFilters(both, conjuncts);
        double rows = leftKeys.Length > 0
            ? Math.Max(left.Rows, right.Rows)
            : Math.Max(1, left.Rows * right.Rows * (conditions.Length > 0 ? PairSelectivity : 1));
        return AddJoin(new JoinNode(left, right, block.Shape)
        {
            LeftKeys = leftKeys,
            RightKeys = rightKeys,
            Conditions = conditions,
            Rows = rows,
        }, have, item.Relations);
    }

    private JoinNode AddJoin(JoinNode node, ulong left, ulong right)
    {
        _joins.Add((node, left, right));
        return node;
    }

    /// <summary>Takes the equalities between both sides as hash keys, where keys can tell what the comparison would.</summary>
    private (Expression[] Left, Expression[] Right) TakeKeys(ulong left, ulong right, List<Conjunct> conjuncts)
    {
        List<Expression> leftKeys = [];
        List<Expression> rightKeys = [];
        foreach (Conjunct conjunct in conjuncts)
        {
            if (conjunct.IsPlaced || conjunct.HasSubquery
                || conjunct.Node is not BinaryNode { Operator: BinaryOperator.Equal } equal)
            {
                continue;
            }

            ulong leftReads = RelationsOf(equal.Left);
            ulong rightReads = RelationsOf(equal.Right);
            (ExpressionNode ofLeft, ExpressionNode ofRight) = (equal.Left, equal.Right);
            if (leftReads != 0 && rightReads != 0 && (leftReads & ~right) == 0 && (rightReads & ~left) == 0)
                (ofLeft, ofRight) = (equal.Right, equal.Left);
            else if (leftReads == 0 || rightReads == 0 || (leftReads & ~left) != 0 || (rightReads & ~right) != 0)
                continue;

            Expression leftKey = binder.Bind(ofLeft);
            Expression rightKey = binder.Bind(ofRight);
            if (!JoinKey.TryAlign(ref leftKey, ref rightKey))
                continue;
            conjunct.IsPlaced = true;
            leftKeys.Add(leftKey);
            rightKeys.Add(rightKey);
        }

        return ([.. leftKeys], [.. rightKeys]);
    }

    private ulong RelationsOf(ExpressionNode node)
    {
        ulong relations = 0;
        bool hasSubquery = false;
        Collect(node, "where clause", ref relations, ref hasSubquery);
        return hasSubquery ? 0 : relations;
    }

    private JoinNode PlanOuterJoin(FromOuterJoin join, List<Conjunct> outside)
    {
        ulong leftRelations = join.Left.Relations;
        ulong rightRelations = join.Right.Relations;

        // Of the conditions outside only those about the kept side may go below the join.
        List<Conjunct> forLeft = [];
        foreach (Conjunct conjunct in outside)
        {
            if (!conjunct.IsPlaced && !conjunct.HasSubquery && conjunct.Relations != 0
                && (conjunct.Relations & ~leftRelations) == 0)
            {
                forLeft.Add(conjunct);
            }
        }

        PlanNode left = PlanGroup(join.Left, forLeft);
        List<Conjunct> on = [];
        Analyse(join.Conditions, "on clause", on);

        if (join.Right.Items.Count == 1 && join.Right.Items[0] is FromLeaf leaf && leaf.Table is not null)
        {
            AccessChoice lookup = Choose(leaf, leftRelations, on);
            if (lookup.UsesOthers)
            {
                PlanNode scan = PlanLeaf(leaf, lookup, on);
                return AddJoin(new JoinNode(left, scan, block.Shape)
                {
                    IsLeftOuter = true,
                    IsLookup = true,
                    Conditions = TakeAll(on),
                    Rows = left.Rows * Math.Max(1, lookup.Rows),
                }, leftRelations, rightRelations);
            }
        }

        List<Conjunct> forRight = [];
        foreach (Conjunct conjunct in on)
        {
            if (!conjunct.HasSubquery && conjunct.Relations != 0 && (conjunct.Relations & ~rightRelations) == 0)
                forRight.Add(conjunct);
        }

        PlanNode right = PlanGroup(join.Right, forRight);
        (Expression[] leftKeys, Expression[] rightKeys) = TakeKeys(leftRelations, rightRelations, on);
        return AddJoin(new JoinNode(left, right, block.Shape)
        {
            IsLeftOuter = true,
            LeftKeys = leftKeys,
            RightKeys = rightKeys,
            Conditions = TakeAll(on),
            Rows = Math.Max(left.Rows, leftKeys.Length > 0 ? right.Rows : left.Rows * right.Rows),
        }, leftRelations, rightRelations);
    }

    private Expression[] TakeAll(List<Conjunct> conjuncts)
    {
        List<Expression> conditions = [];
        binder.Clause = "on clause";
        foreach (Conjunct conjunct in conjuncts)
        {
            if (conjunct.IsPlaced)
                continue;
            conjunct.IsPlaced = true;
            conditions.Add(binder.BindCondition(conjunct.Node));
        }

        return [.. conditions];
    }
}
