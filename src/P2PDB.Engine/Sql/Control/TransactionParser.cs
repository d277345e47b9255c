using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Parses transaction control.</summary>
internal static class TransactionParser
{
    /// <summary>Parses START TRANSACTION.</summary>
    public static StartTransactionStatement Start(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.START, Keyword.TRANSACTION);
        bool? isReadOnly = null;
        bool withSnapshot = false;
        while (true)
        {
            if (cursor.Accept(Keyword.WITH, Keyword.CONSISTENT))
            {
                cursor.Expect(Keyword.SNAPSHOT);
                withSnapshot = true;
            }
            else if (cursor.Is(Keyword.READ) && isReadOnly is null)
            {
                isReadOnly = Access(ref cursor);
            }
            else if (!withSnapshot && isReadOnly is null)
            {
                break;
            }
            else
            {
                break;
            }

            if (!cursor.Accept(TokenKind.Comma))
                break;
        }

        return new StartTransactionStatement(isReadOnly, withSnapshot);
    }

    /// <summary>Parses BEGIN [WORK] as a statement.</summary>
    public static StartTransactionStatement Begin(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.BEGIN);
        cursor.Accept(Keyword.WORK);
        return new StartTransactionStatement(null, false);
    }

    /// <summary>Parses COMMIT.</summary>
    public static CommitStatement Commit(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.COMMIT);
        cursor.Accept(Keyword.WORK);
        (bool? chain, bool? release) = Completion(ref cursor);
        return new CommitStatement(chain, release);
    }

    /// <summary>Parses ROLLBACK and ROLLBACK TO.</summary>
    public static Statement Rollback(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.ROLLBACK);
        cursor.Accept(Keyword.WORK);
        if (cursor.Accept(Keyword.TO))
        {
            cursor.Accept(Keyword.SAVEPOINT);
            return new RollbackToSavepointStatement(cursor.Name());
        }

        (bool? chain, bool? release) = Completion(ref cursor);
        return new RollbackStatement(chain, release);
    }

    /// <summary>Parses SAVEPOINT.</summary>
    public static SavepointStatement Savepoint(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.SAVEPOINT);
        return new SavepointStatement(cursor.Name());
    }

    /// <summary>Parses RELEASE SAVEPOINT.</summary>
    public static ReleaseSavepointStatement Release(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.RELEASE, Keyword.SAVEPOINT);
        return new ReleaseSavepointStatement(cursor.Name());
    }

    /// <summary>Parses the characteristics behind SET … TRANSACTION.</summary>
    public static SetTransactionStatement Characteristics(ref TokenCursor cursor, VariableScope scope)
    {
        IsolationLevel? isolation = null;
        bool? isReadOnly = null;
        do
        {
            if (isolation is null && cursor.Accept(Keyword.ISOLATION))
            {
                cursor.Expect(Keyword.LEVEL);
                isolation = Isolation(ref cursor);
            }
            else if (isReadOnly is null && cursor.Is(Keyword.READ))
            {
                isReadOnly = Access(ref cursor);
            }
            else
            {
                throw cursor.Fail();
            }
        }
        while (cursor.Accept(TokenKind.Comma));
        return new SetTransactionStatement(scope, isolation, isReadOnly);
    }

    /// <summary>Parses XA.</summary>
    public static XaStatement Xa(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.XA);
        Keyword verb = cursor.Current.Keyword;
        cursor.Advance();
        string? option = null;
        if (verb == Keyword.RECOVER)
        {
            if (cursor.Accept(Keyword.CONVERT, Keyword.XID))
                option = "CONVERT XID";
            return new XaStatement("RECOVER", [], [], 1, option);
        }

        if (verb is not (Keyword.START or Keyword.BEGIN or Keyword.END or Keyword.PREPARE or Keyword.COMMIT or Keyword.ROLLBACK))
            throw cursor.Fail();
        byte[] globalId = Id(ref cursor);
        byte[] branchId = [];
        ulong format = 1;
        if (cursor.Accept(TokenKind.Comma))
        {
            branchId = Id(ref cursor);
            if (cursor.Accept(TokenKind.Comma))
                format = cursor.Number();
        }

        switch (verb)
        {
            case Keyword.START or Keyword.BEGIN when cursor.Current.Keyword is Keyword.JOIN or Keyword.RESUME:
                option = cursor.AnyWord().ToUpperInvariant();
                break;
            case Keyword.END when cursor.Accept(Keyword.SUSPEND):
                option = cursor.Accept(Keyword.FOR, Keyword.MIGRATE) ? "SUSPEND FOR MIGRATE" : "SUSPEND";
                break;
            case Keyword.COMMIT when cursor.Accept(Keyword.ONE, Keyword.PHASE):
                option = "ONE PHASE";
                break;
            default:
                break;
        }

        return new XaStatement(verb == Keyword.BEGIN ? "START" : verb.ToString(), globalId, branchId, format, option);
    }

    private static byte[] Id(ref TokenCursor cursor) =>
        cursor.Current.Kind is TokenKind.Hex or TokenKind.Bits ? ((BinaryLiteral)OperandParser.Parse(ref cursor)).Value : cursor.StringBytes();

    private static bool Access(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.READ);
        bool isReadOnly = cursor.Accept(Keyword.ONLY);
        if (!isReadOnly)
            cursor.Expect(Keyword.WRITE);
        return isReadOnly;
    }

    private static IsolationLevel Isolation(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.SERIALIZABLE))
            return IsolationLevel.Serializable;
        if (cursor.Accept(Keyword.REPEATABLE))
        {
            cursor.Expect(Keyword.READ);
            return IsolationLevel.RepeatableRead;
        }

        cursor.Expect(Keyword.READ);
        if (cursor.Accept(Keyword.COMMITTED))
            return IsolationLevel.ReadCommitted;
        cursor.Expect(Keyword.UNCOMMITTED);
        return IsolationLevel.ReadUncommitted;
    }

    private static (bool? Chain, bool? Release) Completion(ref TokenCursor cursor)
    {
        bool? chain = null;
        bool? release = null;
        if (cursor.Accept(Keyword.AND))
        {
            chain = !cursor.Accept(Keyword.NO);
            cursor.Expect(Keyword.CHAIN);
        }

        if (cursor.Accept(Keyword.NO, Keyword.RELEASE))
            release = false;
        else if (chain is not true && cursor.Accept(Keyword.RELEASE))
            release = true;
        return (chain, release);
    }
}
