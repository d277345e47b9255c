using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>
/// Takes what a call of <c>Session</c> answers, in order, on the caller's thread. For each statement comes either
/// <see cref="Columns"/>, any number of <see cref="Rows"/> and <see cref="RowsDone"/>, or <see cref="Ok"/>;
/// <see cref="Fail"/> ends the call instead, also in the middle of rows. The sink may block, for instance on a socket.
/// </summary>
public abstract class ResultSink
{
    /// <summary>Wants no answers; a statement that fails throws a <see cref="SqlException"/>.</summary>
    public static ResultSink Discard { get; } = new DiscardingSink();

    /// <summary>True once nobody wants more rows; the engine looks at it between batches and ends the statement.</summary>
    public virtual bool IsClosed => false;

    /// <summary>
    /// Gives the bytes of a file that the caller of the session has, for LOAD DATA LOCAL; null, which is the default, refuses. The engine
    /// reads the stream while the call lasts, and disposes it. An <see cref="IOException"/> of its reading ends the statement.
    /// </summary>
    public virtual Stream? OpenClientFile(string name) => null;

    /// <summary>Opens a result set. The span is borrowed for this call; the columns themselves are immutable.</summary>
    public abstract void Columns(ReadOnlySpan<ResultColumn> columns);

    /// <summary>Adds the live rows of the batch, one vector per column. The batch is borrowed for this call.</summary>
    public abstract void Rows(RowBatch batch);

    /// <summary>Closes the result set that <see cref="Columns"/> opened.</summary>
    public abstract void RowsDone(in StatementOutcome outcome);

    /// <summary>Answers a statement that has no result set.</summary>
    public abstract void Ok(in StatementOutcome outcome);

    /// <summary>Ends the call: the statement failed and no later one of the same call runs.</summary>
    public abstract void Fail(SqlError failure);

    private sealed class DiscardingSink : ResultSink
    {
        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
            // Nobody looks.
        }

        public override void Rows(RowBatch batch)
        {
            // Nobody looks.
        }

        public override void RowsDone(in StatementOutcome outcome)
        {
            // Nobody looks.
        }

        public override void Ok(in StatementOutcome outcome)
        {
            // Nobody looks.
        }

        public override void Fail(SqlError failure) => throw failure.ToException();
    }
}
