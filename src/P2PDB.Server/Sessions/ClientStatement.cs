using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.ResultSets;

namespace P2PDB.Server.Sessions;

/// <summary>A client's prepared statement: the engine's, with the parameter types and long data sent so far.</summary>
internal sealed class ClientStatement : IDisposable
{
    /// <summary>A parameter set keeps buffers up to this length between executions.</summary>
    private const int KeptLengthMax = 64 << 10;

    private readonly PreparedStatement? _statement;
    private LongData[]? _longData;

    /// <summary>Wraps an engine statement; null is for tests of decoding alone.</summary>
    public ClientStatement(uint id, PreparedStatement? statement, int parameterCount)
    {
        Id = id;
        _statement = statement;
        ParameterCount = parameterCount;
        Types = new ushort[parameterCount];
    }

    public uint Id { get; }

    public int ParameterCount { get; }

    /// <summary>Type codes with flags in the high byte, as last sent.</summary>
    public ushort[] Types { get; }

    /// <summary>True once the client has sent types.</summary>
    public bool HasTypes { get; set; }

    /// <summary>Values of the execution at hand.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>An error that COM_STMT_SEND_LONG_DATA, which has no answer, left for the next execution.</summary>
    public SqlError? PendingError { get; private set; }

    /// <summary>Rows of the last execution that the client has not fetched yet.</summary>
    public CursorRows? Cursor { get; private set; }

    /// <summary>The engine's statement.</summary>
    public PreparedStatement Engine => _statement ?? throw new InvalidOperationException("A statement without engine.");

    /// <summary>Adds a piece of a parameter's value.</summary>
    public void AppendLongData(int index, ReadOnlySpan<byte> piece, int lengthMax)
    {
        if ((uint)index >= (uint)ParameterCount)
        {
            PendingError = ServerErrors.WrongLongDataArguments;
            return;
        }

        _longData ??= new LongData[ParameterCount];
        ref LongData data = ref _longData[index];
        long total = piece.Length;
        foreach (LongData each in _longData)
            total += each.Length;
        if (total > lengthMax)
        {
            PendingError = SqlErrors.PacketTooLarge();
            return;
        }

        byte[] bytes = data.Bytes ?? [];
        if (bytes.Length - data.Length < piece.Length)
            Array.Resize(ref bytes, (int)Math.Min(Math.Max(2L * bytes.Length, data.Length + (long)piece.Length), lengthMax));
        piece.CopyTo(bytes.AsSpan(data.Length));
        data = new LongData(bytes, data.Length + piece.Length);
    }

    /// <summary>The long data sent for a parameter, even if empty; false where none was.</summary>
    public bool TryGetLongData(int index, out ReadOnlySpan<byte> value)
    {
        if (_longData is null || _longData[index].Bytes is not { } bytes)
        {
            value = default;
            return false;
        }

        value = bytes.AsSpan(0, _longData[index].Length);
        return true;
    }

    /// <summary>Forgets long data and its error, after an execution or COM_STMT_RESET.</summary>
    public void ForgetLongData()
    {
        _longData = null;
        PendingError = null;
    }

    /// <summary>Lets go of a large execution's values.</summary>
    public void Trim()
    {
        Parameters.Reset(0);
        Parameters.Trim(KeptLengthMax);
    }

    /// <summary>Closes the cursor if one is open, and puts another in its place, or none.</summary>
    public void ReplaceCursor(CursorRows? cursor)
    {
        Cursor?.Dispose();
        Cursor = cursor;
    }

    public void Dispose()
    {
        ReplaceCursor(null);
        _statement?.Dispose();
    }

    private readonly record struct LongData(byte[]? Bytes, int Length);
}
