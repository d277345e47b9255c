using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FASTER.core;

namespace P2PDB.Stores;

/// <summary>Microsoft.FASTER by itself: a hash index in memory over a log in memory, by one session. It has no order and no transactions.</summary>
internal sealed class FasterStore : RowStore
{
    private readonly NullDevice _device = new();
    private readonly FasterKV<long, Row> _pages;
    private readonly ClientSession<long, Row, Row, Row, Empty, Functions> _session;

    public FasterStore()
    {
        _pages = new FasterKV<long, Row>(new FasterKVSettings<long, Row>(null) { LogDevice = _device, IndexSize = 1L << 24, MemorySize = 1L << 29, MutableFraction = 1 });
        _session = _pages.For(new Functions()).NewSession<Functions>();
    }

    public override string Name => "FASTER alone";

    public override bool Scans => false;

    public override void Load(int count)
    {
        byte[] value = new byte[ValueLength];
        for (int key = 0; key < count; key++)
            Write(key, key, value);
    }

    public override long Read(int key)
    {
        long place = key;
        Row row = default;
        Status status = _session.Read(ref place, ref row);
        return status.Found ? row.Number + ValueLength + row.Value[0] : throw new KeyNotFoundException();
    }

    public override long Scan(int from, int to) => throw new NotSupportedException();

    public override void Write(int key, long number, ReadOnlySpan<byte> value)
    {
        long place = key;
        var row = new Row { Number = number };
        value.CopyTo(row.Value);
        _session.Upsert(ref place, ref row);
    }

    public override void Dispose()
    {
        _session.Dispose();
        _pages.Dispose();
        _device.Dispose();
    }

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private struct Row
    {
        public long Number;
        public Bytes Value;
    }

    [InlineArray(ValueLength)]
    private struct Bytes
    {
        public byte First;
    }

    private sealed class Functions : FunctionsBase<long, Row, Row, Row, Empty>
    {
        public override bool SingleReader(ref long key, ref Row input, ref Row value, ref Row output, ref ReadInfo readInfo)
        {
            output = value;
            return true;
        }

        public override bool ConcurrentReader(ref long key, ref Row input, ref Row value, ref Row output, ref ReadInfo readInfo)
        {
            output = value;
            return true;
        }
    }
}
