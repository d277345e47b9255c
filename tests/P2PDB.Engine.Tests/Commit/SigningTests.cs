using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>Entries are signed while the disk writes them: what the journal lacks then is never missing later.</summary>
public class SigningTests
{
    [Fact]
    public void The_next_record_brings_the_signature_that_the_journal_lacks()
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        Assert.Equal([1], Unsigned(node.Volume));

        node.Insert(database, 2);

        // The signature of the first is in the second's record, and that of the second nowhere yet.
        Assert.Equal([1, 1], Unsigned(node.Volume));
        Assert.Equal(1, Brought(node.Volume));
        AssertAllSigned(node, database, 3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Where_no_disk_is_waited_for_entries_are_signed_before(int flushMode)
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;
        node.FlushMode = (FlushMode)flushMode;
        node.Insert(database, 1);
        node.Loop.Tick();

        Assert.Empty(Unsigned(node.Volume));
        AssertAllSigned(node, database, 2);
    }

    [Fact]
    public void A_killed_node_signs_the_end_of_its_journal_as_it_was_signed()
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        node.Insert(database, 2);
        byte[] seen = Bytes(node, database);

        node.Restart();

        AssertAllSigned(node, database, 3);
        Assert.Equal(seen, Bytes(node, database));
    }

    [Fact]
    public void The_key_of_a_life_is_replaced_only_when_its_signatures_are_in_the_journal()
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        byte[] seen = Bytes(node, database);
        AuthorKey first = node.Log.Find(database)!.OwnAuthor;
        node.Restart();
        // The first commit of the new life replaces the key; killed right after it.
        node.Insert(database, 2);
        Assert.NotEqual(first, node.Log.Find(database)!.OwnAuthor);
        node.Restart();

        Assert.Equal(seen, Bytes(node, database, first));
        AssertAllSigned(node, database, 3);
        node.Close();
        LogVerification found = LogVerifier.Run(node.Volume, node.Clock);
        Assert.True(found.IsSound, found.Damage?.Message);
    }

    [Fact]
    public void A_disk_without_room_for_signatures_keeps_the_old_key()
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        byte[] seen = Bytes(node, database);
        AuthorKey first = node.Log.Find(database)!.OwnAuthor;
        node.Restart();
        byte[] key = node.Volume.TryReadAll(NodeIdentity.PathOf(database))!;
        node.Volume.FailAfter(0, asFull: true);
        Assert.Equal(CommitStatus.DiskFull, node.Insert(database, 2));
        Assert.Equal(key, node.Volume.TryReadAll(NodeIdentity.PathOf(database)));

        Assert.Equal(CommitStatus.Committed, node.Insert(database, 3));
        node.Restart();
        Assert.Equal(seen, Bytes(node, database, first));
        AssertAllSigned(node, database, 3);
    }

    [Fact]
    public void A_power_loss_at_any_call_leaves_every_entry_signed()
    {
        for (int calls = 0; calls < 60; calls++)
        {
            using TestNode node = TestNode.Create(calls);
            DatabaseId database = node.CreateDatabase().Id;
            node.Insert(database, 1);
            node.Restart();
            node.Volume.LosePowerAfter(calls);
            int committed = 0;
            while (committed < 8 && node.Insert(database, 10 + committed) == CommitStatus.Committed)
                committed++;
            node.Restart();

            Assert.InRange(node.Applier.RowsOf(database).Count, 1 + committed, 2 + committed);
            AssertAllSigned(node, database, node.Log.Find(database)!.EntryCount);
        }
    }

    [Fact]
    public void A_peers_entry_that_a_later_one_proves_stays_as_it_came()
    {
        using TestNode owner = TestNode.Create(1);
        using TestNode peer = TestNode.Create(2, owner.Clock);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Insert(database, 1);
        owner.Insert(database, 2);
        byte[] entries = Bytes(owner, database);
        ZeroSignature(entries, 1);
        peer.Follow(database);
        using var batch = new RemoteBatch { Database = database, Entries = entries };
        Assert.Equal(CommitStatus.Committed, peer.Loop.TryAppendRemote(batch));
        Assert.All(batch.Result.Statuses, static status => Assert.Equal(AppendStatus.Appended, status));

        peer.Restart();

        Assert.Equal(entries, Bytes(peer, database));
        peer.Close();
        Assert.True(LogVerifier.Run(peer.Volume, peer.Clock).IsSound);
    }

    [Fact]
    public void A_killed_nodes_log_verifies_and_another_signature_is_damage()
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        Assert.True(Verify(node).IsSound);

        var owed = new OwedSignatures();
        owed.Add(node.Log.Find(database)!.FindChain(node.Log.Find(database)!.OwnAuthor)!.Tip.Last, new byte[EntryFormat.SignatureLength]);
        using var record = new ByteWriter();
        owed.WriteTo(record);
        node.Log.Journal.Append(record.Written, FlushMode.EachCommit);

        Assert.Contains("signature", Verify(node).Damage!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signer_signs_with_and_without_its_thread(bool isAside)
    {
        byte[] seed = new byte[Ed25519.SeedLength];
        new Random(1).NextBytes(seed);
        using SigningKey key = SigningKey.FromSeed(seed);
        using var signer = new EntrySigner(isAside);
        Span<byte> expected = stackalloc byte[EntryFormat.SignatureLength];
        for (int round = 0; round < 2000; round++)
        {
            signer.Clear();
            for (int i = 0; i < round % 4; i++)
                signer.Add(key, IdOf((round * 4) + i));
            signer.Begin();
            // Now the thread is first, now the caller.
            Thread.SpinWait(round % 50 * 20);
            signer.Finish();
            Assert.Equal(round % 4, signer.Count);
            for (int i = 0; i < signer.Count; i++)
            {
                EntryBuilder.Sign(key, IdOf((round * 4) + i), expected);
                Assert.True(expected.SequenceEqual(signer.SignatureAt(i)), $"round {round}, entry {i}");
            }
        }
    }

    [Fact]
    public void Owed_signatures_have_their_bytes_and_whole_ones_are_read()
    {
        var owed = new OwedSignatures();
        using var record = new ByteWriter();
        owed.WriteTo(record);
        Assert.Equal(0, record.Length);
        for (int i = 1; i <= 2; i++)
            owed.Add(IdOf(i), Enumerable.Repeat((byte)i, EntryFormat.SignatureLength).ToArray());
        owed.WriteTo(record);
        GoldenBytes.Check("owed-signatures-v1.hex", record.Written);
        record.Write("rest"u8);

        var read = new OwedSignatures();
        Assert.True(read.TryRead(record.Written, out ReadOnlySpan<byte> rest));
        Assert.True(rest.SequenceEqual("rest"u8));
        Assert.Equal(2, read.Count);
        Assert.Equal(IdOf(2), read.IdAt(1));
        Assert.True(read.SignatureAt(1).SequenceEqual(owed.SignatureAt(1)));
        for (int length = 8; length < record.Length - 4; length++)
            Assert.False(read.TryRead(record.Written[..length], out _));
        Assert.True(read.TryRead("entries"u8, out rest));
        Assert.Equal(0, read.Count);
        Assert.True(rest.SequenceEqual("entries"u8));
    }

    private static LogVerification Verify(TestNode node)
    {
        using MemoryVolume copy = node.Volume.Copy(new Random(1), isImage: true);
        return LogVerifier.Run(copy, node.Clock);
    }

    private static EntryId IdOf(int number)
    {
        byte[] bytes = new byte[EntryFormat.HashLength];
        new Random(number).NextBytes(bytes);
        return EntryId.Read(bytes);
    }

    /// <summary>For each record with entries that have no signature there: how many.</summary>
    private static List<int> Unsigned(MemoryVolume volume)
    {
        List<int> counts = [];
        var owed = new OwedSignatures();
        JournalReader.Read(volume, (ReadOnlySpan<byte> record, long _, in JournalSegment _) =>
        {
            Assert.True(owed.TryRead(record, out ReadOnlySpan<byte> rest));
            int count = 0;
            while (!rest.IsEmpty)
            {
                Assert.Equal(EntryStatus.Valid, EntryReader.TryRead(rest, out EntryReader entry));
                count += entry.IsSigned ? 0 : 1;
                rest = rest[entry.Bytes.Length..];
            }

            if (count > 0)
                counts.Add(count);
        });
        return counts;
    }

    /// <summary>Signatures that records of the journal bring for others.</summary>
    private static int Brought(MemoryVolume volume)
    {
        int count = 0;
        var owed = new OwedSignatures();
        JournalReader.Read(volume, (ReadOnlySpan<byte> record, long _, in JournalSegment _) =>
        {
            Assert.True(owed.TryRead(record, out _));
            count += owed.Count;
        });
        return count;
    }

    private static void AssertAllSigned(TestNode node, DatabaseId database, int entryCount)
    {
        int count = 0;
        foreach (ChainHead head in node.Log.Find(database)!.Published.GetVector())
        {
            ReadOnlySpan<byte> rest = Bytes(node, database, head.Author);
            for (; !rest.IsEmpty; count++)
            {
                Assert.Equal(EntryStatus.Valid, EntryReader.TryRead(rest, out EntryReader entry));
                Assert.Equal(EntryStatus.Valid, EntryVerifier.VerifySignature(entry, entry.ComputeId()));
                rest = rest[entry.Bytes.Length..];
            }
        }

        Assert.Equal(entryCount, count);
    }

    private static byte[] Bytes(TestNode node, DatabaseId database) =>
        Bytes(node, database, node.Log.Find(database)!.Published.GetVector()[0].Author);

    private static byte[] Bytes(TestNode node, DatabaseId database, AuthorKey author)
    {
        using var bytes = new ByteWriter();
        PublishedEntries entries = node.Log.Find(database)!.Published;
        entries.ReadRange(entries.GetVector().Single(head => head.Author == author).Head, 0, int.MaxValue / 4, bytes);
        return bytes.Written.ToArray();
    }

    private static void ZeroSignature(byte[] entries, int index)
    {
        int offset = 0;
        for (int i = 0; ; i++)
        {
            Assert.Equal(EntryStatus.Valid, EntryReader.TryRead(entries.AsSpan(offset), out EntryReader entry));
            if (i == index)
            {
                entries.AsSpan(offset + entry.SignatureOffset, EntryFormat.SignatureLength).Clear();
                return;
            }

            offset += entry.Bytes.Length;
        }
    }
}
