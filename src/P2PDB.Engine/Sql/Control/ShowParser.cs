using P2PDB.Engine.Sql.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Parses SHOW.</summary>
internal static class ShowParser
{
    /// <summary>Parses the statement whose word stands here.</summary>
    public static Statement Parse(ref TokenCursor cursor)
    {
        int start = cursor.Current.Start;
        cursor.Expect(Keyword.SHOW);
        bool isExtended = cursor.Accept(Keyword.EXTENDED);
        bool isFull = cursor.Accept(Keyword.FULL);
        VariableScope scope = OperandParser.Scope(cursor.Current.Keyword);
        if (scope is VariableScope.Global or VariableScope.Session)
        {
            cursor.Advance();
            if (cursor.Current.Keyword is not (Keyword.VARIABLES or Keyword.STATUS))
                throw cursor.Fail();
        }
        else
        {
            scope = VariableScope.None;
        }

        Token word = cursor.Current;
        cursor.Advance();
        ShowStatement show = word.Keyword switch
        {
            Keyword.DATABASES or Keyword.SCHEMAS => Filter(ref cursor, ShowKind.Databases),
            Keyword.TABLES => InSchema(ref cursor, ShowKind.Tables),
            Keyword.TRIGGERS => InSchema(ref cursor, ShowKind.Triggers),
            Keyword.EVENTS => InSchema(ref cursor, ShowKind.Events),
            Keyword.TABLE => Then(ref cursor, Keyword.STATUS, ShowKind.TableStatus),
            Keyword.OPEN => Then(ref cursor, Keyword.TABLES, ShowKind.OpenTables),
            Keyword.COLUMNS or Keyword.FIELDS => OfTable(ref cursor, ShowKind.Columns),
            Keyword.INDEX or Keyword.INDEXES or Keyword.KEYS => OfTable(ref cursor, ShowKind.Indexes),
            Keyword.PROCEDURE or Keyword.FUNCTION => Routine(ref cursor, word.Keyword == Keyword.PROCEDURE),
            Keyword.VARIABLES => Filter(ref cursor, ShowKind.Variables),
            Keyword.STATUS => Filter(ref cursor, ShowKind.Status),
            Keyword.STORAGE => Engines(ref cursor),
            Keyword.ENGINES => new ShowStatement(ShowKind.Engines),
            Keyword.ENGINE => Engine(ref cursor),
            Keyword.PLUGINS => new ShowStatement(ShowKind.Plugins),
            Keyword.PRIVILEGES => new ShowStatement(ShowKind.Privileges),
            Keyword.CHARSET => Filter(ref cursor, ShowKind.CharacterSets),
            Keyword.CHARACTER or Keyword.CHAR => CharacterSet(ref cursor),
            Keyword.COLLATION => Filter(ref cursor, ShowKind.Collations),
            Keyword.WARNINGS => Limited(ref cursor, ShowKind.Warnings),
            Keyword.ERRORS => Limited(ref cursor, ShowKind.Errors),
            Keyword.COUNT => Count(ref cursor),
            Keyword.PROCESSLIST => new ShowStatement(ShowKind.ProcessList),
            Keyword.PROFILES => new ShowStatement(ShowKind.Profiles),
            Keyword.PROFILE => Profile(ref cursor),
            Keyword.GRANTS => Grants(ref cursor),
            Keyword.CREATE => Create(ref cursor),
            Keyword.BINARY => Logs(ref cursor),
            Keyword.BINLOG => LogEvents(ref cursor, ShowKind.BinaryLogEvents),
            Keyword.RELAYLOG => LogEvents(ref cursor, ShowKind.RelayLogEvents),
            Keyword.REPLICA or Keyword.SLAVE => Replica(ref cursor),
            Keyword.REPLICAS => new ShowStatement(ShowKind.Replicas),
            Keyword.PARSE_TREE => throw SyntaxErrors.Other(1235, "42000", "This version of MySQL doesn't yet support 'SHOW PARSE_TREE'"),
            _ => throw cursor.FailAt(word.Start == start ? start : word.Start),
        };
        bool mayBeFull = show.Kind is ShowKind.Tables or ShowKind.Columns or ShowKind.ProcessList or ShowKind.Triggers;
        bool mayBeExtended = show.Kind is ShowKind.Tables or ShowKind.Columns or ShowKind.Indexes;
        if ((isFull && !mayBeFull) || (isExtended && !mayBeExtended))
            throw cursor.FailAt(word.Start);
        return show with { IsFull = isFull, IsExtended = isExtended, Scope = scope };
    }

