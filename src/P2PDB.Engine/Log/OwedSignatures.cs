using System.Buffers.Binary;
using System.Runtime.InteropServices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

// SIGNATURES v1, at the start of a journal record: u32 "P2S1" · u32 count · count × {32 entry id · 64 signature}; entries follow.
// Golden bytes: tests/P2PDB.Engine.Tests/Commit/golden/owed-signatures-v1.hex. Spec: docs/formats/journal.md

/// <summary>
/// Signatures of entries that the journal has without them: their writer signed while the disk wrote. The next record brings them.
/// </summary>
internal sealed class OwedSignatures
{
    /// <summary>"P2S1".</summary>
    private const uint Magic = 0x3153_3250;

    private const int HeaderLength = 2 * sizeof(uint);
    private const int ItemLength = EntryFormat.HashLength + EntryFormat.SignatureLength;

    private readonly List<EntryId> _ids = [];
    private readonly List<byte> _signatures = [];

    /// <summary>Signatures that are owed.</summary>
    public int Count => _ids.Count;

    /// <summary>The entry of one of them.</summary>
    public EntryId IdAt(int index) => _ids[index];

    /// <summary>The signature of that entry.</summary>
    public ReadOnlySpan<byte> SignatureAt(int index) =>
        CollectionsMarshal.AsSpan(_signatures).Slice(index * EntryFormat.SignatureLength, EntryFormat.SignatureLength);

    /// <summary>Owes one more.</summary>
    public void Add(in EntryId id, ReadOnlySpan<byte> signature)
    {
        _ids.Add(id);
        _signatures.AddRange(signature);
    }

    /// <summary>Owes nothing any more.</summary>
    public void Clear()
    {
        _ids.Clear();
        _signatures.Clear();
    }

    /// <summary>Writes what is owed, nothing where that is nothing.</summary>
    public void WriteTo(ByteWriter target)
    {
        if (Count == 0)
            return;
        target.WriteUInt32(Magic);
        target.WriteUInt32((uint)Count);
        for (int i = 0; i < Count; i++)
        {
            _ids[i].CopyTo(target.GetSpan(EntryFormat.HashLength));
            target.Advance(EntryFormat.HashLength);
            target.Write(SignatureAt(i));
        }
    }

    /// <summary>
    /// Takes the signatures at the start of a record, none where it begins with entries. False where they are not whole.
    /// <paramref name="entries"/> is the rest of the record.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> entries)
    {
        Clear();
        entries = record;
        if (record.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(record) != Magic)
            return true;
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(record[sizeof(uint)..]);
        if (count == 0 || count > (uint)(record.Length - HeaderLength) / ItemLength)
            return false;
        ReadOnlySpan<byte> items = record.Slice(HeaderLength, (int)count * ItemLength);
        entries = record[(HeaderLength + items.Length)..];
        for (; !items.IsEmpty; items = items[ItemLength..])
            Add(EntryId.Read(items), items.Slice(EntryFormat.HashLength, EntryFormat.SignatureLength));
        return true;
    }
}
