using P2PDB.Engine.Sql;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>
/// One statement's text taken apart: the key of its plan, and the values of the literals that stand in for the plan's parameters. Reused by a
/// session; warm it allocates nothing. Key and values are valid until the next <see cref="TryRead"/>.
/// </summary>
internal sealed class LiftedLiterals
{
    /// <summary>Longer texts rarely come again, and their plans are large.</summary>
    private const int TextLengthMax = 4096;

    private readonly StatementFingerprint _fingerprint = new();
    private SqlValue[] _values = new SqlValue[16];
    private bool[] _isBound = new bool[16];
    private byte[] _strings = [];

    /// <summary>What two texts share whose plans differ in nothing.</summary>
    public ReadOnlySpan<byte> Key => _fingerprint.Key;

    /// <summary>A hash of <see cref="Key"/>.</summary>
    public UInt128 Hash => _fingerprint.Hash;

    /// <summary>True where the text names a variable, whose value and type a plan may hold.</summary>
    public bool NamesVariable => _fingerprint.NamesVariable;

    /// <summary>Values by slot.</summary>
    public SqlValue[] Values => _values;

    /// <summary>True when the planner has taken each literal as a parameter: only then the plan serves other values too.</summary>
    public bool AreAllBound => !_isBound.AsSpan(0, _fingerprint.Literals.Length).Contains(false);

    /// <summary>Reads a text that is one whole statement; false where there is no plan to share for it.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, in ParseOptions options)
    {
        if (text.Length > TextLengthMax || !_fingerprint.TryCompute(text, options) || _fingerprint.ParameterCount > 0
            || !Parser.IsBlank(text[_fingerprint.Consumed..]))
        {
            return false;
        }

        ReadOnlySpan<LiftedLiteral> literals = _fingerprint.Literals;
        if (_values.Length < literals.Length)
        {
            _values = new SqlValue[literals.Length * 2];
            _isBound = new bool[literals.Length * 2];
        }

        _isBound.AsSpan(0, literals.Length).Clear();
        if (_strings.Length < text.Length)
            _strings = new byte[TextLengthMax];
        int used = 0;
        for (int i = 0; i < literals.Length; i++)
        {
            ReadOnlySpan<byte> literal = text.Slice(literals[i].Start, literals[i].Length);
            _values[i] = literals[i].Kind == TokenKind.String
                ? String(literal, literals[i].NeedsDecoding, !options.NoBackslashEscapes, ref used)
                : Number(literals[i].Kind, literal);
        }

        return true;
    }

    /// <summary>The slot of the literal at a byte offset, or -1; the plan takes its value from there.</summary>
    public int Bind(int position)
    {
        int slot = _fingerprint.SlotAt(position);
        if (slot >= 0)
            _isBound[slot] = true;
        return slot;
    }

    private SqlValue String(ReadOnlySpan<byte> quoted, bool needsDecoding, bool hasEscapes, ref int used)
    {
        ReadOnlySpan<byte> inner = quoted[1..^1];
        Span<byte> target = _strings.AsSpan(used, inner.Length);
        int length = inner.Length;
        if (needsDecoding)
            length = LiteralDecoder.Unquote(inner, quoted[0], hasEscapes, target);
        else
            inner.CopyTo(target);
        SqlValue value = SqlValue.FromBytes(SqlType.VarChar(255), _strings.AsMemory(used, length));
        used += inner.Length;
        return value;
    }

    private static SqlValue Number(TokenKind kind, ReadOnlySpan<byte> literal)
    {
        switch (kind)
        {
            case TokenKind.Integer:
                LiteralDecoder.TryInteger(literal, out ulong integer);
                return integer > long.MaxValue ? SqlValue.FromUInt64(integer) : SqlValue.FromInt64((long)integer);
            case TokenKind.Decimal:
                SqlDecimal.TryParse(literal, out SqlDecimal exact, out _);
                return SqlValue.FromDecimal(exact);
            default:
                LiteralDecoder.TryFloat(literal, out double approximate);
                return SqlValue.FromDouble(approximate);
        }
    }
}
