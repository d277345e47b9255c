using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Functions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>Binds frames. An end of RANGE at a distance becomes the value of the key that it lies at, computed for every row.</summary>
internal sealed class WindowFrameBinder(string windowName, WindowSpecification specification, ExpressionBinder binder, BindingContext context)
{
    /// <summary>Binds the window's frame; for a function that uses none it is looked at for errors only.</summary>
    public WindowFrameBinding Bind(WindowGroup group, bool isUsed)
    {
        WindowFrame? frame = specification.Frame;
        if (frame is null)
            return Default(group.Order.Length > 0 ? WindowBoundKind.CurrentRow : WindowBoundKind.UnboundedFollowing);
        if (frame.Unit == WindowFrameUnit.Groups)
            throw SqlErrors.NotSupportedYet("GROUPS").ToException();
        CheckEnds(frame);
        bool isOfRows = frame.Unit == WindowFrameUnit.Rows;
        bool hasDistance = frame.Start.Offset is not null || frame.End.Offset is not null;
        WindowFrameBinding bound = isOfRows ? OfRows(frame) : hasDistance ? OfRange(frame, group)
            : new WindowFrameBinding(false, new WindowFrameEnd(frame.Start.Kind), new WindowFrameEnd(frame.End.Kind)) { WindowName = windowName };
        return isUsed ? bound : Default(WindowBoundKind.UnboundedFollowing);
    }

    private WindowFrameBinding Default(WindowBoundKind end) =>
        new(false, new WindowFrameEnd(WindowBoundKind.UnboundedPreceding), new WindowFrameEnd(end)) { WindowName = windowName };

    private void CheckEnds(WindowFrame frame)
    {
        if (frame.Start.Kind == WindowBoundKind.UnboundedFollowing)
            throw WindowErrors.FrameStart(windowName).ToException();
        if (frame.End.Kind == WindowBoundKind.UnboundedPreceding)
            throw WindowErrors.FrameEnd(windowName).ToException();
        bool isReversed = (frame.Start.Kind == WindowBoundKind.CurrentRow && frame.End.Kind == WindowBoundKind.Preceding)
            || (frame.Start.Kind == WindowBoundKind.Following && frame.End.Kind is WindowBoundKind.CurrentRow or WindowBoundKind.Preceding);
        if (isReversed)
            throw WindowErrors.FrameBounds(windowName).ToException();
    }

    private WindowFrameBinding OfRows(WindowFrame frame) =>
        new(true, RowsEnd(frame.Start), RowsEnd(frame.End)) { WindowName = windowName };

    private WindowFrameEnd RowsEnd(WindowBound bound)
    {
        if (bound.Offset is null)
            return new WindowFrameEnd(bound.Kind);
        if (bound.Unit is not null)
            throw WindowErrors.IntervalOfRows(windowName).ToException();
        Expression count = Distance(bound);
        return count.Type.IsInteger || count is ParameterExpression
            ? new WindowFrameEnd(bound.Kind) { RowCount = count }
            : throw WindowErrors.FrameBounds(windowName).ToException();
    }

    private Expression Distance(WindowBound bound)
    {
        if (bound.Offset is UnaryNode { Operator: UnaryOperator.Minus })
            throw WindowErrors.FrameBounds(windowName).ToException();
        Expression distance = binder.Bind(bound.Offset!);
        return distance.IsConstant ? distance : throw WindowErrors.BoundNotConstant(windowName).ToException();
    }

    private WindowFrameBinding OfRange(WindowFrame frame, WindowGroup group)
    {
        if (group.Order.Length != 1 || !(group.Order[0].Type.IsNumeric || group.Order[0].Type.IsTemporal))
            throw WindowErrors.RangeOrder(windowName).ToException();
        Expression key = group.Order[0];
        bool isDescending = group.Descending[0];
        SqlType type = TypeOf(key.Type);
        return new WindowFrameBinding(false, EndAt(frame.Start, key, isDescending, type), EndAt(frame.End, key, isDescending, type))
        {
            WindowName = windowName,
            Key = Operator.Cast(key, type),
            IsDescending = isDescending,
        };
    }

    /// <summary>The type that keys and ends compare in: wide enough for any distance from any key.</summary>
    private static SqlType TypeOf(SqlType key) => key switch
    {
        { Kind: SqlTypeKind.Time } => SqlType.Time(6),
        { IsTemporal: true } => SqlType.DateTime(6),
        { Physical: PhysicalKind.Double } => SqlType.Double,
        _ => SqlType.Decimal(SqlDecimal.PrecisionMax, SqlDecimal.ScaleMax),
    };

    private WindowFrameEnd EndAt(WindowBound bound, Expression key, bool isDescending, SqlType type)
    {
        if (bound.Offset is null)
            return new WindowFrameEnd(bound.Kind);
        if (key.Type.IsTemporal && bound.Unit is null)
            throw WindowErrors.RangeOfTemporal(windowName).ToException();
        if (!key.Type.IsTemporal && bound.Unit is not null)
            throw WindowErrors.RangeOfNumber(windowName).ToException();
        Expression distance = Distance(bound);
        Expression length = Operator.Cast(distance, SqlType.Double);
        if (distance is ConstantExpression && WindowFrameEnd.IsNegativeOrNull(context.Evaluation, length))
            throw WindowErrors.FrameBounds(windowName).ToException();
        bool isBack = bound.Kind == WindowBoundKind.Preceding != isDescending;
        Expression value = bound.Unit is { } unit
            ? TemporalArithmetic.AddInterval(key, distance, (Types.IntervalUnit)unit, isBack)
            : Operator.Arithmetic(isBack ? ArithmeticOperator.Subtract : ArithmeticOperator.Add, Operator.Cast(key, type), distance);
        return new WindowFrameEnd(bound.Kind) { Value = Operator.Cast(value, type), Distance = length };
    }
}
