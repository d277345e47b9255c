namespace P2PDB.Engine.Expressions;

/// <summary>How a function is made from its bound arguments.</summary>
internal sealed record FunctionDefinition(int ArgumentCountMin, int ArgumentCountMax, Func<Expression[], Expression> Bind);
