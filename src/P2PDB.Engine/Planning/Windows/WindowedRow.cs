using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Windows;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>
/// What window functions add to a block's row, or to its grouped row, while the select list and ORDER BY are bound: a slot for each
/// function. New ones are added as they are met; they are computed after HAVING and before DISTINCT.
/// </summary>
internal sealed class WindowedRow(RowShape shape, NamedWindow[] windows)
{
    private readonly List<(WindowSpecification Specification, WindowGroup Group)> _groupOf = [];
    private readonly Dictionary<ExpressionNode, ColumnExpression> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The row that takes the slots.</summary>
    public RowShape Shape => shape;

    /// <summary>The block's named windows.</summary>
    public NamedWindow[] Windows => windows;

    /// <summary>The functions, by the sort that they need, in the order in which they are computed.</summary>
    public List<WindowGroup> Groups { get; } = [];

    /// <summary>The slot of a call that was bound before, or null.</summary>
    public ColumnExpression? Find(ExpressionNode call) => _known.GetValueOrDefault(call);

    /// <summary>The group of an equal PARTITION BY and ORDER BY, as <paramref name="areEqual"/> finds; null where there is none yet.</summary>
    public WindowGroup? FindGroup(WindowSpecification specification, Func<WindowSpecification, WindowSpecification, bool> areEqual)
    {
        foreach ((WindowSpecification known, WindowGroup group) in _groupOf)
        {
            if (areEqual(known, specification))
                return group;
        }

        return null;
    }

    /// <summary>Adds a group.</summary>
    public void AddGroup(WindowSpecification specification, WindowGroup group)
    {
        _groupOf.Add((specification, group));
        Groups.Add(group);
    }

    /// <summary>Adds a function; returns what reads its value.</summary>
    public ColumnExpression Add(ExpressionNode node, WindowGroup group, WindowFunction function, WindowFrameBinding frame)
    {
        int slot = shape.Add(function.Type);
        group.Calls.Add(new WindowCall(function, slot, frame));
        var column = new ColumnExpression(slot, function.Type, function.IsNullable);
        _known.Add(node, column);
        return column;
    }
}
