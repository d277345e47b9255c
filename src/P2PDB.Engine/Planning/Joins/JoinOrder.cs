using System.Numerics;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Statistics;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning.Joins;

// JOIN ORDER
//
// The cheapest order in which every step joins one part to all before it. Up to PartCountMax parts every set of them is
// considered once, with the cheapest way to it (Selinger's dynamic programming); beyond that the cheapest next part is taken, again and
// again. How many rows a set of parts gives does not depend on the order: the product of what each part gives by itself and of
// what each condition between them leaves.

/// <summary>Finds the order of the parts of one group of inner joins.</summary>
internal sealed class JoinOrder
{
    private const int PartCountMax = 10;

    /// <summary>Trying all pairs is for where nothing else is possible, and then with few rows.</summary>
    private const double PairsPenalty = 1000;

    private readonly QueryBlock _block;
    private readonly BindingContext _context;
    private readonly Selectivity _selectivity;
    private readonly FromGroup _group;
    private readonly List<Conjunct> _conditions;
    private readonly Func<FromLeaf, ulong, AccessChoice> _choose;
    private readonly Part[] _parts;
    private readonly Dictionary<ulong, double> _rows = [];
    private readonly Dictionary<(int Part, ulong Former), AccessChoice> _lookups = [];

    /// <summary>Takes the conditions that still have no place, and a way to ask for a table's best path after other relations.</summary>
    public JoinOrder(
        QueryBlock block, BindingContext context, Selectivity selectivity, FromGroup group, List<Conjunct> conjuncts,
        Func<FromLeaf, ulong, AccessChoice> choose)
    {
        _block = block;
        _context = context;
        _selectivity = selectivity;
        _group = group;
        _choose = choose;
        _conditions = conjuncts.FindAll(condition => !condition.IsPlaced && !condition.IsLate);
        _parts = new Part[group.Items.Count];
        for (int i = 0; i < _parts.Length; i++)
            _parts[i] = MakePart(group.Items[i]);
    }

    private sealed record Part(FromItem Item, AccessChoice Alone, double Rows, ulong Neighbours);

    private sealed record Way(Way? Former, int Part, JoinMethod Method, AccessChoice Choice, double Cost, double Rows);

    /// <summary>The steps, first to last.</summary>
    public List<JoinStep> Find()
    {
        Way best = _group.IsOrdered ? InOrder() : _parts.Length <= PartCountMax ? Cheapest() : Greedy();
        List<JoinStep> steps = [];
        for (Way? way = best; way is not null; way = way.Former)
            steps.Insert(0, new JoinStep(_parts[way.Part].Item, way.Method, way.Choice, way.Rows));
        return steps;
    }

    private Way InOrder()
    {
        Way way = Start(0);
        for (int i = 1; i < _parts.Length; i++)
            way = Extend(way, (1UL << i) - 1, i);
        return way;
    }

    private Way Cheapest()
    {
        var best = new Way?[1 << _parts.Length];
        for (int i = 0; i < _parts.Length; i++)
            best[1 << i] = Start(i);
        for (int set = 1; set < best.Length - 1; set++)
        {
            Way former = best[set]!;
            for (int i = 0; i < _parts.Length; i++)
            {
                if ((set >> i & 1) != 0)
                    continue;
                Way way = Extend(former, (ulong)set, i);
                ref Way? known = ref best[set | (1 << i)];
                if (known is null || way.Cost < known.Cost)
                    known = way;
            }
        }

        return best[^1]!;
    }

    private Way Greedy()
    {
        Way? way = null;
        ulong set = 0;
        for (int count = 0; count < _parts.Length; count++)
        {
            Way? next = null;
            for (int i = 0; i < _parts.Length; i++)
            {
                if ((set >> i & 1) != 0)
                    continue;
                Way candidate = way is null ? Start(i) : Extend(way, set, i);
                if (next is null || candidate.Cost + candidate.Rows < next.Cost + next.Rows)
                    next = candidate;
            }

            way = next;
            set |= 1UL << way!.Part;
        }

        return way!;
    }

    private Way Start(int part) =>
        new(null, part, JoinMethod.Pairs, _parts[part].Alone, _parts[part].Alone.Cost, _parts[part].Rows);

    /// <summary>The cheapest way to join a part to a set of others.</summary>
    private Way Extend(Way former, ulong set, int index)
    {
        Part part = _parts[index];
        double rows = RowsOf(set | (1UL << index));
        double cost = former.Cost + (rows * PlanCost.Pair);
        Way way;
        if (HasEquality(RelationsOf(set), part.Item.Relations))
        {
            bool isFormerBuilt = former.Rows < part.Rows && !_group.IsOrdered;
            (double built, double probing) = isFormerBuilt ? (former.Rows, part.Rows) : (part.Rows, former.Rows);
            way = new Way(
                former, index, isFormerBuilt ? JoinMethod.HashOfFormer : JoinMethod.Hash, part.Alone,
                cost + part.Alone.Cost + (built * PlanCost.Build) + (probing * PlanCost.Probe), rows);
        }
        else
        {
            double pairs = former.Rows * Math.Max(1, part.Rows) * PlanCost.Pair;
            way = new Way(former, index, JoinMethod.Pairs, part.Alone, cost + part.Alone.Cost + pairs + PairsPenalty, rows);
        }

        if (part.Item is FromLeaf { Table: not null } leaf && LookupAfter(index, leaf, RelationsOf(set)) is { UsesOthers: true } lookup)
        {
            double costOfLookups = cost + (former.Rows * lookup.Cost);
            if (costOfLookups < way.Cost)
                way = new Way(former, index, JoinMethod.Lookup, lookup, costOfLookups, rows);
        }

        return way;
    }

