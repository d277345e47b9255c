using System.Linq;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Joins;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Statistics;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

// PLACING CONDITIONS
//
// A condition goes to the first step that has all relations it reads. What an OR over several relations says about one of them goes
// to that one too. A subquery that runs once is a condition like any other; one that runs for each row goes on top, as do
// conditions that read no row. An outer join is one part: what the WHERE clause says about its kept side goes into that side, what it
// says about the other stays above.
//
// A semi join only leaves rows out, so it may stand after any step that has the relations it reads: it stands where the fewest rows
// come to it.

/// <summary>Orders the joins of a block and places its conditions.</summary>
internal sealed class JoinPlanner(QueryBlock block, ExpressionBinder binder, BindingContext context)
{
    /// <summary>Rows thought to be read where LIMIT ends the reading.</summary>
    private const double RowsBeforeLimit = 100;

    private readonly Selectivity _selectivity = new(block, binder, context);
    private readonly List<(PlanNode Node, Relation Relation)> _leaves = [];
    private readonly List<(JoinNode Node, ulong Left, ulong Right)> _joins = [];
    private List<SemiJoin> _semiJoins = [];
    private OrderWish? _wish;
    private bool _hasLimit;

    /// <summary>True where the rows come in the order that was wished for.</summary>
    public bool IsOrderMet { get; private set; }

    /// <summary>Plans the FROM clause under the conditions of WHERE, those among them that are semi joins apart.</summary>
    public PlanNode Plan(FromGroup group, List<ExpressionNode> where, List<SemiJoin> semiJoins, OrderWish? wish, bool hasLimit)
    {
        _wish = wish is not null && group.Items.Count == 1 && group.Items[0] is FromLeaf ? wish : null;
        _hasLimit = hasLimit;
        List<Conjunct> conjuncts = [];
        Analyse(where, "where clause", conjuncts);
        foreach (SemiJoin join in semiJoins)
            Analyse(join);
        _semiJoins = semiJoins;
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
    public void LockRows(ScanLock mode, LockWait wait, string[] names)
    {
        foreach ((PlanNode node, Relation relation) in _leaves)
        {
            bool isNamed = names.Length == 0
                || Array.Exists(names, name => name.Equals((relation.HiddenBy ?? relation).Name, StringComparison.OrdinalIgnoreCase));
            if (node is not ScanNode scan || !isNamed)
                continue;
            if (mode == ScanLock.Exclusive)
                (relation.HiddenBy ?? relation).Guard?.RequireLock();
            scan.Lock = mode;
            scan.LockWait = wait;
            scan.KeySlot = block.Shape.Add(SqlType.VarBinary(3072));
        }
    }

    /// <summary>The slots that the scans of some relations fill, once everything in the block is bound.</summary>
    public int[] SlotsOf(ulong relations)
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
        foreach (ExpressionNode condition in conditions.SelectMany(condition => CommonFactors.Split(condition, block)))
        {
            ulong relations = 0;
            bool hasSubquery = false;
            Collect(condition, clause, ref relations, ref hasSubquery);
            var conjunct = new Conjunct(condition, relations, hasSubquery);
            if (hasSubquery)
                conjunct.IsLate = QueryExpression.IsInside(_selectivity.Bound(conjunct));
            target.Add(conjunct);
            AddImplied(conjunct, target);
        }
    }

    private void Analyse(SemiJoin join)
    {
        // What its joins say of rows is as good as a condition of its own, where a look-up can meet it.
        Analyse([.. join.Conditions, .. join.Inner.Conditions], "where clause", join.On);
        join.Inner.Conditions.Clear();
        foreach (Conjunct conjunct in join.On)
            join.Reads |= conjunct.Relations & ~join.Inner.Relations;
    }

