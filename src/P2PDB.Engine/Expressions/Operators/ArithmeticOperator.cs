namespace P2PDB.Engine.Expressions.Operators;

/// <summary>The operators of numbers.</summary>
internal enum ArithmeticOperator : byte
{
    Add,
    Subtract,
    Multiply,
    Divide,
    IntegerDivide,
    Modulo,
}
