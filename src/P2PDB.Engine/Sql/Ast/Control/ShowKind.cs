namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>What SHOW shows.</summary>
internal enum ShowKind : byte
{
    Databases, Tables, TableStatus, OpenTables, Columns, Indexes, Triggers, Events, ProcedureStatus, FunctionStatus, ProcedureCode, FunctionCode,
    Variables, Status, Engines, EngineStatus, EngineMutex, EngineLogs, Plugins, Privileges, CharacterSets, Collations,
    Warnings, WarningCount, Errors, ErrorCount, ProcessList, Profiles, Profile, Grants,
    CreateDatabase, CreateTable, CreateView, CreateProcedure, CreateFunction, CreateTrigger, CreateEvent, CreateUser,
    BinaryLogs, BinaryLogStatus, BinaryLogEvents, RelayLogEvents, ReplicaStatus, Replicas, ParseTree,
}
