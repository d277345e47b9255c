using P2PDB.Primitives.Keys;

namespace P2PDB.Primitives.Tests.Keys;

public class X25519Tests
{
    public static TheoryData<string> Providers => CryptographyProviders.Names;

    [Theory, MemberData(nameof(Providers))]
    public void Rfc_7748_vectors_hold(string provider)
    {
        Assert.Equal(
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
            Agree(provider, "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
        Assert.Equal(
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
            Agree(provider, "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"));
    }

    [Theory, MemberData(nameof(Providers))]
    public void Rfc_7748_iteration_holds(string provider)
    {
        byte[] k = [9, .. new byte[31]];
        byte[] u = [9, .. new byte[31]];
        for (int i = 0; i < 1000; i++)
        {
            byte[] next = new byte[32];
            Assert.True(X25519.TryAgree(CryptographyProviders.Get(provider), k, u, next));
            (k, u) = (next, k);
            if (i == 0)
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Convert.ToHexStringLower(k));
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(k));
    }

    [Theory, MemberData(nameof(Providers))]
    public void Rfc_7748_key_exchange_holds(string provider)
    {
        // Alice's private key, and both public keys; Bob's private key is not needed.
        const string alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
        byte[] publicKey = new byte[32];
        X25519.DerivePublicKey(CryptographyProviders.Get(provider), Convert.FromHexString(alice), publicKey);

        Assert.Equal(
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Convert.ToHexStringLower(publicKey));
        Assert.Equal(
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
            Agree(provider, alice, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    }

    /// <summary>The points of small order on the curve and its twist, and their non-canonical encodings.</summary>
    [Theory, MemberData(nameof(Providers))]
    public void All_zero_secret_is_refused(string provider)
    {
        string[] hostileKeys =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        ];
        byte[] privateKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        foreach (string key in hostileKeys)
        {
            byte[] secret = [.. Enumerable.Repeat((byte)7, 32)];
            bool agreed = X25519.TryAgree(
                CryptographyProviders.Get(provider), privateKey, Convert.FromHexString(key), secret);

            Assert.False(agreed, key);
            Assert.Equal(new byte[32], secret);
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public void Both_sides_agree_and_allocate_nothing(string provider)
    {
        ICryptographyProvider library = CryptographyProviders.Get(provider);
        byte[] privateA = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        byte[] privateB = [.. Enumerable.Range(9, 32).Select(i => (byte)i)];
        byte[] publicA = new byte[32];
        byte[] publicB = new byte[32];
        byte[] secretA = new byte[32];
        byte[] secretB = new byte[32];
        X25519.DerivePublicKey(library, privateA, publicA);
        X25519.TryAgree(library, privateA, publicA, secretA);

        long before = GC.GetAllocatedBytesForCurrentThread();
        X25519.DerivePublicKey(library, privateB, publicB);
        bool agreed = X25519.TryAgree(library, privateA, publicB, secretA)
            & X25519.TryAgree(library, privateB, publicA, secretB);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(agreed);
        Assert.Equal(secretA, secretB);
        Assert.Equal(0, allocated);
    }

    private static string Agree(string provider, string privateKey, string publicKey)
    {
        byte[] secret = new byte[32];
        Assert.True(X25519.TryAgree(
            CryptographyProviders.Get(provider), Convert.FromHexString(privateKey), Convert.FromHexString(publicKey),
            secret));
        return Convert.ToHexStringLower(secret);
    }
}
