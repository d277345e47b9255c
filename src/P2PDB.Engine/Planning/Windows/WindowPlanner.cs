using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>
/// Plans window functions. For each group of them the row that is there, keys and arguments become one row of plain columns; those are
/// sorted by partition and order; then the window step gives the block's row out again, with its functions' slots filled.
/// </summary>
internal static class WindowPlanner
{
    /// <summary>Plans all groups over an input that fills <paramref name="slots"/> of the row.</summary>
    public static PlanNode Plan(PlanNode input, WindowedRow row, List<int> slots)
    {
        foreach (WindowGroup group in row.Groups)
        {
            input = Plan(input, row.Shape, group, [.. slots]);
            foreach (WindowCall call in group.Calls)
                slots.Add(call.Slot);
        }

        return input;
    }

    private static WindowNode Plan(PlanNode input, RowShape shape, WindowGroup group, int[] slots)
    {
        List<Expression> items = [];
        foreach (int slot in slots)
            items.Add(new ColumnExpression(slot, shape.Types[slot]));
        int firstKey = items.Count;
        items.AddRange(group.Partition);
        items.AddRange(group.Order);
        foreach (WindowCall call in group.Calls)
        {
            call.FirstArgument = items.Count;
            items.AddRange(call.Function.Arguments);
            AddFrame(call.Frame, items);
        }

        PlanNode root = new ProjectNode(input, [.. items]) { Rows = input.Rows };
        var keys = new SortKey[group.Partition.Length + group.Order.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            int order = i - group.Partition.Length;
            keys[i] = new SortKey(firstKey + i, order >= 0 && group.Descending[order]);
        }

        if (keys.Length > 0)
            root = new SortNode(root, keys) { Rows = root.Rows };
        return new WindowNode(root, shape)
        {
            InputSlots = slots,
            InputTypes = [.. items.ConvertAll(static item => item.Type)],
            PartitionCount = group.Partition.Length,
            OrderCount = group.Order.Length,
            Calls = [.. group.Calls],
            Rows = root.Rows,
        };
    }

    private static void AddFrame(WindowFrameBinding frame, List<Expression> items)
    {
        if (frame.Key is null)
            return;
        frame.KeyColumn = items.Count;
        items.Add(frame.Key);
        foreach (WindowFrameEnd end in (WindowFrameEnd[])[frame.Start, frame.End])
        {
            if (end.Value is null)
                continue;
            end.ValueColumn = items.Count;
            items.Add(end.Value);
        }
    }
}
