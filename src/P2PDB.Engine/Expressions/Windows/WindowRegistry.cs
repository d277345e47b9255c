using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>The functions that exist over windows only, by name; aggregates over windows are <see cref="WindowAggregate"/>.</summary>
internal static class WindowRegistry
{
    /// <summary>Binds a call by its upper-case name; a wrong number of arguments is error 1582.</summary>
    public static WindowFunction Bind(string name, Expression[] arguments)
    {
#pragma warning disable CA1308 // MySQL shows function names in lower case.
        string lower = name.ToLowerInvariant();
#pragma warning restore CA1308
        (int least, int most) = name switch
        {
            "NTILE" or "FIRST_VALUE" or "LAST_VALUE" => (1, 1),
            "NTH_VALUE" => (2, 2),
            "LEAD" or "LAG" => (1, 3),
            _ => (0, 0),
        };
        if (arguments.Length < least || arguments.Length > most)
            throw SqlErrors.WrongParameterCountToFunction(lower).ToException();
        return name switch
        {
            "ROW_NUMBER" => new RankFunction(RankKind.Number),
            "RANK" => new RankFunction(RankKind.Rank),
            "DENSE_RANK" => new RankFunction(RankKind.Dense),
            "PERCENT_RANK" => new RankFunction(RankKind.Percent),
            "CUME_DIST" => new RankFunction(RankKind.Cumulative),
            "NTILE" => new TileFunction(arguments[0]),
            "LEAD" or "LAG" => OffsetFunction.Bind(lower, arguments),
            "NTH_VALUE" => new FrameValueFunction(lower, [arguments[0], Functions.Argument.Integer(arguments[1])]),
            _ => new FrameValueFunction(lower, arguments),
        };
    }
}
