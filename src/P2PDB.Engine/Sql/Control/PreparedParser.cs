using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Parses PREPARE, EXECUTE, DEALLOCATE and CALL.</summary>
internal static class PreparedParser
{
    /// <summary>Parses PREPARE.</summary>
    public static PrepareStatement Prepare(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.PREPARE);
        string name = cursor.Name();
        cursor.Expect(Keyword.FROM);
        int position = cursor.Current.Start;
        ExpressionNode text = cursor.Is(TokenKind.UserVariable)
            ? new UserVariableNode(OperandParser.VariableName(ref cursor)) { Position = position }
            : new StringLiteral(cursor.StringBytes()) { Position = position };
        return new PrepareStatement(name, text);
    }

    /// <summary>Parses EXECUTE.</summary>
    public static ExecuteStatement Execute(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.EXECUTE);
        string name = cursor.Name();
        List<string> variables = [];
        if (cursor.Accept(Keyword.USING))
        {
            do
                variables.Add(OperandParser.VariableName(ref cursor));
            while (cursor.Accept(TokenKind.Comma));
        }

        return new ExecuteStatement(name, [.. variables]);
    }

    /// <summary>Parses DEALLOCATE PREPARE.</summary>
    public static DeallocateStatement Deallocate(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.DEALLOCATE, Keyword.PREPARE);
        return new DeallocateStatement(cursor.Name());
    }

    /// <summary>Parses CALL.</summary>
    public static CallStatement Call(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.CALL);
        ObjectName name = cursor.ObjectName();
        return new CallStatement(name, cursor.Is(TokenKind.OpenParen) ? FunctionParser.Arguments(ref cursor) : []);
    }
}
