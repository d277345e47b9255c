using System.Security.Cryptography;
using System.Text;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Tests.Peers;

/// <summary>Signatures of every kind of identity key that libp2p has.</summary>
public class IdentityKeyTests
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("noise-libp2p-static-key:…");

    public static TheoryData<string> Kinds => new("RSA 2048", "RSA 4096", "P-256", "P-384", "P-521", "secp256k1");

    [Theory, MemberData(nameof(Kinds))]
    public void Signature_verifies_and_no_altered_one_does(string kind)
    {
        (IdentityKey key, byte[] signature) = Sign(kind);

        Assert.True(key.Verify(Message, signature));
        Assert.False(key.Verify(Message.AsSpan(1), signature));
        Assert.False(key.Verify(Message, []));
        Assert.False(key.Verify(Message, signature.AsSpan(1)));
        byte[] altered = [.. signature];
        altered[^1] ^= 1;
        Assert.False(key.Verify(Message, altered));
        Assert.False(Sign(kind).Key.Verify(Message, signature));   // another key of the kind
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Key_that_is_cut_or_goes_on_does_not_verify(string kind)
    {
        (IdentityKey key, byte[] signature) = Sign(kind);

        foreach (byte[] data in new byte[][] { key.Data[..^1], [.. key.Data, 0], new byte[key.Data.Length] })
        {
            if (TryMake(key.Type, data, out IdentityKey? bad))
                Assert.False(bad!.Verify(Message, signature));
        }
    }

    [Fact]
    public void Small_rsa_keys_prove_nothing()
    {
        using var rsa = RSA.Create(1024);
        Assert.True(TryMake(KeyType.Rsa, rsa.ExportSubjectPublicKeyInfo(), out IdentityKey? key));

        Assert.False(key!.Verify(Message, rsa.SignData(Message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    [Fact]
    public void Curve_that_a_key_spells_out_does_not_verify()
    {
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var spelled = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        byte[] data = spelled.ExportSubjectPublicKeyInfo();
        Assert.True(data.Length > named.ExportSubjectPublicKeyInfo().Length);
        Assert.True(TryMake(KeyType.Ecdsa, data, out IdentityKey? key));

        Assert.False(key!.Verify(Message, spelled.SignData(Message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
    }

    [Theory]
    [InlineData(0x06)]   // a curve of another length
    [InlineData(0x63)]   // nobody's
    public void Key_of_another_curve_does_not_verify(byte lastOfOid)
    {
        byte[] oid = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
        (IdentityKey key, byte[] signature) = Sign("P-256");
        byte[] data = [.. key.Data];
        data[data.AsSpan().IndexOf(oid) + oid.Length - 1] = lastOfOid;
        Assert.True(TryMake(KeyType.Ecdsa, data, out IdentityKey? other));

        Assert.False(other!.Verify(Message, signature));
    }

    [Fact]
    public void X_without_a_point_is_no_key()
    {
        (IdentityKey key, byte[] signature) = Sign("secp256k1");
        byte[] data = [.. key.Data];
        int refusedCount = 0;
        for (int i = 0; i < 64; i++)
        {
            data[^1] = (byte)i;
            Assert.True(TryMake(KeyType.Secp256k1, data, out IdentityKey? other));
            refusedCount += data.AsSpan().SequenceEqual(key.Data) || !other!.Verify(Message, signature) ? 1 : 0;
        }

        Assert.Equal(64, refusedCount);   // half of them are no x of a point, the others are another's
        Assert.True(TryMake(KeyType.Secp256k1, [2, .. Enumerable.Repeat((byte)0xFF, 32)], out IdentityKey? beyond));
        Assert.False(beyond!.Verify(Message, signature));
    }

    private static (IdentityKey Key, byte[] Signature) Sign(string kind)
    {
        if (kind.StartsWith("RSA", StringComparison.Ordinal))
        {
            using var rsa = RSA.Create(int.Parse(kind.AsSpan(4), null));
            Assert.True(TryMake(KeyType.Rsa, rsa.ExportSubjectPublicKeyInfo(), out IdentityKey? key));
            return (key!, rsa.SignData(Message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        ECCurve curve = kind switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => ECCurve.CreateFromValue("1.3.132.0.10"),
        };
        using var ecdsa = ECDsa.Create(curve);
        ECPoint point = ecdsa.ExportParameters(false).Q;
        bool isSecp256k1 = kind == "secp256k1";
        byte[] data = isSecp256k1 ? [(byte)(2 + (point.Y![^1] & 1)), .. point.X!] : ecdsa.ExportSubjectPublicKeyInfo();
        Assert.True(TryMake(isSecp256k1 ? KeyType.Secp256k1 : KeyType.Ecdsa, data, out IdentityKey? made));
        return (made!, ecdsa.SignData(Message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    private static bool TryMake(KeyType type, byte[] data, out IdentityKey? key)
    {
        var writer = new ProtobufWriter();
        writer.WriteVarint(1, (ulong)type);
        writer.WriteBytes(2, data);
        return IdentityKey.TryDecode(writer.ToOwned(), out key);
    }
}