    private static ShowStatement Filter(ref TokenCursor cursor, ShowKind kind) => Filter(ref cursor, new ShowStatement(kind));

    private static ShowStatement Filter(ref TokenCursor cursor, ShowStatement show)
    {
        if (cursor.Accept(Keyword.LIKE))
            return show with { Like = cursor.StringBytes() };
        return cursor.Accept(Keyword.WHERE) ? show with { Where = ExpressionParser.Parse(ref cursor) } : show;
    }

    private static bool AcceptFrom(ref TokenCursor cursor) => cursor.Accept(Keyword.FROM) || cursor.Accept(Keyword.IN);

    private static ShowStatement InSchema(ref TokenCursor cursor, ShowKind kind)
    {
        string? schema = AcceptFrom(ref cursor) ? cursor.Name() : null;
        return Filter(ref cursor, new ShowStatement(kind) { Schema = schema });
    }

    private static ShowStatement Then(ref TokenCursor cursor, Keyword word, ShowKind kind)
    {
        cursor.Expect(word);
        return InSchema(ref cursor, kind);
    }

    private static ShowStatement OfTable(ref TokenCursor cursor, ShowKind kind)
    {
        if (!AcceptFrom(ref cursor))
            throw cursor.Fail();
        ObjectName name = cursor.ObjectName();
        if (AcceptFrom(ref cursor))
            name = new ObjectName(cursor.Name(), name.Name);
        return Filter(ref cursor, new ShowStatement(kind) { Name = name });
    }

    private static ShowStatement Routine(ref TokenCursor cursor, bool isProcedure)
    {
        if (cursor.Accept(Keyword.STATUS))
            return Filter(ref cursor, isProcedure ? ShowKind.ProcedureStatus : ShowKind.FunctionStatus);
        cursor.Expect(Keyword.CODE);
        return new ShowStatement(isProcedure ? ShowKind.ProcedureCode : ShowKind.FunctionCode) { Name = cursor.ObjectName() };
    }

