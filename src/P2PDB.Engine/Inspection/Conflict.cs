using P2PDB.Engine.Catalog;

namespace P2PDB.Engine.Inspection;

/// <summary>What one writer wrote and another's write put aside.</summary>
/// <param name="Kind">What was put aside.</param>
/// <param name="Table">The table it is about, by its present or last name.</param>
/// <param name="RowKey">The row, or null.</param>
/// <param name="Subject">The index or the name that both claim, the foreign key, or null.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Lost">The write that was put aside.</param>
/// <param name="LostValues">Its values, as JSON, or null.</param>
/// <param name="Kept">The write that stands.</param>
/// <param name="KeptKey">The row that stands, or null.</param>
/// <param name="KeptValues">Its values, as JSON, or null.</param>
internal sealed record Conflict(
    string Kind, string Table, byte[]? RowKey, string? Subject, string Rule, DefinitionStamp Lost, byte[]? LostValues, DefinitionStamp Kept,
    byte[]? KeptKey, byte[]? KeptValues)
{
    /// <summary>A value beside the one that shows, in a column that keeps all concurrent ones.</summary>
    public const string ConcurrentValue = "concurrent value";

    /// <summary>The end of a text that is longer than its column holds.</summary>
    public const string CutText = "cut text";

    /// <summary>A row that a UNIQUE index or a foreign key hides.</summary>
    public const string HiddenRow = "hidden row";

    /// <summary>A deleted row that shows, as a row references it.</summary>
    public const string KeptParent = "kept parent";

    /// <summary>A row that shows though the one it references is not there.</summary>
    public const string LostParent = "lost parent";

    /// <summary>A table or column that is shown under another name than its own.</summary>
    public const string NameSetAside = "name set aside";

    /// <summary>Values that others took the place of whose writer had not seen them.</summary>
    public const string LostWrite = "lost write";

    /// <summary>A deletion that a write undid whose writer had not seen it.</summary>
    public const string LostDelete = "lost delete";

    /// <summary>Values that went with a row that was deleted by somebody who had not seen them.</summary>
    public const string LostToDelete = "lost to delete";
}
