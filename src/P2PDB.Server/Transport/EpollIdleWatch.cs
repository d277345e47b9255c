using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace P2PDB.Server.Transport;

/// <summary>
/// Waits by an epoll of our own, with one thread for all parked connections. A socket is in it only while it is parked,
/// stays blocking, and is unknown to .NET's readiness threads.
/// </summary>
internal sealed partial class EpollIdleWatch : IdleWatch
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Remove = 2;
    private const uint Readable = 0x001;
    private const uint PeerClosed = 0x2000;
    private const uint Once = 1u << 30;
    private const int EventsPerWait = 64;
    private const int WaitMs = 1_000;

    // struct epoll_event is packed on x64 alone.
    private static readonly int EventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventLength - sizeof(ulong);

    private readonly ConcurrentDictionary<uint, (ClientConnection Connection, Socket Socket)> _parked = new();
    private readonly Action<ClientConnection> _wake;
    private readonly int _epoll;
    private volatile bool _isStopping;

    public EpollIdleWatch(Action<ClientConnection> wake)
    {
        _wake = wake;
        _epoll = CreateEpoll(CloseOnExec);
        if (_epoll < 0)
            throw new InvalidOperationException($"epoll_create1 failed: error {Marshal.GetLastPInvokeError()}");
        new Thread(Watch, 256 << 10) { IsBackground = true, Name = "mysql idle" }.Start();
    }

    public override void Park(ClientConnection connection, Socket socket)
    {
        _parked[connection.Id] = (connection, socket);
        Span<byte> wanted = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(wanted, Readable | PeerClosed | Once);
        BinaryPrimitives.WriteUInt64LittleEndian(wanted[DataOffset..], connection.Id);
        if (!TryControl(Add, socket, ref wanted[0]) && _parked.TryRemove(connection.Id, out _))
            _wake(connection);   // no room in the kernel, or closed: a thread will see to it
    }

    public override void Dispose() => _isStopping = true;   // the thread closes the epoll when its wait ends

    private void Watch()
    {
        byte[] events = new byte[EventsPerWait * 16];
        while (!_isStopping)
        {
            int count = Wait(_epoll, ref events[0], EventsPerWait, WaitMs);
            for (int i = 0; i < count; i++)
            {
                int offset = i * EventLength + DataOffset;
                Wake((uint)BinaryPrimitives.ReadUInt64LittleEndian(events.AsSpan(offset)));
            }
        }

        _ = Close(_epoll);
    }

    private void Wake(uint id)
    {
        if (!_parked.TryRemove(id, out (ClientConnection Connection, Socket Socket) parked))
            return;

        byte unused = 0;
        _ = TryControl(Remove, parked.Socket, ref unused);
        _wake(parked.Connection);
    }

    private bool TryControl(int operation, Socket socket, ref byte wanted)
    {
        try
        {
            return Control(_epoll, operation, socket.SafeHandle, ref wanted) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(int epoll, int operation, SafeHandle socket, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(int epoll, ref byte events, int count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
