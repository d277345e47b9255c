using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Access;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>Databases: made with a log of their own, left and freed on this node alone, and chosen.</summary>
internal static class DatabaseExecutor
{
    /// <summary>CREATE DATABASE.</summary>
    public static StatementResult Create(StatementContext context, CreateDatabaseStatement statement)
    {
        string name = statement.Name;
        if (name.Length is 0 or > 64 || name.EndsWith(' '))
            throw (name.Length > 64 ? SqlErrors.IdentifierTooLong(name) : SqlErrors.WrongDatabaseName(name)).ToException();
        if (VirtualTables.IsSchema(name) || context.Node.Transactions.Databases.ContainsKey(name))
        {
            if (!statement.IfNotExists)
                throw SqlErrors.DatabaseExists(name).ToException();
            context.Evaluation.Diagnostics.Add(SqlErrors.DatabaseExists(name).AsNote());
            return new StatementResult { AffectedRows = 1 };
        }

        CommitOutcome outcome = context.Node.Transactions.CreateDatabase(name);
        SqlError? error = outcome == CommitOutcome.NameTaken ? SqlErrors.DatabaseExists(name) : CommitFailure.ErrorOf(outcome);
        return error is null ? new StatementResult { AffectedRows = 1 } : throw error.ToException();
    }

    /// <summary>DROP DATABASE.</summary>
    public static StatementResult Drop(StatementContext context, DropDatabaseStatement statement)
    {
        string name = statement.Name;
        if (VirtualTables.IsSchema(name))
            throw SqlErrors.DatabaseAccessDenied(context.Session.User, context.Session.Host, name).ToException();
        if (!context.Node.Transactions.Databases.TryGetValue(name, out Hash256 id))
        {
            if (!statement.IfExists)
                throw SqlErrors.DatabaseDropExists(name).ToException();
            context.Evaluation.Diagnostics.Add(SqlErrors.DatabaseDropExists(name).AsNote());
            return StatementResult.Done;
        }

        DatabaseSchema database = context.DatabaseOf(name, out _);
        int count = database.Tables.Length + database.Views.Length;
        if (!context.Node.Transactions.TryDropDatabase(id))
            throw SqlErrors.DatabaseDropExists(name).ToException();
        if (name.Equals(context.Session.Schema, StringComparison.OrdinalIgnoreCase))
            context.Session.Schema = null;
        return new StatementResult { AffectedRows = (ulong)count };
    }

    /// <summary>ALTER DATABASE: the options are checked; each table has its own.</summary>
    public static StatementResult Alter(StatementContext context, AlterDatabaseStatement statement)
    {
        context.DatabaseOf(context.SchemaOrChosen(statement.Name), out _);
        return new StatementResult { AffectedRows = 1 };
    }

    /// <summary>USE.</summary>
    public static StatementResult Use(StatementContext context, string name)
    {
        if (!StatementNeeds.IsOpen(name) && !context.Session.Rights.HoldsIn(name))
            throw SqlErrors.DatabaseAccessDenied(context.Session.User, context.Session.Host, name).ToException();
        if (!VirtualTables.IsSchema(name) && !context.Node.Transactions.Databases.ContainsKey(name))
            throw SqlErrors.UnknownDatabase(name).ToException();
        context.Session.Schema = VirtualTables.IsSchema(name) ? name.ToLowerInvariant() : name;
        return StatementResult.Done;
    }
}
