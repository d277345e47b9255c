using P2PDB.Engine.Log;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Commit;

// A signature takes 15 to 35 µs of a processor, a durable write about 100 µs of waiting. So the two are done at once: the thread
// here signs while the committer waits for the disk. It is woken just before the write. If it has not begun when the write is
// through (the processors are busy), the committer signs by itself: nobody ever waits for a thread to be scheduled.

/// <summary>Signs the entries of one journal record while it is written. One caller at a time.</summary>
/// <param name="isAside">False: no thread, the caller of <see cref="Finish"/> signs.</param>
internal sealed class EntrySigner(bool isAside) : IDisposable
{
    private readonly object _signal = new();
    private Thread? _thread;
    private readonly List<(SigningKey Key, EntryId Id)> _entries = [];
    private byte[] _signatures = new byte[EntryFormat.SignatureLength];
    private int _state = State.Idle;
    private bool _isClosed;

    /// <summary>Entries to sign.</summary>
    public int Count => _entries.Count;

    /// <summary>The id of an entry to sign.</summary>
    public EntryId IdAt(int index) => _entries[index].Id;

    /// <summary>The signature of an entry, after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> SignatureAt(int index) =>
        _signatures.AsSpan(index * EntryFormat.SignatureLength, EntryFormat.SignatureLength);

    /// <summary>Forgets the entries.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>One more entry to sign, with a key that lives until <see cref="Finish"/>.</summary>
    public void Add(SigningKey key, in EntryId id)
    {
        _entries.Add((key, id));
        if (_signatures.Length < _entries.Count * EntryFormat.SignatureLength)
            Array.Resize(ref _signatures, 2 * _signatures.Length);
    }

    /// <summary>Lets the thread begin. <see cref="Finish"/> follows, before anything else is called.</summary>
    public void Begin()
    {
        if (!isAside || _entries.Count == 0)
            return;
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "p2pdb sign" };
            _thread.Start();
        }

        lock (_signal)
        {
            _state = State.Offered;
            Monitor.Pulse(_signal);
        }
    }

    /// <summary>Returns when all entries are signed.</summary>
    public void Finish()
    {
        if (Interlocked.CompareExchange(ref _state, State.Idle, State.Offered) is State.Offered or State.Idle)
        {
            Sign();
            return;
        }

        var spin = default(SpinWait);
        while (Volatile.Read(ref _state) != State.Done)
            spin.SpinOnce(sleep1Threshold: -1);
        _state = State.Idle;
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_signal)
        {
            _isClosed = true;
            Monitor.Pulse(_signal);
        }

        _thread?.Join();
    }

    private void Run()
    {
        while (TryTakeTurn())
        {
            Sign();
            Volatile.Write(ref _state, State.Done);
        }
    }

    private bool TryTakeTurn()
    {
        lock (_signal)
        {
            while (!_isClosed)
            {
                if (Interlocked.CompareExchange(ref _state, State.Taken, State.Offered) == State.Offered)
                    return true;
                Monitor.Wait(_signal);
            }

            return false;
        }
    }

    private void Sign()
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            Span<byte> signature = _signatures.AsSpan(i * EntryFormat.SignatureLength, EntryFormat.SignatureLength);
            EntryBuilder.Sign(_entries[i].Key, _entries[i].Id, signature);
        }
    }

    private static class State
    {
        public const int Idle = 0;
        public const int Offered = 1;
        public const int Taken = 2;
        public const int Done = 3;
    }
}
