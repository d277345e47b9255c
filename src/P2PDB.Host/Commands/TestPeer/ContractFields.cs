using System.Text.Json;
using P2PDB.Network.Swarm;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Fields that several events and replies of the contract share.</summary>
internal static class ContractFields
{
    /// <summary>Writes no field: the reply says all by its name.</summary>
    public static readonly Action<Utf8JsonWriter> None = static _ => { };

    /// <summary>Writes who is at the other end of a connection, where, and which side dialled.</summary>
    public static void WriteEnds(Utf8JsonWriter json, ConnectionSnapshot connection)
    {
        json.WriteString("peer", connection.Peer.ToString());
        json.WriteString("addr", connection.RemoteAddress.ToString());
        json.WriteString("dir", connection.Direction == ConnectionDirection.Inbound ? "inbound" : "outbound");
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteTexts<T>(Utf8JsonWriter json, string name, IEnumerable<T> values)
        where T : notnull
    {
        json.WriteStartArray(name);
        foreach (T value in values)
            json.WriteStringValue(value.ToString());
        json.WriteEndArray();
    }

    /// <summary>Megabytes of 10⁶ bytes a second.</summary>
    public static double MegabytesPerSecond(long length, TimeSpan elapsed) => length / 1e6 / Math.Max(elapsed.TotalSeconds, 1e-6);
}
