using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>LEAD and LAG(value [, distance [, default]]): the value some rows further on or back, whatever the frame.</summary>
internal sealed class OffsetFunction : WindowFunction
{
    private readonly string _name;

    private OffsetFunction(string name, SqlType type, Expression[] arguments)
        : base(type, arguments, isNullable: true) => _name = name;

    /// <summary>Binds a call; <paramref name="name"/> is lead or lag.</summary>
    public static OffsetFunction Bind(string name, Expression[] arguments)
    {
        Expression distance = arguments.Length > 1 ? Functions.Argument.Integer(arguments[1]) : new ConstantExpression(SqlValue.FromInt64(1));
        if (arguments.Length < 3)
            return new OffsetFunction(name, arguments[0].Type, [arguments[0], distance]);
        SqlType type = NumericTyping.Aggregate([arguments[0], arguments[2]]);
        return new OffsetFunction(name, type, [Operator.ConvertTo(arguments[0], type), distance, Operator.ConvertTo(arguments[2], type)]);
    }

    public override WindowState CreateState() => new State(_name, Arguments.Length > 2);

    private sealed class State(string name, bool hasDefault) : WindowState
    {
        public override void Compute(EvaluationContext context, IWindowRows rows, int row, ColumnVector result, int target)
        {
            ColumnVector distances = rows.Argument(1, row, out int place);
            long distance = distances.IsNull(place) ? -1 : distances.GetInt64(place);
            if (distance < 0)
                throw SqlErrors.WrongArguments(name).ToException();
            Int128 wanted = name == "lead" ? (Int128)row + distance : (Int128)row - distance;
            if (wanted >= 0 && wanted < rows.Count)
                CopyArgument(rows, 0, (int)wanted, result, target);
            else if (hasDefault)
                CopyArgument(rows, 2, row, result, target);
            else
                result.SetNull(target);
        }

        private static void CopyArgument(IWindowRows rows, int argument, int row, ColumnVector result, int target)
        {
            ColumnVector source = rows.Argument(argument, row, out int place);
            result.CopyRow(source, place, target);
        }
    }
}
