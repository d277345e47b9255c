using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>Makes the operators of a plan.</summary>
internal static class OperatorBuilder
{
    /// <summary>Makes the operator of a step, with those of its inputs; they note what they do where <paramref name="measures"/> are given.</summary>
    public static Operator Build(PlanNode node, PlanMeasures? measures = null)
    {
        Operator made = Make(node, measures);
        made.Measure = measures?.Add(node);
        return made;
    }

    private static Operator Make(PlanNode node, PlanMeasures? measures)
    {
        switch (node)
        {
            case ScanNode n:
                return new ScanOperator(n, Batch(n.Shape, n.KeySlot < 0 ? n.Slots : [.. n.Slots, n.KeySlot], CapacityOf(n)));
            case VirtualScanNode n:
                return new VirtualScanOperator(n, Batch(n.Shape, n.Slots, RowBatch.RowCountMax));
            case DerivedNode n:
                return new DerivedOperator(Build(n.Query, measures), n.Columns, n.Slots, Batch(n.Shape, [], RowBatch.RowCountMax), n.Filters,
                    n.IsKept ? TypesOf(n.Query) : null);
            case JoinNode n:
                return BuildJoin(n, measures);
            case FilterNode n:
                return new FilterOperator(Build(n.Input, measures), n.Conditions);
            case GroupNode n:
                return new GroupOperator(Build(n.Input, measures), n);
            case ProjectNode n:
                return new ProjectOperator(Build(n.Input, measures), n.Items, CapacityOf(n.Input));
            case DistinctNode n:
                return new DistinctOperator(Build(n.Input, measures), n.ColumnCount);
            case SortNode n:
                return new SortOperator(Build(n.Input, measures), n.Keys, TypesOf(n.Input), n.Limit?.Count, n.Limit?.Offset);
            case WindowNode n:
                int[] filled = [.. n.InputSlots, .. Array.ConvertAll(n.Calls, static call => call.Slot)];
                return new WindowOperator(Build(n.Input, measures), n, Batch(n.Shape, filled, RowBatch.RowCountMax));
            case LimitNode n:
                return new LimitOperator(Build(n.Input, measures), n.Count, n.Offset, n.CountsAll);
            case SetOperationNode n:
                bool isUnion = n.Kind == SetOperator.Union;
                var operation = new SetOperationOperator(n.Kind, n.IsAll || isUnion, Build(n.Left, measures), Build(n.Right, measures), n.Types);
                return isUnion && !n.IsAll ? new DistinctOperator(operation, n.Types.Length) : operation;
            case JsonTableNode n:
                return new JsonTableOperator(n);
            case RecursiveNode n:
                return new RecursiveOperator(n, Build(n.Start, measures), Array.ConvertAll(n.Steps, step => Build(step, measures)));
            case WorkingTableNode n:
                return new WorkingTableOperator(n.Table);
            case ValuesNode n:
                return new ValuesOperator(n.Items, n.Types);
            default:
                return new EmptyOperator();
        }
    }

    private static Operator BuildJoin(JoinNode node, PlanMeasures? measures)
    {
        RowBatch output = Batch(node.Shape, [.. node.LeftSlots, .. node.RightSlots], RowBatch.RowCountMax);
        Operator left = Build(node.Left, measures);
        if (node.IsLookup)
            return new LookupJoinOperator(node, left, (ScanOperator)Build(node.Right, measures), output);
        if (node.Outer is { } outer)
            return new LateralJoinOperator(node, outer, left, Build(node.Right, measures), output);
        var rightTypes = new SqlType[node.RightSlots.Length];
        for (int i = 0; i < rightTypes.Length; i++)
            rightTypes[i] = node.Shape.Types[node.RightSlots[i]];
        return new HashJoinOperator(node, left, Build(node.Right, measures), output, rightTypes);
    }

    /// <summary>A batch of a block's row in which only some slots have room: nobody reads the others below this step.</summary>
    public static RowBatch Batch(RowShape shape, int[] slots, int capacity)
    {
        var columns = new ColumnVector[shape.Count];
        foreach (int slot in slots)
            columns[slot] = new ColumnVector(shape.Types[slot], capacity);
        ColumnVector? unset = null;
        for (int i = 0; i < columns.Length; i++)
            columns[i] ??= unset ??= new ColumnVector(SqlType.Null, 1);
        return new RowBatch(columns, capacity);
    }

    /// <summary>Point reads need no room for a thousand rows.</summary>
    private static int CapacityOf(PlanNode node) => node switch
    {
        ScanNode { Path: { IsPoint: true, Ranges.Length: 1 } } => 1,
        ValuesNode { Items.Length: 1 } => 1,
        FilterNode n => CapacityOf(n.Input),
        ProjectNode n => CapacityOf(n.Input),
        _ => RowBatch.RowCountMax,
    };

    private static SqlType[] TypesOf(PlanNode node)
    {
        switch (node)
        {
            case ProjectNode n:
                var types = new SqlType[n.Items.Length];
                for (int i = 0; i < types.Length; i++)
                    types[i] = n.Items[i].Type;
                return types;
            case DistinctNode n: return TypesOf(n.Input);
            case SortNode n: return TypesOf(n.Input);
            case LimitNode n: return TypesOf(n.Input);
            case FilterNode n: return TypesOf(n.Input);
            case SetOperationNode n: return n.Types;
            case ValuesNode n: return n.Types;
            case RecursiveNode n: return n.Types;
            case JsonTableNode n: return n.Types;
            case GroupNode n: return [.. n.Shape.Types];
            default: throw new InvalidOperationException($"A {node.GetType().Name} has no row of its own.");
        }
    }
}
