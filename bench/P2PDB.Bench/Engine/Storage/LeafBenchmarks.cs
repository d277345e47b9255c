using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Bench.Engine.Storage;

/// <summary>What do finding a record, replacing one, adding and removing one, and walking over all cost in one leaf page of records of 200 bytes?</summary>
[MemoryDiagnoser]
public class LeafBenchmarks
{
    private const int ValueLength = 192;

    private readonly byte[] _image = new byte[PageFormat.ImageLength];
    private readonly byte[] _scratch = new byte[PageFormat.ImageLength];
    private readonly byte[] _key = new byte[8];
    private readonly byte[] _value = new byte[ValueLength];
    private int _count;
    private uint _state = 1;

    private LeafPage Leaf => new(_image);

    /// <summary>Fills the page with records of even numbers, but for one: the odd ones are free.</summary>
    [GlobalSetup]
    public void Setup()
    {
        LeafPage.Create(_image, 1, default);
        while (Leaf.TryInsert(_count, KeyOf(2 * _count), _value, isLong: false, _scratch))
            _count++;
        Leaf.RemoveAt(--_count);
    }

    [Benchmark(Baseline = true)]
    public int Read()
    {
        int index = Leaf.LowerBound(KeyOf(2 * Next()), out _);
        return Leaf.ValueAt(index, out _)[0];
    }

    [Benchmark]
    public bool Replace()
    {
        int index = Leaf.LowerBound(KeyOf(2 * Next()), out _);
        return Leaf.TryReplace(index, _value, isLong: false, _scratch);
    }

    [Benchmark]
    public bool InsertAndRemove()
    {
        byte[] key = KeyOf((2 * Next()) + 1);
        int index = Leaf.LowerBound(key, out _);
        bool isInserted = Leaf.TryInsert(index, key, _value, isLong: false, _scratch);
        Leaf.RemoveAt(index);
        return isInserted;
    }

    [Benchmark]
    public int Scan()
    {
        int sum = 0;
        for (int i = 0; i < Leaf.Count; i++)
            sum += Leaf.SuffixAt(i)[0] + Leaf.ValueAt(i, out _)[0];
        return sum;
    }

    private byte[] KeyOf(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(_key.AsSpan(4), number);
        return _key;
    }

    private int Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)_count);
    }
}
