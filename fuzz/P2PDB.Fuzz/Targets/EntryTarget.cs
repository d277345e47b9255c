using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: an entry. Header, body, operations and access payloads give a status and never throw; the operations of an accepted
/// body, written again, give the same body.
/// </summary>
internal sealed class EntryTarget : IFuzzTarget, IDisposable
{
    private const int RawLengthMax = 64 * 1024;
    private readonly byte[] _raw = new byte[RawLengthMax];
    private readonly ByteWriter _again = new(RawLengthMax);
    private readonly ChunkBuffer _chunks = new();

    public string Name => "entry";

    public int InputLengthMax => 8192;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Build(EntryFlags.None, changes => changes.Write(OpKind.Admit, AccessFormat.Admit(default)));
            yield return Build(EntryFlags.None, changes =>
            {
                int table = changes.AddTable(TableId.Read(new byte[16]), [new(new ColumnId(1), 1, 0), new(new ColumnId(2), 2, 3)]);
                changes.Insert(table, [1], [2, 3]);
                changes.Update(table, [1], [3], [4]);
                changes.Delete(table, [1]);
                changes.Write(OpKind.CreateTable, [1, 2, 3]);
            });
            yield return Build(EntryFlags.Part, changes => changes.Write(OpKind.Chunk, new byte[30]));
            yield return Build(EntryFlags.None, changes =>
            {
                int table = changes.AddTable(TableId.Read(new byte[16]), [new(new ColumnId(1), 1, 0)]);
                for (int i = 0; i < 100; i++)
                    changes.Insert(table, [(byte)i], new byte[40]);
            });
            yield return Build(EntryFlags.Merge, null);
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        EntryStatus status = EntryReader.TryRead(input, out EntryReader entry);
        probe.Reached((int)status);
        if (status != EntryStatus.Valid)
            return false;
        FuzzLaw.Require(entry.Bytes.Length <= input.Length, "an entry lies within its input");
        EntryId id = entry.ComputeId();
        probe.Reached(32 + (int)EntryVerifier.VerifyBody(entry));
        for (int i = 0; i < entry.ParentCount; i++)
            FuzzLaw.Require(entry.ParentAt(i) != id, "no entry is its own parent");
        if (entry.RawBodyLength > RawLengthMax)
            return true;

        Span<byte> raw = _raw.AsSpan(0, entry.RawBodyLength);
        if (!entry.TryDecompressBody(raw))
            return true;
        status = BodyReader.TryRead(entry, raw, out BodyReader body);
        probe.Reached(64 + (int)status);
        if (status == EntryStatus.Valid)
            ReadBody(body, raw, probe);
        return true;
    }

    public void Dispose()
    {
        _again.Dispose();
        _chunks.Dispose();
    }

    private void ReadBody(in BodyReader body, ReadOnlySpan<byte> raw, FuzzProbe probe)
    {
        _again.Clear();
        TableDirectoryReader tables = body.Tables;
        while (tables.MoveNext())
        {
            tables.Table.CopyTo(_again.GetSpan(TableId.Length));
            _again.Advance(TableId.Length);
            _again.WriteUInt64((ulong)tables.ColumnCount);
            for (int i = 0; i < tables.ColumnCount; i++)
            {
                LoggedColumn column = tables.ColumnAt(i);
                _again.WriteUInt64(column.Id.Value);
                _again.WriteUInt64(column.StorageCode | ((ulong)column.Scale << 8));
            }
        }

        FuzzLaw.RequireSame(raw[.._again.Length], _again.Written, "the directory is read as written");
        int payloadLength = 0;
        OpReader ops = body.Ops;
        _chunks.Clear();
        while (ops.MoveNext())
        {
            payloadLength += ops.Payload.Length + EntryFormat.OpHeaderLength;
            probe.Reached(128 + (int)ops.Kind);
            if (_chunks.TryJoin(ops, out ReadOnlySpan<byte> payload) && ops.Kind.IsRow())
                probe.Reached(OpReader.TryReadRow(ops.Kind, payload, 9, out _) ? 400 : 401);
            if (ops.Kind.IsAccess() && AccessFormat.IsWellFormed(ops.Kind, ops.Payload))
                probe.Reached(AccessFormat.VerifySignatures(ops.Kind, ops.Payload, default, default) ? 410 : 411);
        }

        payloadLength += (ops.TransactionIndex + 1) * EntryFormat.TransactionHeaderLength;
        FuzzLaw.Require(payloadLength == raw.Length - _again.Length, "the operations fill the body");
    }

    private static byte[] Build(EntryFlags flags, Action<ChangeSet>? write)
    {
        using var changes = new ChangeSet();
        using var body = new BodyBuilder();
        using var builder = new EntryBuilder();
        using var target = new ByteWriter();
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        if (write is not null)
        {
            write(changes);
            body.Add(changes);
        }

        EntryId[] parents = [new(new Hash256(new byte[32])), new(Blake3.Hash("parent"u8))];
        builder.Build(target, new DatabaseId(Blake3.Hash("d"u8)), key, new ChainTip(), new HlcTimestamp(1), parents, flags,
            write is null ? null : body);
        return target.Written.ToArray();
    }
}
