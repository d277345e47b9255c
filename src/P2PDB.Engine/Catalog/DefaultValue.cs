namespace P2PDB.Engine.Catalog;

/// <summary>A column's default.</summary>
/// <param name="Kind">What sort of default it is.</param>
/// <param name="Text">
/// Of a literal its value as text, unquoted, as SHOW CREATE TABLE prints it between quotes; of an expression its SQL.
/// </param>
internal sealed record DefaultValue(DefaultKind Kind, string Text = "")
{
    /// <summary>No DEFAULT clause.</summary>
    public static DefaultValue None { get; } = new(DefaultKind.None);

    /// <summary>DEFAULT NULL.</summary>
    public static DefaultValue Null { get; } = new(DefaultKind.Null);

    /// <summary>DEFAULT CURRENT_TIMESTAMP.</summary>
    public static DefaultValue CurrentTimestamp { get; } = new(DefaultKind.CurrentTimestamp);

    /// <summary>A literal, given as text.</summary>
    public static DefaultValue Literal(string text) => new(DefaultKind.Literal, text);
}
