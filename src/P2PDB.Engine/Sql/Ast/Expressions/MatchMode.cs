namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>How AGAINST reads its pattern.</summary>
internal enum MatchMode : byte { NaturalLanguage, NaturalLanguageWithExpansion, Boolean, Expansion }