    private void AddImplied(Conjunct condition, List<Conjunct> target)
    {
        foreach (ExpressionNode node in ImpliedConditions.Of(condition.Node, condition.Relations, RelationsOf))
        {
            var implied = new Conjunct(node, RelationsOf(node), HasSubquery: false);
            if (_selectivity.Bound(implied).IsRepeatable)
                target.Add(implied);
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
        foreach (Conjunct conjunct in conjuncts)
        {
            if (!conjunct.IsPlaced)
                rest.Add(_selectivity.Bound(conjunct));
            conjunct.IsPlaced = true;
        }

        return rest.Count == 0 ? root : new FilterNode(root, [.. rest]) { Rows = Math.Max(1, root.Rows / 2) };
    }

    private PlanNode PlanGroup(FromGroup group, List<Conjunct> outside)
    {
        List<Conjunct> conjuncts = [];
        Analyse(group.Conditions, "on clause", conjuncts);
        conjuncts.AddRange(outside);

        PlanNode? root = null;
        ulong have = 0;
        List<JoinStep> steps = OrderOf(group, conjuncts);
        for (int i = 0; i < steps.Count; i++)
        {
            JoinStep step = steps[i];
            root = root is null ? PlanItem(step.Item, conjuncts) : Join(root, have, step, conjuncts);
            have |= step.Item.Relations;
            if (!steps[(i + 1)..].Exists(later => later.Rows < step.Rows))
                root = SemiJoinAll(root, have);
        }

        // ON conditions that no step could take (they have subqueries) filter the group.
        List<Conjunct> own = conjuncts[..(conjuncts.Count - outside.Count)];
        return FilterRest(root!, own);
    }

    /// <summary>Adds the semi joins that read nothing but what is there.</summary>
    private PlanNode SemiJoinAll(PlanNode root, ulong have)
    {
        foreach (SemiJoin join in _semiJoins)
        {
            if (join.IsPlaced || (join.Reads & ~have) != 0)
                continue;
            join.IsPlaced = true;
            double rows = IsOrderMet && _hasLimit ? Math.Min(root.Rows, RowsBeforeLimit) : root.Rows;
            JoinResult result = join.IsNegated ? JoinResult.Unmatched : JoinResult.Matched;
            root = JoinPartners(root, have, join.Inner, join.On, result, rows);
        }

        return root;
    }

    private List<JoinStep> OrderOf(FromGroup group, List<Conjunct> conjuncts)
    {
        group.IsOrdered |= group.Items.Exists(static item => item is FromLeaf { Reads: not 0 });   // what it reads stands before it
        if (group.Items.Count == 1)
            return [new JoinStep(group.Items[0], JoinMethod.Pairs, default, 0)];
        return new JoinOrder(block, context, _selectivity, group, conjuncts, (leaf, have) => Choose(leaf, have, conjuncts)).Find();
    }

    private AccessChoice Choose(FromLeaf leaf, ulong have, List<Conjunct> conjuncts)
    {
        if (leaf.Table is null)
            return new AccessChoice(AccessPath.Full, RowsWithoutTable(leaf), RowsWithoutTable(leaf), false, false);
        var chooser = new AccessPathChooser(leaf, block, binder, context, _selectivity);
        return chooser.Choose(conjuncts, have, have == 0 ? _wish : null, _hasLimit);
    }

    /// <summary>Plans one part by itself, with the conditions that concern it alone.</summary>
    private PlanNode PlanItem(FromItem item, List<Conjunct> conjuncts) => item switch
    {
        FromLeaf { Reads: not 0 } => throw SqlErrors.NotSupportedYet("LATERAL over rows of another join").ToException(),
        FromLeaf leaf => PlanLeaf(leaf, Choose(leaf, 0, conjuncts), conjuncts),
        FromOuterJoin join => PlanOuterJoin(join, conjuncts),
        FromGroup group => PlanGroup(group, []),
        _ => throw new InvalidOperationException("Unknown part of a FROM clause."),
    };

    private PlanNode PlanLeaf(FromLeaf leaf, AccessChoice choice, List<Conjunct> conjuncts)
    {
        if (choice.MeetsOrder)
            IsOrderMet = true;
        double rows = choice.Path.IsPoint || choice.UsesOthers ? choice.Rows : Math.Min(choice.Rows, RowsOf(leaf, conjuncts));
        Expression[] filters = TakeFilters(leaf.Relations, conjuncts);
        PlanNode node;
        if (leaf.Table is { } table)
        {
            bool isCutShort = choice.MeetsOrder && _hasLimit;
            context.Scans.Add(new PlannedScan(table, isCutShort ? 0 : choice.Rows, choice.Path.Ranges.Length == 0 && !isCutShort));
            node = new ScanNode(table, block.Shape)
            {
                Alias = leaf.Relation.Name,
                Path = choice.Path,
                Filters = filters,
                PathRows = choice.Rows,
                Rows = rows,
            };
        }
        else if (leaf.Virtual is { } made)
        {
            node = new VirtualScanNode(made, block.Shape) { Alias = leaf.Relation.Name, Filters = filters, Rows = made.RowEstimate };
        }
        else
        {
            node = new DerivedNode(leaf.Query!, block.Shape)
            {
                Alias = leaf.Relation.Name,
                Filters = filters,
                IsKept = leaf.IsKept,
                Rows = rows,
            };
        }

        _leaves.Add((node, leaf.Relation));
        return node;
    }

    private static double RowsWithoutTable(FromLeaf leaf) => leaf.Query?.Rows ?? leaf.Virtual!.RowEstimate;

    /// <summary>Rows of a part that meet the conditions on it alone.</summary>
    private double RowsOf(FromLeaf leaf, List<Conjunct> conjuncts)
    {
        List<Conjunct> own = conjuncts.FindAll(condition => IsFilterOf(condition, leaf.Relations));
        double all = leaf.Table is { } table ? context.Tables.EstimateRows(table) : RowsWithoutTable(leaf);
        return own.Count == 0 ? all : all * _selectivity.Of(leaf, own);
    }

    private static bool IsFilterOf(Conjunct condition, ulong relations) =>
        !condition.IsPlaced && !condition.IsLate && condition.Relations != 0 && (condition.Relations & ~relations) == 0;

    /// <summary>Takes the conditions that read <paramref name="relations"/> and nothing else, and something of them.</summary>
    private Expression[] TakeFilters(ulong relations, List<Conjunct> conjuncts)
    {
        List<Expression> filters = [];
        int plainCount = 0;   // subqueries come after what needs none
        foreach (Conjunct conjunct in conjuncts)
        {
            if (!IsFilterOf(conjunct, relations))
                continue;
            conjunct.IsPlaced = true;
            filters.Insert(conjunct.HasSubquery ? filters.Count : plainCount++, _selectivity.Bound(conjunct));
        }

        return [.. filters];
    }

    private JoinNode Join(PlanNode former, ulong have, JoinStep step, List<Conjunct> conjuncts)
    {
        ulong both = have | step.Item.Relations;
        if (step.Method == JoinMethod.Lookup)
        {
            PlanNode scan = PlanLeaf((FromLeaf)step.Item, step.Choice, conjuncts);
            return AddJoin(new JoinNode(former, scan, block.Shape)
            {
                IsLookup = true,
                Conditions = TakeFilters(both, conjuncts),
                Rows = step.Rows,
            }, have, step.Item.Relations);
        }

        if (step.Item is FromLeaf { Reads: not 0 } lateral)
        {
            PlanNode each = PlanLateral(lateral, have, conjuncts);
            return AddJoin(new JoinNode(former, each, block.Shape)
            {
                Outer = block.Current,
                Conditions = TakeFilters(both, conjuncts),
                Rows = step.Rows,
            }, have, step.Item.Relations);
        }

        PlanNode item = PlanItem(step.Item, conjuncts);
        bool isFormerBuilt = step.Method == JoinMethod.HashOfFormer;
        (PlanNode left, PlanNode right) = isFormerBuilt ? (item, former) : (former, item);
        (ulong ofLeft, ulong ofRight) = isFormerBuilt ? (step.Item.Relations, have) : (have, step.Item.Relations);
        (Expression[] leftKeys, Expression[] rightKeys) = TakeKeys(ofLeft, ofRight, conjuncts);
        return AddJoin(new JoinNode(left, right, block.Shape)
        {
            LeftKeys = leftKeys,
            RightKeys = rightKeys,
            Conditions = TakeFilters(both, conjuncts),
            Rows = step.Rows,
        }, ofLeft, ofRight);
    }

    /// <summary>Plans a query that runs for each row of those before it; error 1235 where it reads others too.</summary>
    private PlanNode PlanLateral(FromLeaf leaf, ulong have, List<Conjunct> conjuncts) => (leaf.Reads & ~have) == 0
        ? PlanLeaf(leaf, Choose(leaf, 0, conjuncts), conjuncts)
        : throw SqlErrors.NotSupportedYet("LATERAL over rows of another join").ToException();

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

        // Of the conditions outside only those about the kept side may go below the join.
        List<Conjunct> forLeft = [];
        foreach (Conjunct conjunct in outside)
        {
            if (!conjunct.IsPlaced && !conjunct.IsLate && conjunct.Relations != 0
                && (conjunct.Relations & ~leftRelations) == 0)
            {
                forLeft.Add(conjunct);
            }
        }

        PlanNode left = PlanGroup(join.Left, forLeft);
        List<Conjunct> on = [];
        Analyse(join.Conditions, "on clause", on);
        return JoinPartners(left, leftRelations, join.Right, on, JoinResult.PairsAndUnmatched, left.Rows);
    }

