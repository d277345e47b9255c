using System.Diagnostics.CodeAnalysis;

namespace P2PDB.Server.Transport;

/// <summary>
/// The threads that serve connections with traffic, one each. A thread whose connection idles or ends takes the next
/// one; after some seconds without work it ends. As many threads exist as connections were busy at once.
/// </summary>
/// <param name="serve">Serves a connection until it idles or ends; must not throw.</param>
internal sealed class ConnectionThreads(Action<ClientConnection> serve)
{
    /// <summary>Deep enough for the engine's recursion over statements; only touched pages cost memory.</summary>
    private const int StackLength = 1 << 20;

    private static readonly TimeSpan RetireAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Worker> _waiting = [];
    private int _count;

    /// <summary>Threads that exist, waiting ones included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Has the connection served by a thread from now on.</summary>
    public void Run(ClientConnection connection)
    {
        Worker? worker = null;
        lock (_gate)
        {
            if (_waiting.Count > 0)
            {
                // The one that waits shortest has the warmest stack.
                worker = _waiting[^1];
                _waiting.RemoveAt(_waiting.Count - 1);
            }
        }

        if (worker is null)
            Start(connection);
        else
            worker.Take(connection);
    }

    private void Start(ClientConnection connection)
    {
        Interlocked.Increment(ref _count);
        var worker = new Worker();
        worker.Take(connection);
        new Thread(() => Work(worker), StackLength) { IsBackground = true, Name = "mysql client" }.Start();
    }

    private void Work(Worker worker)
    {
        using (worker)
        {
            while (worker.TryGetNext(RetireAfter, out ClientConnection? connection) || !TryRetire(worker))
            {
                if (connection is null)
                    continue;

                serve(connection);
                lock (_gate)
                    _waiting.Add(worker);
            }
        }

        Interlocked.Decrement(ref _count);
    }

    /// <summary>False when somebody has just chosen the worker, so that its work is about to come.</summary>
    private bool TryRetire(Worker worker)
    {
        lock (_gate)
            return _waiting.Remove(worker);
    }

    private sealed class Worker : IDisposable
    {
        private readonly AutoResetEvent _ready = new(false);
        private ClientConnection? _next;

        public void Take(ClientConnection connection)
        {
            _next = connection;
            _ready.Set();
        }

        public bool TryGetNext(TimeSpan patience, [NotNullWhen(true)] out ClientConnection? connection)
        {
            connection = _ready.WaitOne(patience) ? Interlocked.Exchange(ref _next, null) : null;
            return connection is not null;
        }

        public void Dispose() => _ready.Dispose();
    }
}
