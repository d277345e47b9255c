using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Programs;

/// <summary>[label:] BEGIN declarations statements END.</summary>
internal sealed record BlockStatement(string? Label, Statement[] Declarations, Statement[] Statements) : Statement;

/// <summary>DECLARE names type [DEFAULT value].</summary>
internal sealed record DeclareVariableStatement(string[] Names, DataTypeNode Type, ExpressionNode? Default) : Statement;

/// <summary>DECLARE name CONDITION FOR value.</summary>
internal sealed record DeclareConditionStatement(string Name, HandlerCondition Condition) : Statement;

/// <summary>DECLARE name CURSOR FOR query.</summary>
internal sealed record DeclareCursorStatement(string Name, Query Query) : Statement;

/// <summary>DECLARE CONTINUE, EXIT or UNDO HANDLER FOR conditions statement.</summary>
internal sealed record DeclareHandlerStatement(HandlerAction Action, HandlerCondition[] Conditions, Statement Body) : Statement;

/// <summary>What a handler does after its body.</summary>
internal enum HandlerAction : byte { Continue, Exit, Undo }

/// <summary>An error number, a SQLSTATE, a named condition, or one of the three classes; exactly one member is set.</summary>
internal sealed record HandlerCondition(uint? ErrorCode, string? SqlState, string? Name, ConditionClass? Class);

/// <summary>SQLWARNING, NOT FOUND and SQLEXCEPTION.</summary>
internal enum ConditionClass : byte { Warning, NotFound, Exception }

/// <summary>IF … THEN … ELSEIF … ELSE … END IF.</summary>
internal sealed record IfStatement(ConditionalBranch[] Branches, Statement[] Otherwise) : Statement;

/// <summary>One condition and what it runs.</summary>
internal sealed record ConditionalBranch(ExpressionNode Condition, Statement[] Statements);

/// <summary>CASE as a statement; without ELSE (null) an unmatched value is error 1339.</summary>
internal sealed record CaseStatement(ExpressionNode? Operand, ConditionalBranch[] Branches, Statement[]? Otherwise) : Statement;

/// <summary>[label:] LOOP … END LOOP.</summary>
internal sealed record LoopStatement(string? Label, Statement[] Statements) : Statement;

/// <summary>[label:] WHILE condition DO … END WHILE.</summary>
internal sealed record WhileStatement(string? Label, ExpressionNode Condition, Statement[] Statements) : Statement;

/// <summary>[label:] REPEAT … UNTIL condition END REPEAT.</summary>
internal sealed record RepeatStatement(string? Label, Statement[] Statements, ExpressionNode Until) : Statement;

/// <summary>LEAVE label or ITERATE label.</summary>
internal sealed record JumpStatement(string Label, bool IsIterate) : Statement;

/// <summary>RETURN value.</summary>
internal sealed record ReturnStatement(ExpressionNode Value) : Statement;

/// <summary>OPEN cursor or CLOSE cursor.</summary>
internal sealed record CursorStatement(string Name, bool IsClose) : Statement;

/// <summary>FETCH [[NEXT] FROM] cursor INTO variables.</summary>
internal sealed record FetchStatement(string Cursor, string[] Variables) : Statement;
