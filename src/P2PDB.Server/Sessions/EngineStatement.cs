using P2PDB.Engine;

namespace P2PDB.Server.Sessions;

/// <summary>What the server asks of a prepared statement.</summary>
internal abstract class EngineStatement : IDisposable
{
    public abstract int ParameterCount { get; }

    public abstract ReadOnlySpan<ResultColumn> Columns { get; }

    public abstract void Execute(ParameterSet parameters, ResultSink sink);

    public abstract void Dispose();
}