    /// <summary>Joins rows with the partners that a group has for them, by an index of the group's one table or by a hash table of its rows.</summary>
    private JoinNode JoinPartners(
        PlanNode left, ulong leftRelations, FromGroup partners, List<Conjunct> on, JoinResult result, double leftRows)
    {
        bool givesPairs = result == JoinResult.PairsAndUnmatched;
        if (partners.Items is [FromLeaf { Reads: not 0 } lateral])
        {
            return AddJoin(new JoinNode(left, PlanLateral(lateral, leftRelations, []), block.Shape)
            {
                Result = result,
                Outer = block.Current,
                Conditions = TakeAll(on),
                Rows = left.Rows * Math.Max(1, RowsWithoutTable(lateral)),
            }, leftRelations, partners.Relations);
        }

        if (partners.Items.Count == 1 && partners.Items[0] is FromLeaf leaf && leaf.Table is not null)
        {
            AccessChoice lookup = Choose(leaf, leftRelations, on);
            AccessChoice alone = Choose(leaf, 0, on);
            bool isFirstRowEnough = !givesPairs && on.TrueForAll(condition =>
                lookup.Met.Contains(condition) || (condition.Relations & ~partners.Relations) == 0);
            double costOfLookup = isFirstRowEnough ? Math.Min(lookup.Cost, PlanCost.Seek + PlanCost.RowByIndex) : lookup.Cost;
            double costOfHash = alone.Cost + (alone.Rows * PlanCost.Build) + (leftRows * PlanCost.Probe);
            if (lookup.UsesOthers && (leftRows * costOfLookup < costOfHash || !on.Exists(IsHashable)))
            {
                // Rows that a semi join finds are never locked, so what their path says of them stays true.
                foreach (Conjunct condition in givesPairs ? [] : lookup.Met)
                    condition.IsPlaced = true;
                var scan = (ScanNode)PlanLeaf(leaf, lookup, on);
                scan.IsFirstRowEnough = isFirstRowEnough;
                return AddJoin(new JoinNode(left, scan, block.Shape)
                {
                    Result = result,
                    IsLookup = true,
                    Conditions = TakeAll(on),
                    Rows = givesPairs ? left.Rows * Math.Max(1, lookup.Rows) : Math.Max(1, left.Rows / 2),
                }, leftRelations, partners.Relations);
            }
        }

        List<Conjunct> forRight = [];
        foreach (Conjunct conjunct in on)
        {
            if (!conjunct.IsLate && conjunct.Relations != 0 && (conjunct.Relations & ~partners.Relations) == 0)
                forRight.Add(conjunct);
        }

        PlanNode right = PlanGroup(partners, forRight);
        (Expression[] leftKeys, Expression[] rightKeys) = TakeKeys(leftRelations, partners.Relations, on);
        double pairs = Math.Max(left.Rows, leftKeys.Length > 0 ? right.Rows : left.Rows * right.Rows);
        return AddJoin(new JoinNode(left, right, block.Shape)
        {
            Result = result,
            LeftKeys = leftKeys,
            RightKeys = rightKeys,
            Conditions = TakeAll(on),
            Rows = givesPairs ? pairs : Math.Max(1, left.Rows / 2),
        }, leftRelations, partners.Relations);
    }

    private static bool IsHashable(Conjunct condition) =>
        !condition.HasSubquery && condition.Node is BinaryNode { Operator: BinaryOperator.Equal };

    private Expression[] TakeAll(List<Conjunct> conjuncts)
    {
        List<Expression> conditions = [];
        foreach (Conjunct conjunct in conjuncts)
        {
            if (conjunct.IsPlaced)
                continue;
            conjunct.IsPlaced = true;
            conditions.Add(_selectivity.Bound(conjunct));
        }

        return [.. conditions];
    }
}
