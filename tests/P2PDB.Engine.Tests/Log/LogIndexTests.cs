using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Log;

/// <summary>What a log keeps of each entry, and how it finds entries by their ids.</summary>
public class LogIndexTests
{
    private const int Count = 200_000;

    [Fact]
    public void Entries_of_a_chain_stay_where_they_are_while_it_grows()
    {
        var entries = new ChainEntries();
        for (int i = 0; i < Count; i++)
        {
            entries.Add(EntryOf(i, IdOf(i)));
            if (i == 3)
                entries.SetPlace(3, new EntryPlace(0, 7, 0, 8));
        }

        Assert.Equal(Count, entries.Count);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(IdOf(i), entries[i].Id);
            Assert.Equal(i == 3 ? 7 : i, entries[i].Place.Block);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => entries[Count].Flags);
    }

    [Fact]
    public void Every_held_entry_is_found_and_no_other()
    {
        const int HeldCount = 3_000;
        var chains = new ChainSet();
        var positions = new EntryPositions(chains);
        AccessSet access = AccessSet.Empty([]);
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        using var builder = new EntryBuilder();
        using var bytes = new ByteWriter();
        var tip = new ChainTip();
        List<EntryId> ids = [];
        Chain? chain = null;
        for (int i = 0; i < HeldCount; i++)
        {
            bytes.Clear();
            EntryId id = builder.Build(
                bytes, new DatabaseId(IdOf(0).Hash), key, tip, new HlcTimestamp((ulong)i + 1), [], EntryFlags.Merge, null);
            Assert.False(positions.Contains(id));
            Assert.Equal(EntryStatus.Valid, EntryReader.TryRead(bytes.Written, out EntryReader entry));
            chain = chains.ChainFor(entry, id, chain, i - 1, access);
            chain.Add(EntryOf(i, id), access);
            positions.Add(id, new EntryPosition(chain.Number, i));
            ids.Add(id);
        }

        Assert.Equal(HeldCount, positions.Count);
        for (int i = 0; i < HeldCount; i++)
            Assert.Equal(new EntryPosition(0, i), positions[ids[i]]);
        Assert.False(positions.TryGetValue(IdOf(0), out EntryPosition none));
        Assert.Equal(default, none);
    }

    [Fact]
    public void A_disposed_array_has_no_items()
    {
        var array = new NativeArray<long>(3);
        Assert.Equal([0, 0, 0], array.Span.ToArray());

        array.Dispose();
        array.Dispose();

        Assert.Equal(0, array.Count);
        Assert.Throws<IndexOutOfRangeException>(() => array[0]);
    }

    private static ChainEntry EntryOf(int number, EntryId id) => new()
    {
        Id = id,
        Hlc = new HlcTimestamp((ulong)number + 1),
        Place = new EntryPlace(-1, number, 0, 8),
        Flags = EntryFlags.None,
        Standing = EntryStanding.Effective,
        IsSignatureVerified = true,
    };

    private static EntryId IdOf(int number) => new(Blake3.Hash(BitConverter.GetBytes(number)));
}
