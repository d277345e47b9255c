using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Definitions;

namespace P2PDB.Engine.Sql.Programs;

/// <summary>Parses CREATE and ALTER PROCEDURE and FUNCTION.</summary>
internal static class RoutineParser
{
    /// <summary>Parses from PROCEDURE or FUNCTION on, behind CREATE; a loadable function (SONAME) is refused with 1235.</summary>
    public static CreateRoutineStatement Create(ref TokenCursor cursor, AccountName? definer)
    {
        bool isFunction = cursor.Is(Keyword.FUNCTION);
        cursor.Advance();
        bool ifNotExists = CreateTableParser.AcceptIfNotExists(ref cursor);
        ObjectName name = cursor.ObjectName();
        if (isFunction && cursor.Is(Keyword.RETURNS))
            throw SyntaxErrors.Other(1235, "42000", "This version of MySQL doesn't yet support 'loadable functions'");

        RoutineParameter[] parameters = Parameters(ref cursor, isFunction);
        DataTypeNode? returns = null;
        if (isFunction)
        {
            cursor.Expect(Keyword.RETURNS);
            returns = DataTypeParser.Parse(ref cursor);
        }

        RoutineTraits traits = Traits(ref cursor);
        Statement body = BlockParser.Body(ref cursor, out string text);
        return new CreateRoutineStatement(name, parameters, body)
        {
            BodyText = text,
            Definer = definer,
            IfNotExists = ifNotExists,
            Returns = returns,
            Traits = traits,
        };
    }

    /// <summary>Parses from PROCEDURE or FUNCTION on, behind ALTER.</summary>
    public static AlterRoutineStatement Alter(ref TokenCursor cursor)
    {
        bool isFunction = cursor.Is(Keyword.FUNCTION);
        cursor.Advance();
        ObjectName name = cursor.ObjectName();
        return new AlterRoutineStatement(name, isFunction, Traits(ref cursor));
    }

    private static RoutineParameter[] Parameters(ref TokenCursor cursor, bool isFunction)
    {
        cursor.Expect(TokenKind.OpenParen);
        List<RoutineParameter> parameters = [];
        if (!cursor.Is(TokenKind.CloseParen))
        {
            do
            {
                ParameterDirection direction = ParameterDirection.In;
                if (!isFunction && cursor.Current.Keyword is Keyword.IN or Keyword.OUT or Keyword.INOUT)
                {
                    direction = cursor.Current.Keyword switch
                    {
                        Keyword.OUT => ParameterDirection.Out,
                        Keyword.INOUT => ParameterDirection.InOut,
                        _ => ParameterDirection.In,
                    };
                    cursor.Advance();
                }

                string name = cursor.Name();
                parameters.Add(new RoutineParameter(name, DataTypeParser.Parse(ref cursor), direction));
            }
            while (cursor.Accept(TokenKind.Comma));
        }

        cursor.Expect(TokenKind.CloseParen);
        return [.. parameters];
    }

    private static RoutineTraits Traits(ref TokenCursor cursor)
    {
        var traits = new RoutineTraits();
        while (true)
        {
            switch (cursor.Current.Keyword)
            {
                case Keyword.DETERMINISTIC:
                    cursor.Advance();
                    traits = traits with { IsDeterministic = true };
                    break;
                case Keyword.NOT when cursor.IsNext(Keyword.DETERMINISTIC):
                    cursor.Expect(Keyword.NOT, Keyword.DETERMINISTIC);
                    traits = traits with { IsDeterministic = false };
                    break;
                case Keyword.CONTAINS:
                    cursor.Expect(Keyword.CONTAINS, Keyword.SQL);
                    traits = traits with { DataAccess = "CONTAINS SQL" };
                    break;
                case Keyword.NO:
                    cursor.Expect(Keyword.NO, Keyword.SQL);
                    traits = traits with { DataAccess = "NO SQL" };
                    break;
                case Keyword.READS or Keyword.MODIFIES:
                    bool reads = cursor.Is(Keyword.READS);
                    cursor.Advance();
                    cursor.Expect(Keyword.SQL, Keyword.DATA);
                    traits = traits with { DataAccess = reads ? "READS SQL DATA" : "MODIFIES SQL DATA" };
                    break;
                case Keyword.SQL when cursor.IsNext(Keyword.SECURITY):
                    cursor.Expect(Keyword.SQL, Keyword.SECURITY);
                    bool isInvoker = cursor.Accept(Keyword.INVOKER);
                    if (!isInvoker)
                        cursor.Expect(Keyword.DEFINER);
                    traits = traits with { IsInvoker = isInvoker };
                    break;
                case Keyword.COMMENT:
                    cursor.Advance();
                    traits = traits with { Comment = cursor.StringText() };
                    break;
                case Keyword.LANGUAGE:
                    cursor.Advance();
                    traits = traits with { Language = cursor.AnyWord().ToUpperInvariant() };
                    break;
                default:
                    return traits;
            }
        }
    }
}
