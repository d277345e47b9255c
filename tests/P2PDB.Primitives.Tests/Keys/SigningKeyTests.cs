using P2PDB.Primitives.Keys;

namespace P2PDB.Primitives.Tests.Keys;

public class SigningKeyTests
{
    [Fact]
    public void Signatures_verify_and_altered_ones_do_not()
    {
        using SigningKey key = SigningKey.Generate();
        byte[] signature = new byte[64];
        key.Sign("message"u8, signature);
        Assert.True(Ed25519.Verify(key.PublicKey, "message"u8, signature));
        Assert.False(Ed25519.Verify(key.PublicKey, "massage"u8, signature));
    }
}
