using System.Globalization;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Variables;

/// <summary>System variables as values: what @@name gives.</summary>
internal static class VariableValues
{
    /// <summary>The value; error 1193 where there is no such variable.</summary>
    public static SqlValue Get(SessionState session, string name, bool isGlobal)
    {
        SystemVariable variable = SystemVariables.Find(name) ?? throw SqlErrors.UnknownSystemVariable(name).ToException();
        if (isGlobal && !variable.HasGlobal)
            throw SqlErrors.IncorrectGlobalLocalVariable(variable.Name, "SESSION").ToException();
        return ToValue(variable, Text(session, variable, isGlobal));
    }

    /// <summary>The value as SHOW VARIABLES shows it; null for NULL.</summary>
    public static string? Text(SessionState session, SystemVariable variable, bool isGlobal)
    {
        switch (variable.Name)
        {
            case "last_insert_id" or "identity" when !isGlobal:
                return session.LastInsertId.ToString(CultureInfo.InvariantCulture);
            case "pseudo_thread_id":
                return session.ConnectionId.ToString(CultureInfo.InvariantCulture);
            case "timestamp" when session.Variables.Get(variable) is "0" or null:
                decimal seconds = session.Evaluation.StatementTimeMicroseconds / 1_000_000m;
                return seconds.ToString("F6", CultureInfo.InvariantCulture);
            case "warning_count":
                return session.Conditions.Count.ToString(CultureInfo.InvariantCulture);
            case "error_count":
                int errors = 0;
                foreach (SqlError condition in session.Conditions)
                    errors += condition.Level == SqlErrorLevel.Error ? 1 : 0;
                return errors.ToString(CultureInfo.InvariantCulture);
            default:
                return isGlobal || !variable.HasSession ? session.Variables.Globals.Get(variable) : session.Variables.Get(variable);
        }
    }

    private static SqlValue ToValue(SystemVariable variable, string? text)
    {
        if (text is null)
            return SqlValue.NullOf(SqlType.VarChar(1));
        switch (variable.Kind)
        {
            case VariableKind.Boolean:
                return SqlValue.FromInt64(text is "ON" or "1" ? 1 : 0);
            case VariableKind.Integer:
                if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number))
                    return number < 0 ? SqlValue.FromInt64(number) : SqlValue.FromUInt64((ulong)number);
                return ulong.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong large)
                    ? SqlValue.FromUInt64(large) : SqlValue.FromText(text);
            case VariableKind.Double:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    ? SqlValue.FromDouble(new SqlType(SqlTypeKind.Double, 23, scale: 6), value) : SqlValue.FromText(text);
            default:
                return SqlValue.FromText(text);
        }
    }
}
