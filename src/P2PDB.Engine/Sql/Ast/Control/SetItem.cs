using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>One item of SET.</summary>
internal abstract record SetItem;

/// <summary>[scope] name = value. A null value is DEFAULT; bare words such as ON are <see cref="StringLiteral"/>s.</summary>
/// <param name="Scope">None where no word was written: a routine's variable of that name goes before the session's.</param>
/// <param name="Component">The word before a point, or null.</param>
/// <param name="Name">The variable.</param>
/// <param name="Value">The value, or null for DEFAULT.</param>
internal sealed record SetSystemVariable(VariableScope Scope, string? Component, string Name, ExpressionNode? Value) : SetItem;

/// <summary>@name = value.</summary>
internal sealed record SetUserVariable(string Name, ExpressionNode Value) : SetItem;

/// <summary>NAMES set [COLLATE c]; NAMES DEFAULT is null.</summary>
internal sealed record SetNames(string? CharacterSet, string? Collation) : SetItem;

/// <summary>CHARACTER SET c; DEFAULT is null.</summary>
internal sealed record SetCharacterSet(string? CharacterSet) : SetItem;
