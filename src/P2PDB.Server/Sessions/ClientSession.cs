using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Sessions;

/// <summary>
/// What one client has on the server: who it is, its engine session, its prepared statements. Packets go to the login
/// until that is done, then to the command table.
/// </summary>
internal sealed class ClientSession : IDisposable
{
    private readonly LoginPhase _login;
    private Session? _engine;
    private long _countedReceived;
    private long _countedSent;

    public ClientSession(ServerState server, PacketChannel channel, ClientConnection connection, string clientHost, bool isLoopback, bool isConfidential)
    {
        Server = server;
        Channel = channel;
        Connection = connection;
        Results = new ResultSetWriter(this);
        Statements = new StatementTable(server.Options.StatementCountMax);
        _login = new LoginPhase(this, clientHost, isLoopback, isConfidential);
    }

    public ServerState Server { get; }

    public PacketChannel Channel { get; }

    public ClientConnection Connection { get; }

    /// <summary>What client and server both can do.</summary>
    public Capabilities Capabilities { get; set; }

    /// <summary>Writes what the engine answers; one for all commands of the session.</summary>
    public ResultSetWriter Results { get; }

    /// <summary>The client's prepared statements.</summary>
    public StatementTable Statements { get; }

    /// <summary>True once the client has proved who it is.</summary>
    public bool IsAuthenticated => _login.IsDone;

    /// <summary>The engine session; there is one after the login.</summary>
    public Session Engine => _engine ?? throw new InvalidOperationException("The login is not done.");

    /// <summary>Name of the schema that the client was last told of.</summary>
    public string? KnownDatabase { get; set; }

    /// <summary>True once it is not known any more where the client's next packet begins: the connection ends with the command.</summary>
    public bool IsStreamLost { get; set; }

    /// <summary>Writes the greeting.</summary>
    public void Greet() => _login.Greet();

    /// <summary>Handles one packet; false ends the connection after what was written is sent.</summary>
    public bool Handle(ReadOnlySpan<byte> payload)
    {
        CountTraffic();
        if (!_login.IsActive)
            return CommandTable.Dispatch(this, payload) && _engine is not { IsKilled: true };

        bool goesOn = _login.Handle(payload);
        if (_login.IsActive)
            Channel.ExpectAnswer();
        else
            Channel.ExpectCommand();
        return goesOn;
    }

    /// <summary>Begins COM_CHANGE_USER; false when the connection is over.</summary>
    public bool ChangeUser(ReadOnlySpan<byte> arguments)
    {
        bool goesOn = _login.ChangeUser(arguments);
        if (_login.IsActive)
            Channel.ExpectAnswer();
        return goesOn;
    }

    /// <summary>Ends the engine session that another login is to replace: it counts against its account's limits no more.</summary>
    public void Close()
    {
        CountTraffic();
        Statements.Clear();
        Interlocked.Exchange(ref _engine, null)?.Dispose();
    }

    /// <summary>Takes the engine session of a login that is done.</summary>
    public void Open(Session engine)
    {
        Volatile.Write(ref _engine, engine);
        engine.Killed = Connection.EndKilled;
        engine.AllowsMultipleStatements = (Capabilities & Capabilities.MultiStatements) != 0;
        KnownDatabase = null;
    }

    /// <summary>Ends a running statement and those that might begin yet; from any thread.</summary>
    public void Interrupt() => Volatile.Read(ref _engine)?.KillConnection();

    /// <summary>Writes OK for a command that is no statement.</summary>
    public void WriteOk()
    {
        Session engine = Engine;
        var ok = new OkFigures { Status = (ushort)engine.Status, ChangedSchema = TakeChangedSchema() };
        ResponsePackets.WriteOk(Channel.Writer, Capabilities, ok);
    }

    /// <summary>Writes ERR.</summary>
    public void WriteError(SqlError error) => ResponsePackets.WriteError(Channel.Writer, error);

    /// <summary>The current schema if the client has not been told of it yet.</summary>
    public string? TakeChangedSchema()
    {
        string? current = Engine.CurrentDatabase;
        if (current is null || (object)current == KnownDatabase || current == KnownDatabase)
            return null;

        KnownDatabase = current;
        return current;
    }

    /// <summary>Tells the engine of the bytes since the last time; those before the login are counted after it.</summary>
    private void CountTraffic()
    {
        if (_engine is null)
            return;
        _engine.CountTraffic(Channel.ReceivedLength - _countedReceived, Channel.SentLength - _countedSent);
        _countedReceived = Channel.ReceivedLength;
        _countedSent = Channel.SentLength;
    }

    public void Dispose()
    {
        CountTraffic();
        Statements.Clear();
        _engine?.Dispose();
    }
}
