using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Statistics;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// Chooses how a scan finds its rows. For each index it follows the columns from the left: as long as conditions fix a column
/// to values the key grows, the first column with bounds ends it. The conditions stay filters of the scan, so a path may
/// give more rows than asked for, never fewer.
/// </summary>
internal sealed class AccessPathChooser(
    FromLeaf leaf, QueryBlock block, ExpressionBinder binder, BindingContext context, Selectivity selectivity)
{
    private const int RangeCountMax = 4096;

    private readonly TableSchema _table = leaf.Table!;
    private readonly List<Conjunct> _equal = [];
    private readonly List<Conjunct> _bounding = [];
    private readonly List<Conjunct> _met = [];

    private bool UsesOthers => _equal.Exists(ReadsOthers) || _bounding.Exists(ReadsOthers);

    /// <summary>Chooses under the conditions whose other relations are all in <paramref name="have"/>.</summary>
    public AccessChoice Choose(List<Conjunct> conjuncts, ulong have, OrderWish? wish, bool hasLimit)
    {
        double all = Math.Max(1, context.Tables.EstimateRows(_table));
        AccessChoice best = Full(all, wish, hasLimit);
        foreach (IndexSchema index in Candidates())
        {
            _equal.Clear();
            _bounding.Clear();
            _met.Clear();
            if (Try(index, conjuncts, have, all, wish) is { } choice && choice.Cost < best.Cost)
                best = choice;
        }

        return best;
    }

    private IEnumerable<IndexSchema> Candidates()
    {
        if (_table.PrimaryKey is { } primary && IsAllowed(primary))
            yield return primary;
        foreach (IndexSchema index in _table.Indexes)
        {
            if (!index.IsInvisible && !index.Tree.IsNone && IsAllowed(index))
                yield return index;
        }
    }

    private bool IsAllowed(IndexSchema index) =>
        !leaf.IgnoredIndexes.Contains(index.Name) && (leaf.AllowedIndexes is null || leaf.AllowedIndexes.Contains(index.Name));

    /// <summary>Everything, by the primary key, or by an index whose order is wished for and soon enough.</summary>
    private AccessChoice Full(double all, OrderWish? wish, bool hasLimit)
    {
        if (wish is not null && _table.PrimaryKey is { } primary && IsOrdered(primary, 0, wish))
            return new AccessChoice(AccessPath.Full with { IsDescending = wish.IsDescending }, all, Math.Max(all, PlanCost.TableRowCountMin), false, true);
        if (wish is not null && hasLimit && all > 1000)
        {
            foreach (IndexSchema index in _table.Indexes)
            {
                if (!index.IsInvisible && IsAllowed(index) && IsOrdered(index, 0, wish))
                    return new AccessChoice(new AccessPath(index, []) { IsDescending = wish.IsDescending }, all, all, false, true);
            }
        }

        return new AccessChoice(AccessPath.Full, all, Math.Max(all, PlanCost.TableRowCountMin), false, false);
    }

    private static bool IsOrdered(IndexSchema index, int fixedParts, OrderWish wish)
    {
        if (index.Parts.Length - fixedParts < wish.Ordinals.Length)
            return false;
        for (int i = 0; i < wish.Ordinals.Length; i++)
        {
            IndexPart part = index.Parts[fixedParts + i];
            if (part.Ordinal != wish.Ordinals[i] || part.PrefixLength > 0)
                return false;
        }

        return true;
    }

    private AccessChoice? Try(IndexSchema index, List<Conjunct> conjuncts, ulong have, double all, OrderWish? wish)
    {
        List<KeyRange> ranges = [new KeyRange([])];
        int equalParts = 0;
        bool hasBounds = false;
        bool isPoint = true;
        foreach (IndexPart part in index.Parts)
        {
            if (FindEqual(part, conjuncts, have, RangeCountMax / ranges.Count) is { } values)
            {
                ranges = Multiply(ranges, values);
                equalParts++;
                isPoint &= part.PrefixLength == 0 && !ranges[0].MatchesNull;
                if (part.PrefixLength > 0 || ranges[0].MatchesNull)
                {
                    isPoint = false;
                    break;
                }

                continue;
            }

            hasBounds = part.PrefixLength == 0 && AddBounds(part, conjuncts, have, ref ranges);
            break;
        }

        if (equalParts == 0 && !hasBounds)
            return null;
        isPoint &= index.IsUnique && equalParts == index.Parts.Length;
        double rows = index.IsUnique && equalParts == index.Parts.Length
            ? ranges.Count
            : Math.Max(0.1, all * ShareOf(index, equalParts, ranges.Count));
        double cost = (ranges.Count * PlanCost.Seek) + (rows * (index.IsPrimary ? PlanCost.Row : PlanCost.RowByIndex));
        bool isOneRange = ranges.Count == 1;
        bool meetsOrder = wish is not null && isOneRange && IsOrdered(index, equalParts, wish);
        if (wish is not null && isPoint && isOneRange)
            meetsOrder = true;
        if (wish is not null && !meetsOrder)
            cost *= 1.1;
        var path = new AccessPath(index, [.. ranges])
        {
            IsPoint = isPoint,
            IsDescending = meetsOrder && wish!.IsDescending,
        };
        return new AccessChoice(path, rows, cost, UsesOthers, meetsOrder) { Met = [.. _met] };
    }

    /// <summary>The share of the table's rows that lie in the ranges.</summary>
    private double ShareOf(IndexSchema index, int equalParts, int rangeCount)
    {
        List<Conjunct> own = [];
        own.AddRange(_bounding.FindAll(condition => !ReadsOthers(condition)));
        double share = _bounding.Count > own.Count ? Selectivity.OfPairs : 1;
        if (equalParts > 0 && !_equal.Exists(ReadsOthers))
        {
            own.AddRange(_equal);
        }
        else if (equalParts > 0)
        {
            int[] ordinals = new int[equalParts];
            for (int i = 0; i < equalParts; i++)
                ordinals[i] = index.Parts[i].Ordinal;
            share *= Math.Min(1, rangeCount / context.Tables.Statistics(_table).DistinctCount(ordinals));
        }

        return share * selectivity.Of(leaf, own);
    }

    private static List<KeyRange> Multiply(List<KeyRange> ranges, List<EqualValue> values)
    {
        List<KeyRange> result = new(ranges.Count * values.Count);
        foreach (KeyRange range in ranges)
        {
            foreach (EqualValue value in values)
                result.Add(new KeyRange([.. range.Prefix, value.Expression]) { MatchesNull = value.MatchesNull });
        }

        return result;
    }

    private readonly record struct EqualValue(Expression Expression, bool MatchesNull);

    /// <summary>The values that some condition fixes the column to, or null.</summary>
    private List<EqualValue>? FindEqual(IndexPart part, List<Conjunct> conjuncts, ulong have, int countMax)
    {
        foreach (Conjunct conjunct in conjuncts)
        {
            if (conjunct.HasSubquery || (conjunct.Relations & ~(have | leaf.Relations)) != 0)
                continue;
            switch (conjunct.Node)
            {
                case BinaryNode { Operator: BinaryOperator.Equal or BinaryOperator.NullSafeEqual } equal:
                    ExpressionNode? other = OtherSide(equal, part, out _);
                    if (other is not null && BindKey(other, part, isEquality: true) is { } value)
                    {
                        _equal.Add(conjunct);
                        if (IsExact(part, value.Type))
                            _met.Add(conjunct);
                        return [new EqualValue(value, equal.Operator == BinaryOperator.NullSafeEqual)];
                    }

                    break;
                case IsNode { Test: TruthTest.Null or TruthTest.Unknown, IsNegated: false } isNull when IsColumn(isNull.Value, part):
                    _equal.Add(conjunct);
                    return [new EqualValue(new ConstantExpression(SqlValue.Null), true)];
                case InListNode { IsNegated: false } list when list.Items.Length <= countMax && IsColumn(list.Value, part):
                    List<EqualValue>? values = BindList(list, part);
                    if (values is not null)
                    {
                        _equal.Add(conjunct);
                        return values;
                    }

                    break;
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>True where equal keys are equal values for whatever value of the type.</summary>
    private bool IsExact(IndexPart part, SqlType value)
    {
        SqlType column = _table.Columns[part.Ordinal].Type;
        return part.PrefixLength == 0
            && ((column.IsInteger && value.IsInteger)
                || (column.IsText && value.IsText && ReferenceEquals(column.Collation, value.Collation)));
    }

    private List<EqualValue>? BindList(InListNode list, IndexPart part)
    {
        List<EqualValue> values = [];
        foreach (ExpressionNode item in list.Items)
        {
            if (ReadsLeaf(item) || BindKey(item, part, isEquality: true) is not { } value)
                return null;
            values.Add(new EqualValue(value, false));
        }

        return values;
    }

    /// <summary>Adds bounds on the column to every range; false where there are none.</summary>
    private bool AddBounds(IndexPart part, List<Conjunct> conjuncts, ulong have, ref List<KeyRange> ranges)
    {
        KeyRange bounds = new([]);
        foreach (Conjunct conjunct in conjuncts)
        {
            if (conjunct.HasSubquery || (conjunct.Relations & ~(have | leaf.Relations)) != 0)
                continue;
            if (Bounds(conjunct.Node, part) is { } one)
            {
                if (one.Low is not null && bounds.Low is null)
                {
                    bounds = bounds with { Low = one.Low, IsLowInclusive = one.IsLowInclusive };
                    Bound(conjunct);
                }

                if (one.High is not null && bounds.High is null)
                {
                    bounds = bounds with { High = one.High, IsHighInclusive = one.IsHighInclusive };
                    Bound(conjunct);
                }
            }
            else if (bounds.IsEquality && ranges.Count == 1 && Alternatives(conjunct.Node, part) is { } several)
            {
                KeyRange prefix = ranges[0];
                ranges = [];
                foreach (KeyRange alternative in several)
                    ranges.Add(alternative with { Prefix = [.. prefix.Prefix, .. alternative.Prefix] });
                _bounding.Add(conjunct);
                return true;
            }
        }

        if (bounds.IsEquality)
            return false;
        for (int i = 0; i < ranges.Count; i++)
            ranges[i] = bounds with { Prefix = ranges[i].Prefix };
        return true;
    }

    /// <summary>The range of one condition on the column, or null.</summary>
    private KeyRange? Bounds(ExpressionNode node, IndexPart part)
    {
        if (node is BetweenNode { IsNegated: false } between && IsColumn(between.Value, part)
            && !ReadsLeaf(between.Low) && !ReadsLeaf(between.High)
            && BindKey(between.Low, part, isEquality: false) is { } low && BindKey(between.High, part, isEquality: false) is { } high)
        {
            return new KeyRange([]) { Low = low, IsLowInclusive = true, High = high, IsHighInclusive = true };
        }

        if (node is not BinaryNode binary)
            return null;
        ExpressionNode? other = OtherSide(binary, part, out bool isSwapped);
        if (other is null)
            return null;
        BinaryOperator comparison = isSwapped ? Mirror(binary.Operator) : binary.Operator;
        if (comparison is not (BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual)
            || BindKey(other, part, isEquality: false) is not { } value)
        {
            return null;
        }

        return comparison is BinaryOperator.Less or BinaryOperator.LessOrEqual
            ? new KeyRange([]) { High = value, IsHighInclusive = comparison == BinaryOperator.LessOrEqual }
            : new KeyRange([]) { Low = value, IsLowInclusive = comparison == BinaryOperator.GreaterOrEqual };
    }

    /// <summary>The ranges of conditions on the column that OR joins, or null where one of them is of another kind.</summary>
    private List<KeyRange>? Alternatives(ExpressionNode node, IndexPart part)
    {
        List<KeyRange> ranges = [];
        return node is BinaryNode { Operator: BinaryOperator.Or } && Collect(node) ? ranges : null;

        bool Collect(ExpressionNode alternative)
        {
            if (ranges.Count > RangeCountMax)
                return false;
            if (alternative is BinaryNode { Operator: BinaryOperator.Or } or)
                return Collect(or.Left) && Collect(or.Right);
            if (alternative is BinaryNode { Operator: BinaryOperator.Equal } equal
                && OtherSide(equal, part, out _) is { } other && BindKey(other, part, isEquality: true) is { } value)
            {
                ranges.Add(new KeyRange([value]));
                return true;
            }

            if (alternative is InListNode { IsNegated: false } list && IsColumn(list.Value, part) && BindList(list, part) is { } values)
            {
                foreach (EqualValue one in values)
                    ranges.Add(new KeyRange([one.Expression]));
                return true;
            }

            if (alternative is BinaryNode { Operator: BinaryOperator.And } and
                && Bounds(and.Left, part) is { } first && Bounds(and.Right, part) is { } second)
            {
                ranges.Add(first with
                {
                    Low = first.Low ?? second.Low,
                    IsLowInclusive = first.Low is not null ? first.IsLowInclusive : second.IsLowInclusive,
                    High = first.High ?? second.High,
                    IsHighInclusive = first.High is not null ? first.IsHighInclusive : second.IsHighInclusive,
                });
                return true;
            }

            if (Bounds(alternative, part) is not { } bounds)
                return false;
            ranges.Add(bounds);
            return true;
        }
    }

    private static BinaryOperator Mirror(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => comparison,
    };

    /// <summary>The side of a comparison across from the column, where it does not read this table.</summary>
    private ExpressionNode? OtherSide(BinaryNode comparison, IndexPart part, out bool isSwapped)
    {
        isSwapped = false;
        if (IsColumn(comparison.Left, part) && !ReadsLeaf(comparison.Right))
            return comparison.Right;
        isSwapped = true;
        return IsColumn(comparison.Right, part) && !ReadsLeaf(comparison.Left) ? comparison.Left : null;
    }

    private bool IsColumn(ExpressionNode node, IndexPart part) =>
        node is ColumnNode column && block.FindHere(column, "where clause") is { } binding
        && binding.Relation == leaf.Relation && binding.Ordinal == part.Ordinal;

    private bool ReadsLeaf(ExpressionNode node) => AstWalker.Any(node, part => AstWalker.QueryOf(part) is not null
        || (part is ColumnNode column && block.FindHere(column, "where clause") is { } binding
            && (binding.Relation == leaf.Relation || (binding.Expression is { } merged && ReadsLeaf(merged)))));

    /// <summary>Binds a key expression; null where comparing it does not follow the order of the column's keys.</summary>
    private Expression? BindKey(ExpressionNode node, IndexPart part, bool isEquality)
    {
        SqlType column = _table.Columns[part.Ordinal].Type;
        Expression bound = ColumnAssignment.SourceFor(column, binder.Bind(node));
        if (!bound.IsDeterministic)
            return null;
        SqlType other = bound.Type;
        if (other.Kind == SqlTypeKind.Null)
            return bound;
        if (column.IsString)
        {
            return other.IsString && (ReferenceEquals(other.Collation, column.Collation)
                || IsLiteralLike(node, other, column)) ? bound : null;
        }

        if (column.Kind is SqlTypeKind.Enum)
            return isEquality && other.IsString ? bound : null;
        if (column.Kind is SqlTypeKind.Set or SqlTypeKind.Json or SqlTypeKind.Geometry)
            return null;
        return bound;
    }

    /// <summary>A literal or parameter takes the column's collation; a binary one makes the comparison binary.</summary>
    private static bool IsLiteralLike(ExpressionNode node, SqlType other, SqlType column) =>
        other.IsText && !column.IsBinaryString && node is not CollateNode and not ColumnNode
        && !AstWalker.Any(node, part => part is CollateNode or ColumnNode);

    private void Bound(Conjunct conjunct)
    {
        if (!_bounding.Contains(conjunct))
            _bounding.Add(conjunct);
    }

    private bool ReadsOthers(Conjunct conjunct) => (conjunct.Relations & ~leaf.Relations) != 0;
}
