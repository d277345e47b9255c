using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>BENCHMARK(count, expression): evaluates the expression that many times for each row, and is 0; NULL for a NULL or negative count.</summary>
internal sealed class BenchmarkExpression(Expression count, Expression subject) : Expression(SqlType.Int.WithLength(1))
{
    private readonly Expression[] _children = [count, subject];

    public override ReadOnlySpan<Expression> Children => _children;

    public override bool IsDeterministic => false;

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        result.Reset(Type);
        ColumnVector counts = context.RentValue(count, input);
        long repeats = 0;
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (counts.IsNull(row) || counts.GetInt64(row) < 0)
            {
                result.SetNull(row);
                continue;
            }

            result.SetInt64(row, 0);
            repeats = Math.Max(repeats, counts.GetInt64(row));
        }

        context.Return();
        for (long i = 0; i < repeats && !context.Session.IsStopped; i++)
        {
            context.RentValue(subject, input);
            context.Return();
        }
    }

    public override string Describe(EvaluationContext context) =>
        $"benchmark({count.Describe(context)},{subject.Describe(context)})";
}
