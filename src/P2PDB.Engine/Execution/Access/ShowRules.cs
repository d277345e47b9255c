using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast.Control;

namespace P2PDB.Engine.Execution.Access;

/// <summary>What each SHOW needs; most of them need nothing, and list what one may see.</summary>
internal static class ShowRules
{
    /// <summary>Throws where the session may not see what it asks for.</summary>
    public static void Check(StatementNeeds needs, ShowStatement statement)
    {
        string? schema = statement.Name?.Schema ?? statement.Schema;
        switch (statement.Kind)
        {
            case ShowKind.Tables or ShowKind.TableStatus or ShowKind.OpenTables or ShowKind.Triggers or ShowKind.Events
                when statement.Schema is not null:
                needs.In(statement.Schema);
                break;
            case ShowKind.Columns or ShowKind.Indexes:
                needs.Seen("SELECT", schema, statement.Name!.Name);
                break;
            case ShowKind.CreateTable:
                needs.SeenWhole("SHOW", schema, statement.Name!.Name);
                if (needs.IsView(statement.Name))
                    needs.Table(PrivilegeSet.Select | PrivilegeSet.ShowView, statement.Name);
                break;
            case ShowKind.CreateView:
                needs.Table(PrivilegeSet.Select | PrivilegeSet.ShowView, statement.Name!);
                break;
            case ShowKind.CreateDatabase:
                needs.In(statement.Name?.Name ?? statement.Schema);
                break;
            case ShowKind.Grants or ShowKind.CreateUser when statement.Account is not null && !needs.AreOwn([statement.Account]):
                needs.Database(PrivilegeSet.Select, "mysql");
                break;
            case ShowKind.BinaryLogs or ShowKind.BinaryLogStatus or ShowKind.ReplicaStatus or ShowKind.Replicas:
                needs.AnyGlobal(PrivilegeSet.Super | PrivilegeSet.ReplicationClient);
                break;
            case ShowKind.BinaryLogEvents or ShowKind.RelayLogEvents:
                needs.AnyGlobal(PrivilegeSet.ReplicationSlave);
                break;
            case ShowKind.EngineStatus or ShowKind.EngineMutex or ShowKind.EngineLogs:
                needs.AnyGlobal(PrivilegeSet.Process);
                break;
            default:
                break;
        }
    }
}
