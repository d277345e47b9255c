using System.Collections.Concurrent;
using P2PDB.Network.Muxers;

namespace P2PDB.Network.Swarm;

/// <summary>The protocols this node serves.</summary>
internal sealed class ProtocolTable
{
    private readonly ConcurrentDictionary<string, Func<PeerConnection, MuxedStream, CancellationToken, Task>> _handlers = new(StringComparer.Ordinal);

    /// <summary>Serves a protocol from now on, in place of an earlier handler.</summary>
    public void Set(string protocol, Func<PeerConnection, MuxedStream, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(protocol);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(protocol.Length, Limits.MultistreamMessageLengthMax - 1);
        _handlers[protocol] = handler;
    }

    /// <summary>Serves it no longer; streams that are open go on.</summary>
    public bool Remove(string protocol) => _handlers.TryRemove(protocol, out _);

    /// <summary>True if the protocol is served.</summary>
    public bool Contains(string protocol) => _handlers.ContainsKey(protocol);

    /// <summary>The handler of a protocol; null if it was removed meanwhile.</summary>
    public Func<PeerConnection, MuxedStream, CancellationToken, Task>? Find(string protocol) => _handlers.GetValueOrDefault(protocol);

    /// <summary>The ids in text order.</summary>
    public string[] ToArray()
    {
        string[] protocols = [.. _handlers.Keys];
        Array.Sort(protocols, StringComparer.Ordinal);
        return protocols;
    }
}
