using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Sessions;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 how many parameters, in its upper half how many bytes of long data the first has got (15: none, and the client sends attributes), then what follows the statement id in
/// COM_STMT_EXECUTE. A value has many encodings (types of several widths, bits that say nothing): the law is that the values, written in the
/// widest type of their kind, are read as the same values.
/// </summary>
internal sealed class MySqlExecuteTarget : IFuzzTarget, IDisposable
{
    private readonly PacketWriter _again = new();

    public string Name => "mysql-execute";

    public IReadOnlyList<string> Decoder => ["P2PDB.Server/Sessions/ExecuteParameters.cs", "P2PDB.Server/Sessions/QueryAttributes.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 0, 1, 0, 0, 0],
        [1, 0, 1, 0, 0, 0, 0, 1, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8],
        [2, 0, 1, 0, 0, 0, 1, 1, 8, 0, 3, 128, 1, 2, 3, 4],
        [3, 0, 1, 0, 0, 0, 0, 1, 253, 0, 252, 0, 246, 0, 1, 65, 2, 0, 1, 3, 49, 46, 53],
        [2, 0, 1, 0, 0, 0, 0, 1, 12, 0, 11, 0, 11, 0xE8, 7, 2, 29, 23, 59, 58, 1, 0, 0, 0, 12, 1, 1, 0, 0, 0, 2, 3, 4, 5, 0, 0, 0],
        [240, 8, 1, 0, 0, 0, 1, 0, 1, 254, 0, 1, 97, 3, 120, 121, 122],
        [241, 8, 1, 0, 0, 0, 3, 0, 1, 3, 0, 0, 254, 0, 1, 97, 6, 0, 1, 98, 7, 0, 0, 0, 1, 120],
        [241, 0, 1, 0, 0, 0, 1, 0, 1, 3, 0, 0, 7, 0, 0, 0],
        [4, 0, 1, 0, 0, 0, 0, 1, 1, 0, 2, 128, 4, 0, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        int count = input[0] % 16;
        using var statement = new ClientStatement(1, null, count);
        bool hasAttributes = input[0] >> 4 == 15;
        if (count > 0 && input[0] >= 16 && !hasAttributes)
            statement.AppendLongData(0, input[..Math.Min(input.Length, input[0] / 16)], 64);
        probe.BeginDecoding();
        bool isValid = ExecuteParameters.TryRead(input[1..], statement, hasAttributes);
        probe.EndDecoding();
        probe.Reached(isValid ? 1 : 0);
        if (!isValid)
            return false;

        ParameterSet parameters = statement.Parameters;
        FuzzLaw.Require(parameters.Count == count, "all parameters are there");
        using var second = new ClientStatement(1, null, count);
        FuzzLaw.Require(ExecuteParameters.TryRead(WriteAgain(parameters), second), "own packets are read");
        for (int i = 0; i < count; i++)
        {
            ParameterKind kind = parameters.GetKind(i);
            probe.Reached(16 + (int)kind);
            FuzzLaw.Require(kind == second.Parameters.GetKind(i), "a value is read as its kind");
            switch (kind)
            {
                case ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber:
                    FuzzLaw.Require(parameters.GetBytes(i).Length <= input.Length, "no more bytes than were sent");
                    FuzzLaw.RequireSame(parameters.GetBytes(i), second.Parameters.GetBytes(i), "bytes are read as written");
                    break;
                case ParameterKind.Date or ParameterKind.DateTime:
                    FuzzLaw.Require(TemporalValue.IsValid(parameters.GetInt64(i)), "dates are in range");
                    break;
                case ParameterKind.Time:
                    FuzzLaw.Require(Math.Abs(parameters.GetInt64(i)) <= TemporalValue.TimeMax, "times are in range");
                    break;
                case ParameterKind.FloatingPoint:
                    FuzzLaw.Require(double.IsFinite(parameters.GetDouble(i)), "doubles are numbers");
                    break;
            }

            bool isNumber = kind is not (ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber);
            FuzzLaw.Require(!isNumber || parameters.GetInt64(i) == second.Parameters.GetInt64(i), "a value is read as written");
        }

        return true;
    }

    public void Dispose() => _again.Dispose();

    private ReadOnlySpan<byte> WriteAgain(ParameterSet parameters)
    {
        _again.Clear();
        _again.Begin();
        _again.WriteByte(0);
        _again.WriteUInt32(1);
        if (parameters.Count > 0)
        {
            _again.WriteZeros((parameters.Count + 7) / 8);
            _again.WriteByte(1);
            for (int i = 0; i < parameters.Count; i++)
                _again.WriteUInt16(TypeOf(parameters.GetKind(i)));
        }

        for (int i = 0; i < parameters.Count; i++)
            WriteValue(parameters, i);
        _again.End();
        return _again.Written[PacketLimits.HeaderLength..];
    }

    private void WriteValue(ParameterSet parameters, int index)
    {
        switch (parameters.GetKind(index))
        {
            case ParameterKind.Null:
                break;
            case ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber:
                _again.WriteLengthEncodedBytes(parameters.GetBytes(index));
                break;
            case ParameterKind.Date or ParameterKind.DateTime:
                WriteDateTime(new TemporalValue(parameters.GetInt64(index)));
                break;
            case ParameterKind.Time:
                WriteTime(parameters.GetInt64(index));
                break;
            default:
                _again.WriteUInt64((ulong)parameters.GetInt64(index));
                break;
        }
    }

    private void WriteDateTime(TemporalValue value)
    {
        _again.WriteByte(11);
        _again.WriteUInt16((ushort)value.Year);
        foreach (int part in (ReadOnlySpan<int>)[value.Month, value.Day, value.Hour, value.Minute, value.Second])
            _again.WriteByte((byte)part);
        _again.WriteUInt32((uint)value.Microsecond);
    }

    private void WriteTime(long microseconds)
    {
        long seconds = Math.Abs(microseconds) / 1_000_000;
        _again.WriteByte(12);
        _again.WriteByte(microseconds < 0 ? (byte)1 : (byte)0);
        _again.WriteUInt32((uint)(seconds / 86_400));
        foreach (long part in (ReadOnlySpan<long>)[seconds / 3600 % 24, seconds / 60 % 60, seconds % 60])
            _again.WriteByte((byte)part);
        _again.WriteUInt32((uint)(Math.Abs(microseconds) % 1_000_000));
    }

    private static ushort TypeOf(ParameterKind kind) => kind switch
    {
        ParameterKind.Null => (ushort)ColumnTypeCode.Null,
        ParameterKind.SignedInteger => (ushort)ColumnTypeCode.LongLong,
        ParameterKind.UnsignedInteger => (ushort)ColumnTypeCode.LongLong | 0x8000,
        ParameterKind.FloatingPoint => (ushort)ColumnTypeCode.Double,
        ParameterKind.ExactNumber => (ushort)ColumnTypeCode.NewDecimal,
        ParameterKind.Text => (ushort)ColumnTypeCode.VarString,
        ParameterKind.Binary => (ushort)ColumnTypeCode.Blob,
        ParameterKind.Date => (ushort)ColumnTypeCode.Date,
        ParameterKind.DateTime => (ushort)ColumnTypeCode.DateTime,
        _ => (ushort)ColumnTypeCode.Time,
    };
}
