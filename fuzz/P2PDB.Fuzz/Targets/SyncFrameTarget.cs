using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>A frame of a peer: what is accepted encodes to the same bytes; compressed entries to the same entries.</summary>
internal sealed class SyncFrameTarget : IFuzzTarget, IDisposable
{
    private readonly ByteWriter _again = new();

    public string Name => "sync-frame";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Sync/FrameReader.cs", "P2PDB.Engine/Sync/LogExport.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            DatabaseId database = DatabaseId.Read(new byte[32]);
            ChainHead[] heads = [new(AuthorKey.Read(new byte[32]), 300, EntryId.Read(new byte[32]))];
            EntryRange[] ranges = [new(AuthorKey.Read(new byte[32]), 1, 300, EntryId.Read(new byte[32]))];
            using SigningKey key = SigningKey.FromSeed(new byte[32]);
            JoinProof proof = JoinProof.Sign(key, database, key.PublicKey, key.PublicKey);
            yield return Encode(static frame => FrameWriter.Hello(frame, "p2pdb/0.1.0"u8));
            yield return Encode(frame => FrameWriter.Done(frame, database));
            yield return Encode(frame => FrameWriter.Deny(frame, database, DenyReason.NotMember));
            yield return Encode(frame => FrameWriter.Offer(frame, database, Blake3.Hash([1]), default, null));
            yield return Encode(frame => FrameWriter.Offer(frame, database, Blake3.Hash([1]), Blake3.Hash([2]), proof));
            yield return Encode(frame => FrameWriter.Offer(frame, database, Blake3.Hash([1]), default, null, "evidence"u8));
            yield return Encode(frame => FrameWriter.Vector(frame, database, default, heads));
            yield return Encode(frame => FrameWriter.Want(frame, database, ranges));
            yield return Encode(frame => FrameWriter.Entries(frame, database, [1, 2, 3]));
            yield return Encode(frame => FrameWriter.Entries(frame, database, new byte[600]));
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        _again.Clear();
        var reader = new FrameReader(input);
        if (!reader.TryReadStart(out FrameKind kind, out DatabaseId database))
            return false;

        probe.Reached((int)kind);
        if (kind == FrameKind.Entries)
            return RunEntries(ref reader, database, _again);
        bool accepted = TryEncodeAgain(ref reader, kind, database, _again, probe);
        if (accepted)
            FuzzLaw.RequireSame(input, _again.Written, "an accepted frame encodes to the same bytes");
        RunExport(input, kind, database, accepted);
        return accepted;
    }

    // Behind its length, as a client gives it to p2pdb.export.
    private void RunExport(ReadOnlySpan<byte> frame, FrameKind kind, DatabaseId database, bool accepted)
    {
        _again.Clear();
        _again.WriteUInt32((uint)frame.Length);
        _again.Write(frame);
        FuzzLaw.Require(
            LogExport.TryReadVector(_again.Written, database, out _) == (accepted && kind == FrameKind.Vector), "an export takes vectors and nothing else");
        FuzzLaw.Require(!LogExport.TryReadVector(_again.Written[..^1], database, out _), "no export takes a vector that was cut off");
    }

    private static bool TryEncodeAgain(ref FrameReader reader, FrameKind kind, DatabaseId database, ByteWriter again, FuzzProbe probe)
    {
        switch (kind)
        {
            case FrameKind.Hello when reader.TryReadHello(out ushort version, out ReadOnlySpan<byte> agent):
                FrameWriter.Hello(again, agent);
                again.WrittenSpan[1] = (byte)version;
                again.WrittenSpan[2] = (byte)(version >> 8);
                return true;
            case FrameKind.Offer when reader.TryReadOffer(
                out Hash256 vector, out Hash256 since, out JoinProof? proof, out ReadOnlySpan<byte> evidence):
                probe.EndDecoding();
                FrameWriter.Offer(again, database, vector, since, proof, evidence);
                return true;
            case FrameKind.Deny when reader.TryReadDeny(out DenyReason reason):
                probe.EndDecoding();
                FrameWriter.Deny(again, database, reason);
                return true;
            case FrameKind.Vector when reader.TryReadVector(out Hash256 since, out ChainHead[]? items):
                probe.EndDecoding();
                FrameWriter.Vector(again, database, since, items);
                return true;
            case FrameKind.Want when reader.TryReadWant(out EntryRange[]? ranges):
                probe.EndDecoding();
                FrameWriter.Want(again, database, ranges);
                return true;
            case FrameKind.Done when reader.TryReadDone():
                probe.EndDecoding();
                FrameWriter.Done(again, database);
                return true;
            default:
                return false;
        }
    }

    public void Dispose() => _again.Dispose();

    private static bool RunEntries(ref FrameReader reader, DatabaseId database, ByteWriter again)
    {
        if (!reader.TryReadEntries(out RentedBuffer? entries))
            return false;

        using (entries)
        {
            FrameWriter.Entries(again, database, entries.Span);
            var second = new FrameReader(again.Written);
            FuzzLaw.Require(
                second.TryReadStart(out _, out _) && second.TryReadEntries(out RentedBuffer? same) && Equal(entries, same),
                "entries survive another encoding");
        }

        return true;
    }

    private static bool Equal(RentedBuffer entries, RentedBuffer same)
    {
        using (same)
            return entries.Span.SequenceEqual(same.Span);
    }

    private static byte[] Encode(Action<ByteWriter> write)
    {
        using var frame = new ByteWriter();
        write(frame);
        return frame.Written.ToArray();
    }
}
