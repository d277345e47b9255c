using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Inspection;

/// <summary>The columns that the tables about entries begin with, and how their values look.</summary>
internal static class EntryColumns
{
    public const int Database = 0;
    public const int Author = 1;
    public const int Seq = 2;
    public const int EntryId = 3;
    public const int Time = 4;
    public const int Counter = 5;

    /// <summary>Where a table's own columns begin.</summary>
    public const int Count = 6;

    private static readonly SqlType TimeType = SqlType.DateTime(3);

    /// <summary>These columns and those of a table's own.</summary>
    public static RelationColumn[] With(params RelationColumn[] own) =>
    [
        Columns.Text("database_name", 64), Columns.Text("author_key", 64), Columns.Unsigned("seq"), Columns.Text("entry_id", 64),
        TimeColumn("time"), Columns.Integer("counter"), .. own,
    ];

    /// <summary>A column of entries' times.</summary>
    public static RelationColumn TimeColumn(string name) => new(name, TimeType);

    /// <summary>The time of an entry as a session reads it; null where no calendar has it.</summary>
    public static object? TimeOf(HlcTimestamp hlc, SessionTimeZone zone)
    {
        TemporalValue time = zone.ToLocal((long)hlc.Milliseconds * 1000);
        return time.IsZero ? null : time.Packed;
    }

    /// <summary>What an entry counts for, in a word or two.</summary>
    public static string NameOf(EntryStanding standing) => standing switch
    {
        EntryStanding.Effective => "effective",
        EntryStanding.NotAdmitted => "not admitted",
        EntryStanding.Void => "void",
        _ => "parked",
    };
}
