namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>
/// The infix operators. <c>||</c> is <see cref="Or"/>, or <see cref="Concatenate"/> under PIPES_AS_CONCAT; <c>-&gt;</c> and <c>-&gt;&gt;</c> are
/// <see cref="JsonExtract"/> and <see cref="JsonUnquote"/>; % is <see cref="Modulo"/>.
/// </summary>
internal enum BinaryOperator : byte
{
    Or, Xor, And,
    Equal, NullSafeEqual, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    SoundsLike, MemberOf,
    BitOr, BitAnd, ShiftLeft, ShiftRight,
    Add, Subtract, Multiply, Divide, IntegerDivide, Modulo, BitXor,
    Concatenate, JsonExtract, JsonUnquote,
}
