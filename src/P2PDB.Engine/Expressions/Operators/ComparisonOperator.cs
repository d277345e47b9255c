namespace P2PDB.Engine.Expressions.Operators;

/// <summary>The comparisons.</summary>
internal enum ComparisonOperator : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>&lt;=&gt;: NULL equals NULL.</summary>
    NullSafeEqual,
}
