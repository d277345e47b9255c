using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Bench.Engine.Storage;

/// <summary>
/// What do a look-up, a scan of 100 records and a write of one record that is published cost in each store, on 1 M records of 200
/// bytes at random places? All pages are in memory; nothing is synced: the log is not the store's.
/// </summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private const int Count = 1_000_000;
    private const int ScanLength = 100;

    private static readonly TreeId Tree = new(2);

    private readonly byte[] _key = new byte[8];
    private readonly byte[] _value = new byte[192];
    private readonly RecordBuffer _record = new();
    private string _directory = "";
    private FileVolume _volume = null!;
    private IStore _store = null!;
    private Cursor? _cursor;
    private long _commit;
    private uint _state = 1;

    [Params(StoreKind.Memory, StoreKind.File)]
    public StoreKind Store { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _directory = Path.Combine(Environment.CurrentDirectory, $"bench-store-{Environment.ProcessId}");
        _volume = new FileVolume(_directory);
        _store = Store == StoreKind.File
            ? PageStore.Open(_volume, new PageStoreOptions { Memory = 768L << 20 }, manifest: null)
            : new MemoryStore();
        for (int i = 0; i < Count;)
        {
            using StoreWriter writer = _store.BeginWrite();
            for (int end = i + 1_000; i < end; i++)
                writer.Put(Tree, KeyOf(i), _value);
            writer.Publish(++_commit);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _cursor?.Dispose();
        _store.Dispose();
        _volume.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public bool Get()
    {
        using StoreSnapshot snapshot = _store.BeginRead();
        return snapshot.TryGet(Tree, KeyOf(NextKey()), _record);
    }

    [Benchmark]
    public int Scan()
    {
        using StoreSnapshot snapshot = _store.BeginRead();
        _cursor = snapshot.OpenCursor(Tree, _cursor);
        int sum = 0;
        bool isOn = _cursor.SeekGe(KeyOf(NextKey()));
        for (int i = 0; isOn && i < ScanLength; i++, isOn = _cursor.Next())
            sum += _cursor.Value[0];
        _cursor.Park();
        return sum;
    }

    [Benchmark]
    public void Put()
    {
        using StoreWriter writer = _store.BeginWrite();
        writer.Put(Tree, KeyOf(NextKey()), _value);
        writer.Publish(++_commit);
    }

    private byte[] KeyOf(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(_key.AsSpan(4), number);
        return _key;
    }

    private int NextKey()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % Count);
    }
}