    private AccessChoice LookupAfter(int index, FromLeaf leaf, ulong former)
    {
        ulong seen = former & _parts[index].Neighbours;
        if (seen == 0)
            return default;
        if (!_lookups.TryGetValue((index, seen), out AccessChoice choice))
            _lookups[(index, seen)] = choice = _choose(leaf, seen);
        return choice;
    }

    private Part MakePart(FromItem item)
    {
        ulong neighbours = 0;
        List<Conjunct> own = [];
        foreach (Conjunct condition in _conditions)
        {
            if ((condition.Relations & item.Relations) == 0)
                continue;
            if ((condition.Relations & ~item.Relations) == 0)
                own.Add(condition);
            neighbours |= condition.Relations & ~item.Relations;
        }

        if (item is FromLeaf { Table: { } table } leaf)
        {
            AccessChoice alone = _choose(leaf, 0);
            double rows = alone.Path.IsPoint
                ? alone.Rows
                : Math.Max(0.1, _context.Tables.EstimateRows(table) * _selectivity.Of(leaf, own));
            return new Part(item, alone, Math.Min(rows, Math.Max(1, alone.Rows)), neighbours);
        }

        double estimate = EstimateItem(item) * (item is FromLeaf other ? _selectivity.Of(other, own) : 1);
        return new Part(item, new AccessChoice(AccessPath.Full, estimate, EstimateItem(item), false, false), Math.Max(1, estimate), neighbours);
    }

    /// <summary>Rows of a part without the conditions on it.</summary>
    public double EstimateItem(FromItem item) => item switch
    {
        FromLeaf { Table: { } table } => _context.Tables.EstimateRows(table),
        FromLeaf { Query: { } query } => query.Rows,
        FromOuterJoin join => EstimateItem(join.Left),
        FromGroup { Items: [var first, ..] } => EstimateItem(first),
        _ => 100,
    };

    private ulong RelationsOf(ulong set)
    {
        ulong relations = 0;
        for (; set != 0; set &= set - 1)
            relations |= _parts[BitOperations.TrailingZeroCount(set)].Item.Relations;
        return relations;
    }

    private bool HasEquality(ulong former, ulong item) => _conditions.Exists(condition =>
        Joins(condition, former, item) && condition.Node is BinaryNode { Operator: BinaryOperator.Equal });

    /// <summary>True for a condition that can be checked once both sides are there and not before.</summary>
    private static bool Joins(Conjunct condition, ulong former, ulong item) =>
        (condition.Relations & former) != 0 && (condition.Relations & item) != 0 && (condition.Relations & ~(former | item)) == 0;

    private double RowsOf(ulong set)
    {
        if (_rows.TryGetValue(set, out double rows))
            return rows;
        int first = BitOperations.TrailingZeroCount(set);
        ulong rest = set & (set - 1);
        rows = _parts[first].Rows;
        if (rest != 0)
            rows = Math.Max(0.1, rows * RowsOf(rest) * ShareOf(RelationsOf(rest), _parts[first].Item.Relations));
        _rows[set] = rows;
        return rows;
    }

    /// <summary>The share of all pairs of a set and a part that the conditions between them leave.</summary>
    private double ShareOf(ulong former, ulong item)
    {
        double share = 1;
        Dictionary<ulong, List<Conjunct>> equalities = [];
        foreach (Conjunct condition in _conditions)
        {
            if (!Joins(condition, former, item))
                continue;
            if (condition.Node is BinaryNode { Operator: BinaryOperator.Equal } && BitOperations.PopCount(condition.Relations) == 2)
            {
                if (!equalities.TryGetValue(condition.Relations, out List<Conjunct>? known))
                    equalities[condition.Relations] = known = [];
                known.Add(condition);
            }
            else
            {
                share *= Selectivity.OfPairs;
            }
        }

        foreach ((ulong pair, List<Conjunct> conditions) in equalities)
            share /= Math.Max(1, DistinctKeys(pair, conditions));
        return share;
    }

    /// <summary>Of two relations joined by equalities the greater number of different keys: the other side's keys are thought to be among them.</summary>
    private double DistinctKeys(ulong pair, List<Conjunct> conditions)
    {
        double count = 1;
        foreach (Relation relation in _block.Relations)
        {
            if ((pair >> relation.Position & 1) == 0)
                continue;
            List<int> ordinals = [];
            foreach (Conjunct condition in conditions)
            {
                var equal = (BinaryNode)condition.Node;
                int ordinal = Math.Max(_selectivity.ColumnOf(equal.Left, relation), _selectivity.ColumnOf(equal.Right, relation));
                if (ordinal >= 0)
                    ordinals.Add(ordinal);
            }

            count = Math.Max(count, KeysOf(relation, ordinals));
        }

        return count;
    }

    private double KeysOf(Relation relation, List<int> ordinals)
    {
        FromLeaf? leaf = _group.LeafOf(relation);
        if (leaf?.Table is { } table && ordinals.Count > 0)
            return _context.Tables.Statistics(table).DistinctCount(ordinals.ToArray());
        return leaf is null ? 1 : Math.Max(1, EstimateItem(leaf) / 10);
    }
}
