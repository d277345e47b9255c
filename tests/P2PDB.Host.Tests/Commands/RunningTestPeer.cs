using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Host.Commands.TestPeer;

namespace P2PDB.Host.Tests.Commands;

/// <summary>A whole test peer in this process, on pipes in place of stdin and stdout.</summary>
internal sealed class RunningTestPeer : IAsyncDisposable
{
    public const string Echo = "/test/echo/1.0.0";
    public const string Sink = "/test/sink/1.0.0";
    public const string HalfClose = "/test/halfclose/1.0.0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly CancellationTokenSource _signal = new();
    private readonly List<JsonElement> _events = [];
    private readonly Task<int> _running;
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastId;

    private RunningTestPeer(TestPeerSettings settings)
    {
        _running = Task.Run(async () =>
        {
            int code = await TestPeerProcess.RunAsync(
                settings, _input.Reader.AsStream(), _output.Writer.AsStream(), TimeProvider.System, NullLoggerFactory.Instance, _signal.Token);
            await _output.Writer.CompleteAsync();
            return code;
        });
        _reading = Task.Run(ReadAsync);
    }

    public string Peer { get; private set; } = "";

    public string Address { get; private set; } = "";

    public IReadOnlyList<JsonElement> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    /// <summary>Starts a peer without waiting for it.</summary>
    public static RunningTestPeer Launch(TestPeerSettings settings) => new(settings);

    /// <summary>Starts a peer that serves all stream protocols and waits until it listens.</summary>
    public static async Task<RunningTestPeer> StartAsync(TestPeerSettings? settings = null)
    {
        RunningTestPeer peer = Launch((settings ?? new TestPeerSettings()) with { Echo = [Echo], Sink = [Sink], HalfClose = [HalfClose] });
        JsonElement listening = await peer.WaitAsync("listening");
        peer.Peer = listening.GetProperty("peer").GetString()!;
        peer.Address = listening.GetProperty("addrs")[0].GetString()!;
        return peer;
    }

    /// <summary>Sends a command; its reply, of whatever kind. Fields are written as in the contract, such as <c>"n":3</c>.</summary>
    public async Task<JsonElement> AskAsync(string command, string fields = "")
    {
        int id = Interlocked.Increment(ref _lastId);
        await WriteAsync($"{{\"cmd\":\"{command}\",\"id\":{id}{(fields.Length == 0 ? "" : ",")}{fields}}}\n");
        return await WaitAsync(e => e.TryGetProperty("id", out JsonElement replied) && replied.ValueKind == JsonValueKind.Number && replied.GetInt32() == id);
    }

    /// <summary>Sends a command that has to succeed with this event.</summary>
    public async Task<JsonElement> AskAsync(string command, string fields, string reply)
    {
        JsonElement e = await AskAsync(command, fields);
        Assert.True(e.GetProperty("ev").GetString() == reply, e.ToString());
        Assert.Equal(command, e.GetProperty("cmd").GetString());
        return e;
    }

    public async Task WriteAsync(string text) => await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    public ValueTask EndInputAsync() => _input.Writer.CompleteAsync();

    /// <summary>Waits for the end; the exit code.</summary>
    public Task<int> ExitAsync() => _running.WaitAsync(Patience);

    public Task SignalAsync() => _signal.CancelAsync();

    public Task<JsonElement> WaitAsync(string name) => WaitAsync(e => e.GetProperty("ev").GetString() == name);

    /// <summary>The first event, past or to come, that matches.</summary>
    public async Task<JsonElement> WaitAsync(Func<JsonElement, bool> matches)
    {
        using var patience = new CancellationTokenSource(Patience);
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

    public async ValueTask DisposeAsync()
    {
        await _signal.CancelAsync();
        Assert.Equal(0, await ExitAsync());
        await _reading.WaitAsync(Patience);
        _signal.Dispose();
    }

    private async Task ReadAsync()
    {
        using var lines = new StreamReader(_output.Reader.AsStream());
        while (await lines.ReadLineAsync() is { } line)
        {
            JsonElement e = JsonDocument.Parse(line).RootElement;
            Assert.True(e.GetProperty("t").GetInt64() > 0);
            lock (_events)
            {
                _events.Add(e);
                _more.TrySetResult();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