    private static ShowStatement Engines(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.ENGINES);
        return new ShowStatement(ShowKind.Engines);
    }

    private static ShowStatement Engine(ref TokenCursor cursor)
    {
        string engine = cursor.Is(Keyword.ALL) ? cursor.AnyWord() : cursor.NameOrString();
        ShowKind kind = cursor.Current.Keyword switch
        {
            Keyword.STATUS => ShowKind.EngineStatus,
            Keyword.MUTEX => ShowKind.EngineMutex,
            Keyword.LOGS => ShowKind.EngineLogs,
            _ => throw cursor.Fail(),
        };
        cursor.Advance();
        return new ShowStatement(kind) { Name = new ObjectName(null, engine) };
    }

    private static ShowStatement CharacterSet(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.SET);
        return Filter(ref cursor, ShowKind.CharacterSets);
    }

    private static ShowStatement Limited(ref TokenCursor cursor, ShowKind kind) =>
        new(kind) { Limit = QueryParser.TryLimit(ref cursor) };

    private static ShowStatement Count(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        cursor.Expect(TokenKind.Star);
        cursor.Expect(TokenKind.CloseParen);
        if (cursor.Accept(Keyword.WARNINGS))
            return new ShowStatement(ShowKind.WarningCount);
        cursor.Expect(Keyword.ERRORS);
        return new ShowStatement(ShowKind.ErrorCount);
    }

    private static ShowStatement Profile(ref TokenCursor cursor)
    {
        List<string> types = [];
        while (cursor.Current.Keyword is Keyword.ALL or Keyword.BLOCK or Keyword.CONTEXT or Keyword.CPU or Keyword.IPC or Keyword.MEMORY
            or Keyword.PAGE or Keyword.SOURCE or Keyword.SWAPS)
        {
            string type = cursor.AnyWord().ToUpperInvariant();
            if (type is "BLOCK")
                type = Two(ref cursor, type, Keyword.IO);
            else if (type is "CONTEXT")
                type = Two(ref cursor, type, Keyword.SWITCHES);
            else if (type is "PAGE")
                type = Two(ref cursor, type, Keyword.FAULTS);
            types.Add(type);
            if (!cursor.Accept(TokenKind.Comma))
                break;
        }

        ulong? query = cursor.Accept(Keyword.FOR, Keyword.QUERY) ? cursor.Number() : null;
        return new ShowStatement(ShowKind.Profile) { ProfileTypes = [.. types], ProfileQuery = query, Limit = QueryParser.TryLimit(ref cursor) };
    }

    private static string Two(ref TokenCursor cursor, string first, Keyword second)
    {
        cursor.Expect(second);
        return $"{first} {second}";
    }

    private static ShowStatement Grants(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.FOR))
            return new ShowStatement(ShowKind.Grants);
        AccountName account = AccountParser.Name(ref cursor);
        return new ShowStatement(ShowKind.Grants)
        {
            Account = account,
            Roles = cursor.Accept(Keyword.USING) ? AccountParser.Names(ref cursor) : [],
        };
    }

    private static ShowStatement Create(ref TokenCursor cursor)
    {
        ShowKind kind = cursor.Current.Keyword switch
        {
            Keyword.DATABASE or Keyword.SCHEMA => ShowKind.CreateDatabase,
            Keyword.TABLE => ShowKind.CreateTable,
            Keyword.VIEW => ShowKind.CreateView,
            Keyword.PROCEDURE => ShowKind.CreateProcedure,
            Keyword.FUNCTION => ShowKind.CreateFunction,
            Keyword.TRIGGER => ShowKind.CreateTrigger,
            Keyword.EVENT => ShowKind.CreateEvent,
            Keyword.USER => ShowKind.CreateUser,
            _ => throw cursor.Fail(),
        };
        cursor.Advance();
        if (kind == ShowKind.CreateUser)
            return new ShowStatement(kind) { Account = AccountParser.Name(ref cursor) };
        if (kind != ShowKind.CreateDatabase)
            return new ShowStatement(kind) { Name = cursor.ObjectName() };
        bool ifNotExists = CreateTableParser.AcceptIfNotExists(ref cursor);
        return new ShowStatement(kind) { IfNotExists = ifNotExists, Name = new ObjectName(null, cursor.Name()) };
    }

    private static ShowStatement Logs(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.LOGS))
            return new ShowStatement(ShowKind.BinaryLogs);
        cursor.Expect(Keyword.LOG, Keyword.STATUS);
        return new ShowStatement(ShowKind.BinaryLogStatus);
    }

    private static ShowStatement LogEvents(ref TokenCursor cursor, ShowKind kind)
    {
        cursor.Expect(Keyword.EVENTS);
        string? file = cursor.Accept(Keyword.IN) ? cursor.StringText() : null;
        ulong? position = cursor.Accept(Keyword.FROM) ? cursor.Number() : null;
        var show = new ShowStatement(kind)
        {
            Name = file is null ? null : new ObjectName(null, file),
            LogPosition = position,
            Limit = QueryParser.TryLimit(ref cursor),
        };
        return Channel(ref cursor, show);
    }

    private static ShowStatement Replica(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.HOSTS))
            return new ShowStatement(ShowKind.Replicas);
        cursor.Expect(Keyword.STATUS);
        return Channel(ref cursor, new ShowStatement(ShowKind.ReplicaStatus));
    }

    private static ShowStatement Channel(ref TokenCursor cursor, ShowStatement show) =>
        cursor.Accept(Keyword.FOR, Keyword.CHANNEL) ? show with { Schema = cursor.StringText() } : show;
}
