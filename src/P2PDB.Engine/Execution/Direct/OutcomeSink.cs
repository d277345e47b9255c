using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>Keeps the figures of a write; a failure is thrown.</summary>
internal sealed class OutcomeSink : ResultSink
{
    /// <summary>The figures of the last write.</summary>
    public StatementOutcome Outcome { get; private set; }

    /// <inheritdoc/>
    public override void Columns(ReadOnlySpan<ResultColumn> columns) => throw new InvalidOperationException("A write gives no rows.");

    /// <inheritdoc/>
    public override void Rows(RowBatch batch) => throw new InvalidOperationException("A write gives no rows.");

    /// <inheritdoc/>
    public override void RowsDone(in StatementOutcome outcome) => throw new InvalidOperationException("A write gives no rows.");

    /// <inheritdoc/>
    public override void Ok(in StatementOutcome outcome) => Outcome = outcome;

    /// <inheritdoc/>
    public override void Fail(SqlError failure) => throw failure.ToException();
}
