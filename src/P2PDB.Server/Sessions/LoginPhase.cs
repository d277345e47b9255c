using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Authentication;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Sessions;

/// <summary>
/// Greets a client, finds its account, lets it prove itself and opens its engine session; again at COM_CHANGE_USER.
/// </summary>
internal sealed class LoginPhase
{
    private const Capabilities Offered = Capabilities.LongPassword | Capabilities.FoundRows | Capabilities.LongFlag
        | Capabilities.ConnectWithDatabase | Capabilities.NoSchema | Capabilities.Odbc | Capabilities.LocalFiles | Capabilities.IgnoreSpace
        | Capabilities.Protocol41 | Capabilities.Interactive | Capabilities.IgnoreSigPipe | Capabilities.Transactions
        | Capabilities.Reserved | Capabilities.SecureConnection | Capabilities.MultiStatements
        | Capabilities.MultiResults | Capabilities.PreparedMultiResults | Capabilities.PluginAuthentication
        | Capabilities.ConnectAttributes | Capabilities.LengthEncodedAuthentication | Capabilities.SessionTrack
        | Capabilities.DeprecateEof | Capabilities.ExpiredPasswords | Capabilities.QueryAttributes | Capabilities.Compress;

    private const string RootUser = "root";

    private readonly ClientSession _session;
    private readonly Login _login;
    private readonly Capabilities _offered;
    private readonly string _clientHost;
    private readonly bool _isLoopback;
    private State _state;
    private string _user = "";
    private string _databaseName = "";
    private Account? _account;

    public LoginPhase(ClientSession session, string clientHost, bool isLoopback, bool isConfidential)
    {
        _session = session;
        _clientHost = clientHost;
        _isLoopback = isLoopback;
        ServerState server = session.Server;
        _offered = server.Tls is null ? Offered : Offered | Capabilities.Ssl;
        _login = new Login(server.Passwords, server.Keys, server.Options.Random ?? RandomNumberGenerator.Fill) { IsConfidential = isConfidential };
    }

    private enum State : byte
    {
        Response,
        Answer,
        Done,
    }

    /// <summary>True while packets belong to the login.</summary>
    public bool IsActive => _state != State.Done;

    /// <summary>True once a login has succeeded.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Writes the greeting.</summary>
    public void Greet()
    {
        _login.RenewNonce();
        HandshakePacket.Write(_session.Channel.Writer, _session.Connection.Id, _login.Nonce, _offered,
            ServerVersion.DefaultCollationId, (ushort)SessionStatus.AutoCommit, ServerVersion.Text,
            Encoding.ASCII.GetBytes(Account.CachingSha2Plugin));
        _session.Channel.ExpectAnswer();
    }

    /// <summary>Handles a packet of the login; false ends the connection.</summary>
    public bool Handle(ReadOnlySpan<byte> payload)
    {
        if (_state == State.Answer)
            return Proceed(_login.Answer(payload, _session.Channel.Writer));

        HandshakeStatus status = HandshakeResponse.TryParse(payload, out HandshakeResponse response);
        if (status == HandshakeStatus.TlsRequest && StartTls())
            return true;

        // A response that speaks of TLS must come inside of it.
        bool speaksOfTls = (response.Capabilities & Capabilities.Ssl) != 0;
        if (status == HandshakeStatus.Valid && speaksOfTls && _session.Channel.Tls is null)
            status = HandshakeStatus.Malformed;
        if (status == HandshakeStatus.Valid)
            _session.Capabilities = response.Capabilities & _offered;
        return Begin(status, response);
    }

    /// <summary>Starts COM_CHANGE_USER; false ends the connection.</summary>
    public bool ChangeUser(ReadOnlySpan<byte> arguments)
    {
        HandshakeStatus status = HandshakeResponse.TryParseChangeUser(
            arguments, _session.Capabilities, out HandshakeResponse response);
        return Begin(status, response);
    }

    private bool StartTls()
    {
        if (_session.Server.Tls is not { } options || _session.Channel.Tls is not null)
            return false;

        _session.Channel.StartTls(options);
        _login.IsConfidential = true;
        return true;
    }

    private bool Begin(HandshakeStatus status, in HandshakeResponse response)
    {
        if (status != HandshakeStatus.Valid)
        {
            return Refuse(status == HandshakeStatus.TooOld
                ? SqlErrors.ClientAuthenticationNotSupported() : SqlErrors.HandshakeError());
        }

        _user = Encoding.UTF8.GetString(response.User);
        _databaseName = Encoding.UTF8.GetString(response.Database);
        _account = _session.Server.Database.FindAccount(_user, _clientHost) ?? Nobody.Named(_user);

        // An open administrator's door is for this machine only, however the server listens.
        if (_account.HasNoPassword && _account.User == RootUser && !_isLoopback)
            return Deny(!response.Authentication.IsEmpty);

        bool canSwitch = (_session.Capabilities & Capabilities.PluginAuthentication) != 0;
        return Proceed(_login.Start(
            _account, response.Plugin, response.Authentication, canSwitch, _session.Channel.Writer));
    }

    private bool Proceed(AuthenticationStep step)
    {
        switch (step)
        {
            case AuthenticationStep.NeedsAnswer:
                _state = State.Answer;
                return true;
            case AuthenticationStep.Accepted:
                return Open();
            default:
                SqlError? block = _session.Server.Database.CountFailedLogin(_account!, Conditions());
                return block is null ? Deny(_login.UsedPassword) : Refuse(block);
        }
    }

    private bool Open()
    {
        Account account = _account!;
        if (_session.Server.Database.RefusalOf(account, Conditions()) is { } refusal)
            return Refuse(refusal);
        _session.Close();
        bool countsFoundRows = (_session.Capabilities & Capabilities.FoundRows) != 0;
        try
        {
            Session engine = _session.Server.Database.OpenSession(new SessionOptions
            {
                User = _user,
                Host = _clientHost,
                Account = account,
                ConnectionId = _session.Connection.Id,
                CountsFoundRows = countsFoundRows,
                TlsVersion = _session.Channel.Tls?.Version ?? "",
                TlsCipher = _session.Channel.Tls?.Cipher ?? "",
            });
            _session.Open(engine);
            if (_databaseName.Length > 0)
                engine.UseDatabase(_databaseName);
        }
        catch (SqlException exception)
        {
            return Refuse(exception.Error);
        }

        _state = State.Done;
        IsDone = true;
        _session.Channel.PayloadLengthMax = _session.Server.Options.PacketLengthMax;
        _session.WriteOk();
        if ((_session.Capabilities & Capabilities.Compress) != 0 && !_session.Channel.IsCompressed)
            _session.Channel.StartCompression();
        return true;
    }

    private LoginConditions Conditions() => new()
    {
        User = _user,
        Host = _clientHost,
        IsSecure = _session.Channel.Tls is not null,
        Cipher = _session.Channel.Tls?.Cipher ?? "",
        Issuer = "",
        Subject = "",
        HandlesExpiredPassword = (_session.Capabilities & Capabilities.ExpiredPasswords) != 0,
    };

    private bool Deny(bool usedPassword)
    {
        LogMessages.AccessDenied(_session.Server.Logger, _session.Connection.Id);
        return Refuse(SqlErrors.AccessDenied(_user, _clientHost, usedPassword ? "YES" : "NO"));
    }

    private bool Refuse(SqlError error)
    {
        _session.WriteError(error);
        return false;
    }
}
