using BenchmarkDotNet.Attributes;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Bench.Engine.Log;

/// <summary>What do building and checking an entry cost beside the signature alone?</summary>
[MemoryDiagnoser]
public class EntryVerifyBenchmarks : IDisposable
{
    private readonly EntryBuilder _builder = new();
    private readonly BodyBuilder _body = new();
    private readonly ByteWriter _target = new(64 * 1024);
    private readonly ChainTip _tip = new();
    private readonly ChangeSet _changes = new();
    private readonly byte[] _signature = new byte[64];
    private readonly SigningKey _key = SigningKey.FromSeed(new byte[32]);
    private byte[] _entry = [];
    private byte[] _raw = [];
    private EntryId _id;

    [Params(1, 100)]
    public int RowCount { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _changes.Clear(default);
        int table = _changes.AddTable(TableId.Read(new byte[16]), [new LoggedColumn(new ColumnId(1), 1, 0)]);
        byte[] image = new byte[128];
        new Random(1).NextBytes(image);
        for (int i = 0; i < RowCount; i++)
            _changes.Insert(table, [(byte)i, (byte)(i >> 8)], image);
        Build();
        _entry = _target.Written.ToArray();
        EntryReader.TryRead(_entry, out EntryReader entry);
        _id = entry.ComputeId();
        _raw = new byte[entry.RawBodyLength];
        entry.TryDecompressBody(_raw);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _builder.Dispose();
        _body.Dispose();
        _target.Dispose();
        _changes.Dispose();
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void SignAlone() => _key.Sign(_id.Hash.AsSpan(), _signature);

    [Benchmark]
    public int Build()
    {
        _target.Clear();
        _body.Clear();
        _body.Add(_changes);
        _builder.Build(_target, new DatabaseId(Blake3.Hash(_signature)), _key, _tip,
            new HlcTimestamp(_tip.LastHlc.Value + 1), [], EntryFlags.None, _body);
        return _target.Length;
    }

    [Benchmark]
    public bool VerifyHashes()
    {
        EntryReader.TryRead(_entry, out EntryReader entry);
        return entry.ComputeId() == _id && EntryVerifier.VerifyBody(entry) == EntryStatus.Valid;
    }

    [Benchmark]
    public bool VerifySignature()
    {
        EntryReader.TryRead(_entry, out EntryReader entry);
        return EntryVerifier.VerifySignature(entry, _id) == EntryStatus.Valid;
    }

    [Benchmark]
    public bool WalkBody()
    {
        EntryReader.TryRead(_entry, out EntryReader entry);
        return BodyReader.TryRead(entry, _raw, out _) == EntryStatus.Valid;
    }
}
