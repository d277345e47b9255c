using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the token of a page file's checkpoint. What is read is written as the same bytes, or as the newest version; everything else is named as damage.</summary>
internal sealed class CheckpointTokenTarget : IFuzzTarget
{
    private const byte NewestVersion = 2;

    private static readonly CheckpointToken Whole = new(
        1 << 20, 0x1000, 0x20_0040, new Guid("00112233-4455-6677-8899-aabbccddeeff"), "log"u8.ToArray(),
        new IndexSnapshot(new Guid("ffeeddcc-bbaa-9988-7766-554433221100"), 0x1_0040, 4096, 0xC0FFEE, "index"u8.ToArray()));

    public string Name => "checkpoint-token";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Storage/Faster/CheckpointToken.cs"];

    public IEnumerable<byte[]> Seeds => [Whole.Encode(), (Whole with { Index = null }).Encode()];

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < 2 * sizeof(uint))
            return length;
        buffer[0] = (byte)(NewestVersion - (buffer[0] & 1));
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[(length - sizeof(uint))..], Crc32C.Compute(buffer[..(length - sizeof(uint))]));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        CheckpointToken token;
        try
        {
            probe.BeginDecoding();
            token = CheckpointToken.Decode(input, "pages");
            probe.EndDecoding();
        }
        catch (CorruptionException)
        {
            return false;
        }

        probe.Reached((token.Index is null ? 0 : 1) + (token.LogMetadata.Length * 2));
        byte[] written = token.Encode();
        if (input[0] == NewestVersion)
            FuzzLaw.RequireSame(input, written, "written as read");
        else
            FuzzLaw.RequireSame(written, CheckpointToken.Decode(written, "pages").Encode(), "an old token is written as a new one");
        return true;
    }
}
