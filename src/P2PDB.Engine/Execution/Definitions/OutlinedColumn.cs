using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>What of a column matters to indexes and constraints.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Name">Its name as written.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsNullable">False for NOT NULL.</param>
internal readonly record struct OutlinedColumn(ColumnId Id, string Name, SqlType Type, bool IsNullable);
