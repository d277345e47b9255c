using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Functions that read the session or its clock.</summary>
internal static class SessionFunctions
{
    public static void Register(Action<string, FunctionDefinition> add)
    {
        foreach (string name in (string[])["NOW", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"])
            add(name, new(0, 1, arguments => Clock(SqlType.DateTime(Scale(arguments)), arguments, isUtc: false)));
        add("SYSDATE", new(0, 1, SysDate));
        add("UTC_TIMESTAMP", new(0, 1, arguments => Clock(SqlType.DateTime(Scale(arguments)), arguments, isUtc: true)));
        foreach (string name in (string[])["CURDATE", "CURRENT_DATE"])
            add(name, Argument.Define(0, arguments => Clock(SqlType.Date, arguments, isUtc: false)));
        add("UTC_DATE", Argument.Define(0, arguments => Clock(SqlType.Date, arguments, isUtc: true)));
        foreach (string name in (string[])["CURTIME", "CURRENT_TIME"])
            add(name, new(0, 1, arguments => Clock(SqlType.Time(Scale(arguments)), arguments, isUtc: false)));
        add("UTC_TIME", new(0, 1, arguments => Clock(SqlType.Time(Scale(arguments)), arguments, isUtc: true)));
        foreach (string name in (string[])["USER", "SESSION_USER", "SYSTEM_USER"])
            AddText(add, name, session => session.UserName);
        AddText(add, "CURRENT_USER", session => session.AccountName);
        AddText(add, "CURRENT_ROLE", session => session.RoleNames);
        AddText(add, "DATABASE", session => session.DatabaseName);
        AddText(add, "SCHEMA", session => session.DatabaseName);
        AddText(add, "VERSION", session => session.ServerVersion);
        AddNumber(add, "CONNECTION_ID", isUnsigned: true, session => session.ConnectionId);
        AddNumber(add, "FOUND_ROWS", isUnsigned: false, session => session.FoundRowCount);
        AddNumber(add, "ROW_COUNT", isUnsigned: false, session => session.RowCount);
        add("LAST_INSERT_ID", new(0, 1, LastInsertId));
        add("SLEEP", Argument.Define(1, Sleep));
        add("BENCHMARK", Argument.Define(2, static arguments => new BenchmarkExpression(Argument.Integer(arguments[0]), arguments[1])));
        foreach (string name in (string[])["RELEASE_LOCK", "IS_FREE_LOCK", "IS_USED_LOCK"])
            add(name, Argument.Define(1, arguments => Lock(name, arguments)));
        add("GET_LOCK", Argument.Define(2, arguments => Lock("GET_LOCK", arguments)));
        add("RELEASE_ALL_LOCKS", Argument.Define(0, arguments => Lock("RELEASE_ALL_LOCKS", arguments)));
        add("COERCIBILITY", Argument.Define(1, Coercibility));
        add("LOAD_FILE", Argument.Define(1, _ => new ConstantExpression(SqlValue.NullOf(SqlType.LongBlob))));
    }

    /// <summary>@name.</summary>
    public static Expression UserVariable(string name, SqlType type) => new FunctionExpression("@" + name, type, [],
        (context, _, row, result) => Assign(context, context.Session.GetUserVariable(name), result, row), isDeterministic: false);

    /// <summary>@@name; the type is that of the present value.</summary>
    public static Expression SystemVariable(string name, bool isGlobal, SqlType type) => new FunctionExpression("@@" + name, type, [],
        (context, _, row, result) => Assign(context, context.Session.GetSystemVariable(name, isGlobal), result, row), isDeterministic: false);

    /// <summary>@name := value.</summary>
    public static Expression SetUserVariable(string name, Expression value) => new FunctionExpression(":=", value.Type, [value],
        (context, vectors, row, result) =>
        {
            context.Session.SetUserVariable(name, SqlValue.FromVector(vectors[0], row));
            result.CopyRow(vectors[0], row, row);
        }, seesNulls: true, isDeterministic: false);

    private static void Assign(EvaluationContext context, SqlValue value, ColumnVector result, int row)
    {
        if (value.IsNull)
        {
            result.SetNull(row);
            return;
        }

        ColumnVector given = context.Rent(value.Type);
        value.CopyTo(given, 0);
        Conversion.Convert(context, given, 0, result, row);
        context.Return();
    }

    private static int Scale(Expression[] arguments)
    {
        if (arguments.Length == 0 || arguments[0] is not ConstantExpression constant)
            return 0;
        if (constant.Value.Int64 is < 0 or > 6)
            throw SqlErrors.TooBigPrecision((int)Math.Min(int.MaxValue, constant.Value.Int64), "now", 6).ToException();
        return (int)constant.Value.Int64;
    }

    private static FunctionExpression Clock(SqlType type, Expression[] arguments, bool isUtc) => new("now", type, [],
        (context, _, row, result) =>
        {
            SessionTimeZone zone = isUtc ? SessionTimeZone.Utc : context.TimeZone;
            SetNow(zone.ToLocal(context.StatementTimeMicroseconds), result, row);
        }, isNullable: arguments.Length > 1);

    private static void SetNow(TemporalValue now, ColumnVector result, int row)
    {
        int unit = TemporalText.PowerOfTen(6 - result.Type.Scale);
        now = new TemporalValue(now.Packed - (now.Microsecond % unit));
        result.SetInt64(row, result.Type.Kind switch
        {
            SqlTypeKind.Date => now.Date.Packed,
            SqlTypeKind.Time => now.TimeOfDay,
            _ => now.Packed,
        });
    }

    private static FunctionExpression SysDate(Expression[] arguments) => new("sysdate", SqlType.DateTime(Scale(arguments)), [],
        (context, _, row, result) =>
        {
            long micros = (context.Clock.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / 10;
            SetNow(context.TimeZone.ToLocal(micros), result, row);
        }, isDeterministic: false, isNullable: false);

    private static void AddText(Action<string, FunctionDefinition> add, string name, Func<ISessionValues, string?> read) =>
        add(name, Argument.Define(0, _ => new FunctionExpression(name, SqlType.VarChar(288, Collation.Utf8Mb4GeneralCi), [],
            (context, _, row, result) =>
            {
                if (read(context.Session) is { } text)
                    result.SetBytes(row, Encoding.UTF8.GetBytes(text));
                else
                    result.SetNull(row);
            })));

    private static void AddNumber(Action<string, FunctionDefinition> add, string name, bool isUnsigned, Func<ISessionValues, long> read) =>
        add(name, Argument.Define(0, _ => new FunctionExpression(name, new SqlType(SqlTypeKind.BigInt, 21, isUnsigned: isUnsigned), [],
            (context, _, row, result) => result.SetInt64(row, read(context.Session)), isNullable: false)));

    private static FunctionExpression LastInsertId(Expression[] arguments) => arguments.Length == 0
        ? new FunctionExpression("last_insert_id", SqlType.UnsignedBigInt.WithLength(21), [], (context, _, row, result) =>
            result.SetInt64(row, unchecked((long)context.Session.LastInsertId)), isNullable: false)
        : new FunctionExpression("last_insert_id", SqlType.UnsignedBigInt.WithLength(21), [Argument.Integer(arguments[0])],
            (context, vectors, row, result) =>
            {
                long value = vectors[0].GetInt64(row);
                context.Session.LastInsertId = unchecked((ulong)value);
                result.SetInt64(row, value);
            }, isDeterministic: false);

    private static FunctionExpression Sleep(Expression[] arguments) => new("sleep", SqlType.Int.WithLength(1), Argument.Reals(arguments),
        (context, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row) || vectors[0].GetDouble(row) < 0)
                throw SqlErrors.WrongArguments("sleep").ToException();
            result.SetBoolean(row, context.Session.Sleep(vectors[0].GetDouble(row)));
        }, seesNulls: true, isDeterministic: false);

    private static FunctionExpression Lock(string name, Expression[] arguments) => new(name, SqlType.BigInt.WithLength(1),
        arguments.Length == 2 ? [Argument.Text(arguments[0]), Argument.Real(arguments[1])] : Argument.Texts(arguments),
        (context, vectors, row, result) =>
        {
            string lockName = vectors.Length > 0 ? Encoding.UTF8.GetString(vectors[0].GetBytes(row)) : "";
            if (vectors.Length > 0 && (lockName.Length == 0 || lockName.Length > 64))
                throw SqlErrors.UserLockWrongName(lockName).ToException();
            double timeout = vectors.Length > 1 ? vectors[1].GetDouble(row) : 0;
            if (context.Session.UserLock(name, lockName, timeout) is { } answer)
                result.SetInt64(row, answer);
            else
                result.SetNull(row);
        }, isDeterministic: false);

    private static ConstantExpression Coercibility(Expression[] arguments)
    {
        Expression argument = arguments[0];
        long value = argument switch
        {
            Operators.CollateExpression => 0,
            ColumnExpression => argument.Type.IsString ? 2 : 5,
            _ when argument.Type.Kind == SqlTypeKind.Null => 6,
            FunctionExpression { Name: "USER" or "CURRENT_USER" or "VERSION" or "DATABASE" or "SCHEMA" } => 3,
            _ => argument.Type.IsString ? 4 : 5,
        };
        return new ConstantExpression(SqlValue.FromInt64(value));
    }
}
