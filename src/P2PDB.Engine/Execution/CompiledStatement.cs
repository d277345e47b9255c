using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>A statement planned for one session, with its operators: run as often as its tables stay what they are.</summary>
internal abstract class CompiledStatement
{
    /// <summary>Columns of its result set; empty where it gives none.</summary>
    public virtual ResultColumn[] Columns => [];

    /// <summary>True where it may change rows.</summary>
    public virtual bool ChangesRows => true;

    /// <summary>Runs it.</summary>
    public abstract StatementResult Execute(StatementContext context, ResultSink sink);

    /// <summary>Under what its executions count.</summary>
    public StatusCounter? Counter { get; set; }

    /// <summary>Types of the parameters it was planned for.</summary>
    public SqlType[] ParameterTypes { get; set; } = [];
}
