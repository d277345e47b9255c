using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Storage.Faster;

public class CheckpointTokenTests
{
    private static readonly CheckpointToken Token = new(1 << 20, 0x1000, 0x20_0040, new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        "log"u8.ToArray(), new IndexSnapshot(new Guid("ffeeddcc-bbaa-9988-7766-554433221100"), 0x1_0040, 4096, 0xC0FFEE,
            "index"u8.ToArray()));

    private const string BytesBehindVersion = "030005000000" + "0010000000000000" + "4000200000000000"
        + "00112233445566778899aabbccddeeff" + "ffeeddccbbaa99887766554433221100"
        + "4000010000000000" + "0010000000000000" + "eeffc000" + "6c6f67" + "696e646578";

    [Fact]
    public void Bytes_stay_as_they_are() =>
        Assert.Equal("0214" + BytesBehindVersion, Convert.ToHexStringLower(Token.Encode().AsSpan()[..^4]));

    [Fact]
    public void A_token_of_version_1_has_log_pages_of_4_MiB()
    {
        byte[] old = Sealed(Convert.FromHexString("0100" + BytesBehindVersion));

        Assert.Equal(4 << 20, CheckpointToken.Decode(old, "pages").LogPageLength);
        old[1] = 20;
        Assert.Throws<CorruptionException>(() => CheckpointToken.Decode(Sealed(old[..^4]), "pages"));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(31)]
    [InlineData(255)]
    public void A_token_of_impossible_log_pages_is_damage(byte bits)
    {
        byte[] token = Token.Encode();
        token[1] = bits;
        Assert.Throws<CorruptionException>(() => CheckpointToken.Decode(Sealed(token[..^4]), "pages"));
    }

    [Fact]
    public void A_token_comes_back()
    {
        CheckpointToken read = CheckpointToken.Decode(Token.Encode(), "pages");

        Assert.Equal((Token.LogPageLength, Token.Begin, Token.End, Token.Log), (read.LogPageLength, read.Begin, read.End, read.Log));
        Assert.Equal(Token.LogMetadata, read.LogMetadata);
        Assert.Equal(Token.Index!.FileName, read.Index!.FileName);
        Assert.Equal((Token.Index.Address, Token.Index.Length, Token.Index.Checksum),
            (read.Index.Address, read.Index.Length, read.Index.Checksum));
        Assert.Equal(Token.Index.Metadata, read.Index.Metadata);
        Assert.Null(CheckpointToken.Decode((Token with { Index = null }).Encode(), "pages").Index);
    }

    [Fact]
    public void A_token_with_any_byte_changed_or_missing_is_damage()
    {
        byte[] bytes = Token.Encode();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 4;
            Assert.Throws<CorruptionException>(() => CheckpointToken.Decode(changed, "pages"));
            Assert.Throws<CorruptionException>(() => CheckpointToken.Decode(bytes.AsSpan(0, i), "pages"));
        }
    }

    private static byte[] Sealed(byte[] bytes)
    {
        byte[] token = [.. bytes, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(token.AsSpan(bytes.Length), Crc32C.Compute(bytes));
        return token;
    }
}
