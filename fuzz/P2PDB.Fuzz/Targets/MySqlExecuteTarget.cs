using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Sessions;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: how many parameters, then what follows the statement id in COM_STMT_EXECUTE, twice over: the second time
/// without types, which the statement must have kept.
/// </summary>
internal sealed class MySqlExecuteTarget : IFuzzTarget
{
    public string Name => "mysql-execute";

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 0, 1, 0, 0, 0],
        [1, 0, 1, 0, 0, 0, 0, 1, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8],
        [2, 0, 1, 0, 0, 0, 1, 1, 8, 0, 3, 128, 1, 2, 3, 4],
        [3, 0, 1, 0, 0, 0, 0, 1, 253, 0, 252, 0, 246, 0, 1, 65, 2, 0, 1, 3, 49, 46, 53],
        [2, 0, 1, 0, 0, 0, 0, 1, 12, 0, 11, 0, 11, 0xE8, 7, 2, 29, 23, 59, 58, 1, 0, 0, 0, 12, 1, 1, 0, 0, 0, 2, 3, 4, 5, 0, 0, 0],
        [4, 0, 1, 0, 0, 0, 0, 1, 1, 0, 2, 128, 4, 0, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        int count = input[0] % 16;
        using var statement = new ClientStatement(1, null, count);
        bool isValid = ExecuteParameters.TryRead(input[1..], statement);
        probe.Reached(isValid ? 1 : 0);
        if (!isValid)
            return false;

        ParameterSet parameters = statement.Parameters;
        FuzzLaw.Require(parameters.Count == count, "all parameters are there");
        for (int i = 0; i < count; i++)
        {
            ParameterKind kind = parameters.GetKind(i);
            probe.Reached(16 + (int)kind);
            switch (kind)
            {
                case ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber:
                    FuzzLaw.Require(parameters.GetBytes(i).Length < input.Length, "no more bytes than were sent");
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
        }

        return true;
    }
}
