using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// Everything of one execution that expressions need: parameters, the statement's clock, modes, warnings and scratch
/// vectors. One per session, used by one thread; <see cref="Begin"/> starts a statement.
/// </summary>
internal sealed class EvaluationContext : ConversionContext
{
    private ColumnVector[] _scratch = new ColumnVector[16];
    private ColumnVector[] _operands = new ColumnVector[16];   // by the same index: the scratch vector, or a column in its place
    private int[][] _positions = new int[8][];
    private readonly Dictionary<object, (ulong First, ulong Second)> _seeded = [];
    private byte[]? _uuidNode;
    private long _uuidCount;
    private int _scratchCount;
    private int _positionsCount;

    /// <summary>Makes a context; the dice of RAND() are the session's seeded ones.</summary>
    public EvaluationContext(ISessionValues session, Random? dice = null)
    {
        Session = session;
        Dice = dice ?? new Random(1);
        OneRow = new RowBatch(ReadOnlySpan<SqlType>.Empty, 1) { RowCount = 1 };
    }

    /// <summary>The session.</summary>
    public ISessionValues Session { get; }

    /// <summary>Dice of RAND(), UUID() and RANDOM_BYTES().</summary>
    public Random Dice { get; set; }

    /// <summary>A batch of one row without columns, to evaluate constants over.</summary>
    public RowBatch OneRow { get; }

    /// <summary>Parameters of the execution, by index.</summary>
    public SqlValue[] Parameters { get; set; } = [];

    /// <summary>The clock of SYSDATE() and the version-1 UUIDs only.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>max_allowed_packet: longer strings are NULL with a warning.</summary>
    public long PacketLengthMax { get; set; } = 64 << 20;

    /// <summary>group_concat_max_len.</summary>
    public long GroupConcatLengthMax { get; set; } = 1024;

    /// <summary>div_precision_increment.</summary>
    public int DivisionScaleIncrement { get; set; } = SqlDecimal.DivisionScaleIncrement;

    /// <summary>default_week_format.</summary>
    public int DefaultWeekFormat { get; set; }

    /// <summary>Eight bytes that stand for this node in UUIDs, from the dice.</summary>
    public ReadOnlySpan<byte> UuidNode
    {
        get
        {
            if (_uuidNode is null)
            {
                _uuidNode = new byte[8];
                Dice.NextBytes(_uuidNode);
                _uuidNode[0] = (byte)((_uuidNode[0] & 0x3F) | 0x80);
                _uuidNode[2] |= 1;
            }

            return _uuidNode;
        }
    }

    /// <summary>A counter for UUIDs.</summary>
    public long NextShortUuid() => ++_uuidCount;

    /// <summary>
    /// The next number of one call of RAND(seed). A constant seed starts a sequence that goes on from row to row; any other seed
    /// starts one for its row alone.
    /// </summary>
    public double NextSeeded(object call, uint seed, bool goesOn)
    {
        const ulong Modulus = 0x3FFFFFFF;
        if (!goesOn || !_seeded.TryGetValue(call, out (ulong First, ulong Second) state))
            state = ((uint)((seed * 0x10001UL) + 55555555UL) % Modulus, (seed * 0x10000001UL & uint.MaxValue) % Modulus);
        ulong first = ((state.First * 3) + state.Second) % Modulus;
        ulong second = (first + state.Second + 33) % Modulus;
        if (goesOn)
            _seeded[call] = (first, second);
        return first / (double)Modulus;
    }

    /// <summary>Starts a statement: no conditions, the clock set.</summary>
    public void Begin(long timeMicroseconds)
    {
        StatementTimeMicroseconds = timeMicroseconds;
        Diagnostics.Clear();
        _seeded.Clear();
        IsStrictWrite = false;
        RowNumber = 1;
    }

    /// <summary>Takes a scratch vector; give it back in reverse order by <see cref="Return(int)"/>.</summary>
    public ColumnVector Rent(SqlType type)
    {
        MakeRoom();
        ColumnVector vector = _scratch[_scratchCount] ??= new ColumnVector(type);
        _operands[_scratchCount++] = vector;
        vector.Reset(type);
        return vector;
    }

    /// <summary>
    /// Evaluates the operands, in order; valid until they are given back, and not to be changed: plain columns of the input are
    /// handed on, not copied. What is constant is computed once.
    /// </summary>
    public ReadOnlySpan<ColumnVector> RentAll(ReadOnlySpan<Expression> operands, RowBatch input)
    {
        int first = _scratchCount;
        foreach (Expression operand in operands)
        {
            if (operand is ColumnExpression column && input.Column(column.Ordinal) is var vector && vector.Type == column.Type)
            {
                MakeRoom();
                _operands[_scratchCount++] = vector;
            }
            else if (input.SelectedCount > 1 && operand.Children.Length > 0 && operand.IsConstant)
            {
                EvaluateOnce(operand, input, Rent(operand.Type));
            }
            else
            {
                operand.Evaluate(this, input, Rent(operand.Type));
            }
        }

        return _operands.AsSpan(first, operands.Length);
    }

    /// <summary>Evaluates one operand into a scratch vector.</summary>
    public ColumnVector RentValue(Expression operand, RowBatch input)
    {
        ColumnVector vector = Rent(operand.Type);
        operand.Evaluate(this, input, vector);
        return vector;
    }

    /// <summary>Gives the newest scratch vectors back.</summary>
    public void Return(int count = 1) => _scratchCount -= count;

    /// <summary>Takes an array for a selection; give it back in reverse order.</summary>
    public int[] RentPositions()
    {
        if (_positionsCount == _positions.Length)
            Array.Resize(ref _positions, _positions.Length * 2);
        return _positions[_positionsCount++] ??= new int[RowBatch.RowCountMax];
    }

    /// <summary>Gives the newest selection array back.</summary>
    public void ReturnPositions() => _positionsCount--;

    /// <summary>Forgets scratch that an exception left behind. Call after a statement failed.</summary>
    public void ReleaseScratch()
    {
        _scratchCount = 0;
        _positionsCount = 0;
    }

    private void MakeRoom()
    {
        if (_scratchCount < _scratch.Length)
            return;
        Array.Resize(ref _scratch, _scratch.Length * 2);
        Array.Resize(ref _operands, _scratch.Length);
    }

    private void EvaluateOnce(Expression constant, RowBatch input, ColumnVector result)
    {
        RowBatch.SavedSelection saved = input.Save();
        int first = input.RowAt(0);
        int[] positions = RentPositions();
        positions[0] = first;
        input.Select(positions, 1);
        constant.Evaluate(this, input, result);
        input.Restore(saved);
        ReturnPositions();
        ConstantExpression.Spread(first, input, result);
    }

    /// <summary>The value of a constant expression.</summary>
    public SqlValue EvaluateConstant(Expression expression)
    {
        ColumnVector vector = RentValue(expression, OneRow);
        SqlValue value = SqlValue.FromVector(vector, 0);
        Return();
        return value;
    }
}
