using System.Buffers.Binary;

namespace P2PDB.Stores;

/// <summary>LMDB without syncs: one read transaction that is renewed for each call, one write transaction a write. Keys are big-endian, values are raw bytes.</summary>
internal sealed unsafe class LmdbStore : RowStore
{
    private const int RowLength = sizeof(long) + ValueLength;

    private readonly nint _environment;
    private readonly uint _tree;
    private readonly nint _reader;
    private readonly nint _cursor;

    public LmdbStore(string directory)
    {
        string path = Path.Combine(directory, "lmdb");
        Directory.CreateDirectory(path);
        Check(LmdbNative.CreateEnvironment(out _environment));
        Check(LmdbNative.SetMapSize(_environment, 2u << 30));
        Check(LmdbNative.OpenEnvironment(_environment, path, LmdbNative.NoSync, 0b110_100_100));
        Check(LmdbNative.Begin(_environment, 0, 0, out nint transaction));
        Check(LmdbNative.OpenTree(transaction, 0, 0, out _tree));
        Check(LmdbNative.Commit(transaction));
        Check(LmdbNative.Begin(_environment, 0, LmdbNative.ReadOnly, out _reader));
        Check(LmdbNative.OpenCursor(_reader, _tree, out _cursor));
        LmdbNative.Reset(_reader);
    }

    public override string Name => "LMDB";

    public override void Load(int count)
    {
        byte[] value = new byte[ValueLength];
        Check(LmdbNative.Begin(_environment, 0, 0, out nint transaction));
        for (int key = 0; key < count; key++)
            Put(transaction, key, key, value, LmdbNative.Append);
        Check(LmdbNative.Commit(transaction));
    }

    public override long Read(int key)
    {
        // SAFETY: the key lies on the stack for the call; the value is the map's until the transaction is reset, and RowLength long.
        long place = BinaryPrimitives.ReverseEndianness((long)key);
        var name = new LmdbNative.Value { Length = sizeof(long), Address = (byte*)&place };
        LmdbNative.Value value;
        Check(LmdbNative.Renew(_reader));
        Check(LmdbNative.Get(_reader, _tree, &name, &value));
        long sum = Sum(value);
        LmdbNative.Reset(_reader);
        return sum;
    }

    public override long Scan(int from, int to)
    {
        // SAFETY: as above; the cursor gives the map's bytes too.
        long place = BinaryPrimitives.ReverseEndianness((long)from);
        var name = new LmdbNative.Value { Length = sizeof(long), Address = (byte*)&place };
        LmdbNative.Value value;
        Check(LmdbNative.Renew(_reader));
        Check(LmdbNative.RenewCursor(_reader, _cursor));
        long sum = 0;
        int status = LmdbNative.Move(_cursor, &name, &value, LmdbNative.SetRange);
        while (status == 0 && BinaryPrimitives.ReverseEndianness(*(long*)name.Address) < to)
        {
            sum += Sum(value);
            status = LmdbNative.Move(_cursor, &name, &value, LmdbNative.Next);
        }

        if (status is not (0 or LmdbNative.NotFound))
            Check(status);
        LmdbNative.Reset(_reader);
        return sum;
    }

    public override void Write(int key, long number, ReadOnlySpan<byte> value)
    {
        Check(LmdbNative.Begin(_environment, 0, 0, out nint transaction));
        Put(transaction, key, number, value, 0);
        Check(LmdbNative.Commit(transaction));
    }

    public override void Dispose()
    {
        LmdbNative.CloseCursor(_cursor);
        LmdbNative.Abort(_reader);
        LmdbNative.CloseEnvironment(_environment);
    }

    private static long Sum(LmdbNative.Value row) => *(long*)row.Address + ((long)row.Length - sizeof(long)) + row.Address[sizeof(long)];

    private void Put(nint transaction, int key, long number, ReadOnlySpan<byte> value, uint flags)
    {
        // SAFETY: key and row lie on the stack for the call; LMDB copies them.
        byte* row = stackalloc byte[RowLength];
        *(long*)row = number;
        value.CopyTo(new Span<byte>(row + sizeof(long), ValueLength));
        long place = BinaryPrimitives.ReverseEndianness((long)key);
        var name = new LmdbNative.Value { Length = sizeof(long), Address = (byte*)&place };
        var stored = new LmdbNative.Value { Length = RowLength, Address = row };
        Check(LmdbNative.Put(transaction, _tree, &name, &stored, flags));
    }

    private static void Check(int status)
    {
        if (status != 0)
            throw new InvalidOperationException($"LMDB: {status}");
    }
}
