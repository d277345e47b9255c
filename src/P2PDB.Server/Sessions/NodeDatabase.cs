using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Server.Sessions;

/// <summary>The engine itself behind what the server asks of it.</summary>
internal sealed class NodeDatabase(Database database) : EngineDatabase
{
    public override Account? FindAccount(string user, string host) => database.FindAccount(user, host);

    public override EngineSession OpenSession(SessionOpening opening) => new NodeSession(database.OpenSession(new SessionOptions
    {
        User = opening.User,
        Host = opening.Host,
        ConnectionId = opening.ConnectionId,
        CountsFoundRows = opening.CountsFoundRows,
    }));

    private sealed class NodeSession(Session session) : EngineSession
    {
        public override SessionStatus Status => session.Status;

        public override string? CurrentDatabase => session.CurrentDatabase;

        public override SessionTimeZone TimeZone => session.TimeZone;

        public override bool AllowsMultipleStatements
        {
            get => session.AllowsMultipleStatements;
            set => session.AllowsMultipleStatements = value;
        }

        public override void Execute(ReadOnlySpan<byte> sql, ResultSink sink) => session.Execute(sql, sink);

        public override EngineStatement Prepare(ReadOnlySpan<byte> sql) => new NodeStatement(session.Prepare(sql));

        public override void UseDatabase(string name) => session.UseDatabase(name);

        public override void Reset() => session.Reset();

        public override void Kill() => session.Kill();

        public override void Dispose() => session.Dispose();
    }

    private sealed class NodeStatement(PreparedStatement statement) : EngineStatement
    {
        public override int ParameterCount => statement.ParameterCount;

        public override ReadOnlySpan<ResultColumn> Columns => statement.Columns;

        public override void Execute(ParameterSet parameters, ResultSink sink) => statement.Execute(parameters, sink);

        public override void Dispose() => statement.Dispose();
    }
}
