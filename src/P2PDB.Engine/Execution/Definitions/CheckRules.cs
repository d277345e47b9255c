using System.Collections.Frozen;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>What may stand in a CHECK constraint: conditions over the row alone that are the same whenever and by whomever they are asked.</summary>
internal static class CheckRules
{
    private static readonly FrozenSet<string> BooleanFunctions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ISNULL", "JSON_VALID", "JSON_CONTAINS", "JSON_CONTAINS_PATH", "JSON_OVERLAPS", "JSON_SCHEMA_VALID", "REGEXP_LIKE", "IS_UUID", "IS_IPV4",
        "IS_IPV6", "IS_IPV4_COMPAT", "IS_IPV4_MAPPED");

    private static readonly FrozenSet<string> DisallowedFunctions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "NOW", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "SYSDATE", "CURDATE", "CURRENT_DATE", "CURTIME", "CURRENT_TIME", "UTC_DATE",
        "UTC_TIME", "UTC_TIMESTAMP", "RAND", "RANDOM_BYTES", "UUID", "UUID_SHORT", "CONNECTION_ID", "USER", "CURRENT_USER", "SESSION_USER",
        "SYSTEM_USER", "CURRENT_ROLE", "DATABASE", "SCHEMA", "VERSION", "LAST_INSERT_ID", "ROW_COUNT", "FOUND_ROWS", "SLEEP", "BENCHMARK",
        "GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS", "IS_FREE_LOCK", "IS_USED_LOCK", "LOAD_FILE", "NAME_CONST", "ICU_VERSION",
        "STATEMENT_DIGEST", "STATEMENT_DIGEST_TEXT");

    /// <summary>True where an expression says yes or no by its form, as MySQL sees it.</summary>
    public static bool IsBoolean(ExpressionNode node) => node switch
    {
        BooleanLiteral or IsNode or BetweenNode or InListNode or InQueryNode or ExistsNode or QuantifiedComparisonNode or LikeNode or RegexpNode => true,
        UnaryNode { Operator: UnaryOperator.Not } => true,
        BinaryNode n => n.Operator is BinaryOperator.Or or BinaryOperator.Xor or BinaryOperator.And or BinaryOperator.Equal
            or BinaryOperator.NullSafeEqual or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual
            or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual or BinaryOperator.SoundsLike or BinaryOperator.MemberOf,
        FunctionCallNode { Schema: null } n => BooleanFunctions.Contains(n.Name) || DisallowedFunctions.Contains(n.Name),
        FunctionCallNode => true,
        _ => false,
    };

    /// <summary>Errors 3814 to 3817 for what depends on more than the row, and for rows.</summary>
    public static void CheckParts(string check, ExpressionNode node)
    {
        SqlError? error = node switch
        {
            _ when AstWalker.QueryOf(node) is not null => ConstraintErrors.CheckHasFunction(check),
            UserVariableNode or SystemVariableNode or AssignNode or ParameterNode => ConstraintErrors.CheckHasVariable(check),
            RowNode => ConstraintErrors.CheckHasRow(check),
            FunctionCallNode { Schema: { } schema } n => ConstraintErrors.CheckHasFunction(check, $"`{schema}`.`{n.Name}`"),
            FunctionCallNode n when DisallowedFunctions.Contains(n.Name) || IsTimeNow(n) => ConstraintErrors.CheckHasFunction(check, n.Name.ToLowerInvariant()),
            MatchNode => ConstraintErrors.CheckHasFunction(check, "match"),
            InsertedValueNode => ConstraintErrors.CheckHasFunction(check, "values"),
            DefaultNode => ConstraintErrors.CheckHasFunction(check, "default"),
            AggregateNode or WindowCallNode => SqlErrors.InvalidGroupFunctionUse(),
            _ => null,
        };
        if (error is not null)
            throw error.ToException();
        AstWalker.VisitParts(node, part => CheckParts(check, part));
    }

    private static bool IsTimeNow(FunctionCallNode call) =>
        call.Arguments.Length == 0 && call.Name.Equals("UNIX_TIMESTAMP", StringComparison.OrdinalIgnoreCase);
}
