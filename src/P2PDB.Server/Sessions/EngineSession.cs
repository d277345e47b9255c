using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Server.Sessions;

/// <summary>What the server asks of an engine session.</summary>
internal abstract class EngineSession : IDisposable
{
    /// <summary>State for OK packets of commands that are no statements.</summary>
    public abstract SessionStatus Status { get; }

    /// <summary>Name of the current schema, or null.</summary>
    public abstract string? CurrentDatabase { get; }

    /// <summary>Zone that TIMESTAMP values are shown in.</summary>
    public abstract SessionTimeZone TimeZone { get; }

    /// <summary>True where one call may hold several statements.</summary>
    public abstract bool AllowsMultipleStatements { get; set; }

    /// <summary>Runs SQL text.</summary>
    public abstract void Execute(ReadOnlySpan<byte> sql, ResultSink sink);

    /// <summary>Prepares one statement; throws SqlException.</summary>
    public abstract EngineStatement Prepare(ReadOnlySpan<byte> sql);

    /// <summary>Makes a schema current; throws SqlException.</summary>
    public abstract void UseDatabase(string name);

    /// <summary>Rolls back and forgets variables, temporary tables, prepared statements.</summary>
    public abstract void Reset();

    /// <summary>Interrupts a running statement; from any thread.</summary>
    public abstract void Kill();

    public abstract void Dispose();
}
