namespace P2PDB.Engine.Execution.Variables;

/// <summary>One system variable: what it is called, what it takes, where it may be set, and MySQL's default.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Kind">What values it takes.</param>
/// <param name="HasGlobal">True where SET GLOBAL and @@global reach it.</param>
/// <param name="HasSession">True where each session has its own value.</param>
/// <param name="IsReadOnly">True where SET is refused.</param>
/// <param name="Default">The value before anybody set it; null shows as NULL.</param>
internal sealed record SystemVariable(
    string Name, VariableKind Kind, bool HasGlobal, bool HasSession, bool IsReadOnly, string? Default);
