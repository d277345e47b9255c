using System.Globalization;
using System.Text;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>SET of variables, names and character sets.</summary>
internal static class SetExecutor
{
    /// <summary>SET.</summary>
    public static StatementResult Set(StatementContext context, StatementRunner runner, SetStatement statement)
    {
        foreach (SetItem item in statement.Items)
        {
            switch (item)
            {
                case SetUserVariable user:
                    context.Session.SetUserVariable(user.Name, Compiler.Evaluate(context, user.Value));
                    break;
                case SetNames names:
                    SetNames(context, names.CharacterSet, names.Collation);
                    break;
                case SetCharacterSet charset:
                    SetNames(context, charset.CharacterSet, null);
                    break;
                case SetSystemVariable system:
                    SetSystem(context, runner, system);
                    break;
                default:
                    throw SqlErrors.NotSupportedYet("this SET").ToException();
            }
        }

        context.Session.ApplySettings();
        return StatementResult.Done;
    }

    private static void SetNames(StatementContext context, string? charset, string? collation)
    {
        charset = (charset ?? "utf8mb4").ToLowerInvariant();
        Collation standard = Collation.DefaultOf(charset) ?? throw SqlErrors.UnknownCharacterSet(charset).ToException();
        Collation chosen = collation is null
            ? standard : Collation.Find(collation) ?? throw SqlErrors.UnknownCollation(collation).ToException();
        SessionVariables variables = context.Session.Variables;
        variables.Set("character_set_client", charset);
        variables.Set("character_set_connection", charset);
        variables.Set("character_set_results", charset);
        variables.Set("collation_connection", chosen.Name);
    }

    private static void SetSystem(StatementContext context, StatementRunner runner, SetSystemVariable item)
    {
        SystemVariable variable = SystemVariables.Find(item.Name) ?? throw SqlErrors.UnknownSystemVariable(item.Name).ToException();
        bool isGlobal = item.Scope is VariableScope.Global or VariableScope.Persist or VariableScope.PersistOnly;
        if (variable.IsReadOnly)
            throw SqlErrors.IncorrectGlobalLocalVariable(variable.Name, "read only").ToException();
        if (isGlobal && !variable.HasGlobal)
            throw SqlErrors.LocalVariable(variable.Name).ToException();
        if (!isGlobal && !variable.HasSession)
            throw SqlErrors.GlobalVariable(variable.Name).ToException();

        string? value = item.Value is null or DefaultNode
            ? isGlobal ? variable.Default : context.Node.Globals.Get(variable)
            : Convert(context, variable, item.Value);
        if (isGlobal)
        {
            context.Node.Globals.Set(variable, value);
            context.Node.GlobalChanged?.Invoke(variable.Name, value);
            return;
        }

        switch (variable.Name)
        {
            case "autocommit" when value == "ON" && !context.Session.IsAutoCommit:
                runner.Commit(context.Transaction);
                break;
            case "last_insert_id" or "identity":
                context.Session.LastInsertId = ulong.Parse(value ?? "0", CultureInfo.InvariantCulture);
                break;
            case "collation_connection" when value is not null:
                Collation collation = Collation.Find(value) ?? throw SqlErrors.UnknownCollation(value).ToException();
                context.Session.Variables.Set("character_set_connection", collation.Charset);
                break;
            case "character_set_connection" when value is not null:
                context.Session.Variables.Set("collation_connection", Collation.DefaultOf(value)?.Name);
                break;
            default:
                break;
        }

        context.Session.Variables.Set(variable, value);
    }

    /// <summary>The value as the variable keeps it; errors 1231 and 1232 for what it does not take.</summary>
    private static string? Convert(StatementContext context, SystemVariable variable, ExpressionNode node)
    {
        // SET sql_mode = ANSI: a bare word is itself.
        SqlValue value = node is ColumnNode { Table: null } word
            ? SqlValue.FromText(word.Name) : Compiler.Evaluate(context, node);
        string? text = TextOf(context.Evaluation, value);
        switch (variable.Kind)
        {
            case VariableKind.Boolean:
                return text?.ToUpperInvariant() switch
                {
                    "1" or "ON" or "TRUE" or "YES" => "ON",
                    "0" or "OFF" or "FALSE" or "NO" => "OFF",
                    _ => throw SqlErrors.WrongValueForVariable(variable.Name, text ?? "NULL").ToException(),
                };
            case VariableKind.Integer:
                if (value.IsNull || value.Type.Physical != PhysicalKind.Int64)
                    throw SqlErrors.WrongTypeForVariable(variable.Name).ToException();
                return text;
            case VariableKind.Double:
                return text ?? throw SqlErrors.WrongTypeForVariable(variable.Name).ToException();
            default:
                return CheckText(variable, text);
        }
    }

    private static string? CheckText(SystemVariable variable, string? text)
    {
        switch (variable.Name)
        {
            case "sql_mode":
                if (!SqlModes.TryParse(text ?? "", out SqlMode mode, out string unknown))
                {
                    if (!uint.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
                        throw SqlErrors.WrongValueForVariable("sql_mode", unknown).ToException();
                    mode = SqlMode.None;
                }

                return SqlModes.Format(mode);
            case "time_zone":
                return SessionTimeZone.TryParse(text ?? "", out _) ? text : throw SqlErrors.UnknownTimeZone(text ?? "NULL").ToException();
            case "character_set_client" or "character_set_connection" or "character_set_database" or "character_set_server":
                return text is not null && Collation.DefaultOf(text) is not null
                    ? text.ToLowerInvariant() : throw SqlErrors.UnknownCharacterSet(text ?? "NULL").ToException();
            case "character_set_results":
                return text is null || Collation.DefaultOf(text) is not null
                    ? text?.ToLowerInvariant() : throw SqlErrors.UnknownCharacterSet(text).ToException();
            case "collation_connection" or "collation_database" or "collation_server":
                return text is not null && Collation.Find(text) is { } found
                    ? found.Name : throw SqlErrors.UnknownCollation(text ?? "NULL").ToException();
            default:
                return text;
        }
    }

    private static string? TextOf(EvaluationContext evaluation, SqlValue value)
    {
        if (value.IsNull)
            return null;
        var vector = new ColumnVector(value.Type, 1);
        value.CopyTo(vector, 0);
        return Encoding.UTF8.GetString(Conversion.ToText(evaluation, vector, 0));
    }
}
