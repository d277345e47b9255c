using System.Net;
using System.Net.Security;
using P2PDB.Server.Authentication;
using P2PDB.Server.Packets;

namespace P2PDB.Server;

/// <summary>Settings of a <see cref="MySqlServer"/>. The defaults are MySQL's where it has the setting.</summary>
public sealed class MySqlServerOptions
{
    /// <summary>Where to listen; port 0 is any free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 3306);

    /// <summary>A file that clients of this machine may connect by as well; null for none.</summary>
    public string? SocketPath { get; init; }

    /// <summary>max_connections: past it a client is answered error 1040. An idle one costs a few kilobytes.</summary>
    public int ConnectionCountMax { get; init; } = 10_000;

    /// <summary>connect_timeout: how long a client may take to prove who it is.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>wait_timeout: how long a client may be silent.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromHours(8);

    /// <summary>net_read_timeout: how long a client may be silent in the middle of a file that it sends.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>net_write_timeout: how long a client may not take the bytes of its answer.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop waits for running statements.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so much silence a connection gives its thread away.</summary>
    public TimeSpan ParkAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>max_allowed_packet, bytes.</summary>
    public int PacketLengthMax { get; init; } = PacketLimits.PayloadLengthMax;

    /// <summary>max_prepared_stmt_count, of one connection.</summary>
    public int StatementCountMax { get; init; } = 16_382;

    /// <summary>Where the rows of large cursors wait, in files that go with the cursor; made when needed.</summary>
    public string ScratchDirectory { get; init; } = Path.GetTempPath();

    /// <summary>The certificate for clients that ask for TLS (<see cref="Transport.ServerCertificate"/>); null offers none.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }

    /// <summary>Source of nonces; null for the system's.</summary>
    internal FillRandom? Random { get; init; }
}
