using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// A function evaluated row by row: its kernel sees the arguments' vectors. Unless it says otherwise a NULL argument
/// makes the result NULL without a call.
/// </summary>
internal sealed class FunctionExpression : Expression
{
    private readonly Expression[] _arguments;
    private readonly RowKernel _kernel;
    private readonly bool _seesNulls;
    private readonly bool _isDeterministic;

    public FunctionExpression(string name, SqlType type, Expression[] arguments, RowKernel kernel, bool seesNulls = false,
        bool isDeterministic = true, bool isNullable = true)
        : base(type)
    {
        Name = name;
        _arguments = arguments;
        _kernel = kernel;
        _seesNulls = seesNulls;
        _isDeterministic = isDeterministic;
        IsNullable = isNullable;
    }

    /// <summary>The function's name, for error texts.</summary>
    public string Name { get; }

    public override ReadOnlySpan<Expression> Children => _arguments;

    public override bool IsBoolean => Type == SqlType.Boolean;

    public override bool IsDeterministic => _isDeterministic;

    public override bool IsNullable { get; }

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ReadOnlySpan<ColumnVector> arguments = context.RentAll(_arguments, input);
        result.Reset(Type);
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (!_seesNulls && AnyNull(arguments, row))
                result.SetNull(row);
            else
                _kernel(context, arguments, row, result);
        }

        context.Return(arguments.Length);
    }

    public override string Describe(EvaluationContext context)
    {
        string[] parts = new string[_arguments.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = _arguments[i].Describe(context);
#pragma warning disable CA1308 // MySQL shows function names in lower case.
        return $"{Name.ToLowerInvariant()}({string.Join(",", parts)})";
#pragma warning restore CA1308
    }

    private static bool AnyNull(ReadOnlySpan<ColumnVector> arguments, int row)
    {
        foreach (ColumnVector argument in arguments)
        {
            if (argument.HasNulls && argument.IsNull(row))
                return true;
        }

        return false;
    }
}
