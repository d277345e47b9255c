using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>FIRST_VALUE, LAST_VALUE and NTH_VALUE(value, n): the value of one row of the frame, NULL where the frame lacks it.</summary>
internal sealed class FrameValueFunction(string name, Expression[] arguments)
    : WindowFunction(arguments[0].Type, arguments, isNullable: true)
{
    public override bool UsesFrame => true;

    public override WindowState CreateState() => new State(name);

    private sealed class State(string name) : WindowState
    {
        public override void Compute(EvaluationContext context, IWindowRows rows, int row, ColumnVector result, int target)
        {
            int start = rows.FrameStart(row, out int end);
            long wanted = name switch
            {
                "first_value" => start,
                "last_value" => end - 1L,
                _ => start + NumberOf(rows, row) - 1,
            };
            if (wanted < start || wanted >= end)
            {
                result.SetNull(target);
                return;
            }

            ColumnVector source = rows.Argument(0, (int)wanted, out int place);
            result.CopyRow(source, place, target);
        }

        private static long NumberOf(IWindowRows rows, int row)
        {
            ColumnVector numbers = rows.Argument(1, row, out int place);
            if (numbers.IsNull(place) || numbers.GetInt64(place) <= 0)
                throw SqlErrors.WrongArguments("nth_value").ToException();
            return Math.Min(numbers.GetInt64(place), int.MaxValue);
        }
    }
}
