using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using P2PDB.Primitives.Keys;

namespace P2PDB.Primitives.Tests.Keys;

/// <summary>One acceptance rule, whichever library is asked.</summary>
public class Ed25519Tests
{
    private static readonly BigInteger Order =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);

    private static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public static TheoryData<string> Providers => CryptographyProviders.Names;

    /// <summary>RFC 8032, 7.1: seed, public key, message, signature.</summary>
    private static readonly string[][] Rfc8032 =
    [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
        [
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ],
    ];

    /// <summary>
    /// Every encoding of a point of small order: 1, -1, 0 twice, the four of order 8, then non-canonical ones (y + p, or
    /// x = 0 with a sign).
    /// </summary>
    private static readonly string[] SmallOrderPoints =
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];

    [Fact]
    public void At_least_one_library_is_there_and_its_name_is_shown()
    {
        Assert.NotEmpty(Providers);
        Assert.Matches("^(libsodium|OpenSSL) [0-9]", Cryptography.Provider);
    }

    [Theory, MemberData(nameof(Providers))]
    public void Rfc_8032_vectors_hold(string provider)
    {
        foreach (string[] vector in Rfc8032)
        {
            byte[] message = Convert.FromHexString(vector[2]);
            using SigningKey key = SigningKey.FromSeed(
                CryptographyProviders.Get(provider), Convert.FromHexString(vector[0]));
            byte[] signature = new byte[64];
            key.Sign(message, signature);

            Assert.Equal(vector[1], key.PublicKey.ToString());
            Assert.Equal(vector[3], Convert.ToHexStringLower(signature));
            Assert.True(Verify(provider, key.PublicKey, message, signature));
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public void Any_flipped_bit_makes_a_signature_invalid(string provider)
    {
        using SigningKey key = SigningKey.FromSeed(CryptographyProviders.Get(provider), Seed);
        byte[] message = [1, 2, 3];
        byte[] signature = new byte[64];
        key.Sign(message, signature);

        for (int bit = 0; bit < 512; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Verify(provider, key.PublicKey, message, signature), $"bit {bit}");
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int bit = 0; bit < 256; bit++)
        {
            byte[] other = key.PublicKey.AsSpan().ToArray();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Verify(provider, new PublicKey(other), message, signature), $"key bit {bit}");
        }

        Assert.False(Verify(provider, key.PublicKey, [1, 2, 4], signature));
        Assert.True(Verify(provider, key.PublicKey, message, signature));
    }

    [Theory, MemberData(nameof(Providers))]
    public void Signature_of_another_length_is_invalid(string provider)
    {
        using SigningKey key = SigningKey.FromSeed(CryptographyProviders.Get(provider), Seed);
        byte[] signature = new byte[65];
        key.Sign([], signature.AsSpan(0, 64));

        Assert.True(Verify(provider, key.PublicKey, [], signature.AsSpan(0, 64)));
        Assert.False(Verify(provider, key.PublicKey, [], signature));
        Assert.False(Verify(provider, key.PublicKey, [], signature.AsSpan(0, 63)));
        Assert.False(Verify(provider, key.PublicKey, [], []));
    }

    [Theory, MemberData(nameof(Providers))]
    public void S_must_be_below_the_order(string provider)
    {
        using SigningKey key = SigningKey.FromSeed(CryptographyProviders.Get(provider), Seed);
        byte[] message = Encoding.UTF8.GetBytes("S and S + L");
        byte[] signature = new byte[64];
        key.Sign(message, signature);
        BigInteger s = new(signature.AsSpan(32), isUnsigned: true);

        for (BigInteger other = s + Order; other < BigInteger.Pow(2, 256); other += Order)
        {
            byte[] altered = [.. signature[..32], .. ToBytes(other)];
            Assert.False(Verify(provider, key.PublicKey, message, altered));
        }

        Assert.True(Verify(provider, key.PublicKey, message, signature));
    }

    [Theory, MemberData(nameof(Providers))]
    public void R_of_small_order_is_refused_even_where_the_equation_holds(string provider)
    {
        using SigningKey key = SigningKey.FromSeed(CryptographyProviders.Get(provider), Seed);
        BigInteger secret = SecretScalar();
        byte[] message = Encoding.UTF8.GetBytes("small R");
        foreach (string point in SmallOrderPoints)
        {
            // S = h·a solves S·B = R + h·A for R = 0, and up to the cofactor for the others.
            byte[] r = Convert.FromHexString(point);
            BigInteger h = HashToScalar(r, key.PublicKey.AsSpan(), message);
            byte[] signature = [.. r, .. ToBytes(h * secret % Order)];
            Assert.False(Verify(provider, key.PublicKey, message, signature), point);
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public void Key_of_small_order_is_refused_even_where_the_equation_holds(string provider)
    {
        foreach (string point in SmallOrderPoints)
        {
            var key = new PublicKey(Convert.FromHexString(point));
            // With S = 0 and R = -h·A the equation holds; one message in at most eight makes h·A the identity.
            foreach (string r in SmallOrderPoints)
            {
                for (byte i = 0; i < 16; i++)
                {
                    byte[] signature = [.. Convert.FromHexString(r), .. new byte[32]];
                    Assert.False(Verify(provider, key, [i], signature), $"{point}, {r}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public void Key_with_y_not_below_p_is_refused(string provider)
    {
        byte[] signature = new byte[64];
        using SigningKey signer = SigningKey.FromSeed(CryptographyProviders.Get(provider), Seed);
        signer.Sign([], signature);
        for (int low = 0xED; low <= 0xFF; low++)
        {
            foreach (byte top in (byte[])[0x7F, 0xFF])
            {
                byte[] key = [(byte)low, .. Enumerable.Repeat((byte)0xFF, 30), top];
                Assert.False(Verify(provider, new PublicKey(key), [], signature));
                Assert.False(Ed25519Rules.AreMet(key, signature));
            }
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public void The_equation_has_no_cofactor(string provider)
    {
        // R is an honest one plus a point of order 8; then an honest key plus that point, with a hash that is a multiple
        // of 8 and one that is not.
        Assert.False(Verify(
            provider, "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8", "cofactor",
            "171a68b740e612754c8484afbfad2e5f998bfdf971618c29b0ada07cef067c38688b04a89acbcab62e0c8e8e933c2a2be13e3ef2c4cfac4f2b97c97b0d8e1f06"));
        Assert.True(Verify(
            provider, "b502ff3d92e31d8190b4aa4ea0414005167fad089c4de9dac8a2fc850fed4f58", "mixed 1",
            "eb06d96e7c1ec2cc3ff96ade46dc775edd2afdc8e56efc9199ff625bc8817487f438fd32ea4c477139655b560d3b69d5417a1250510ce3df206df46fe9f8ac03"));
        Assert.False(Verify(
            provider, "b502ff3d92e31d8190b4aa4ea0414005167fad089c4de9dac8a2fc850fed4f58", "mixed no 0",
            "5c60ea1538daa310b746e2a3812a2feb0da4617fa0218b35fece3d2c6f2140faf537d4d5f5230dc1b7d8d0a462d1b9cbaa4fde23aab506699178070a3868a702"));
    }

    [Theory, MemberData(nameof(Providers))]
    public void Signing_and_verifying_allocate_nothing(string provider)
    {
        using SigningKey key = SigningKey.FromSeed(CryptographyProviders.Get(provider), Seed);
        byte[] signature = new byte[64];
        PublicKey publicKey = key.PublicKey;
        key.Sign([1], signature);
        Verify(provider, publicKey, [1], signature);
        ICryptographyProvider library = CryptographyProviders.Get(provider);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            key.Sign([1], signature);
            Ed25519.Verify(library, publicKey, [1], signature);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Verify(
        string provider, in PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(CryptographyProviders.Get(provider), key, message, signature);

    private static bool Verify(string provider, string key, string message, string signature) =>
        Verify(
            provider, new PublicKey(Convert.FromHexString(key)), Encoding.UTF8.GetBytes(message),
            Convert.FromHexString(signature));

    private static BigInteger SecretScalar()
    {
        byte[] scalar = SHA512.HashData(Seed)[..32];
        scalar[0] &= 0xF8;
        scalar[31] = (byte)((scalar[31] & 0x7F) | 0x40);
        return new BigInteger(scalar, isUnsigned: true);
    }

    private static BigInteger HashToScalar(ReadOnlySpan<byte> r, ReadOnlySpan<byte> key, ReadOnlySpan<byte> message) =>
        new BigInteger(SHA512.HashData([.. r, .. key, .. message]), isUnsigned: true) % Order;

    private static byte[] ToBytes(BigInteger value)
    {
        byte[] bytes = new byte[32];
        Assert.True(value.TryWriteBytes(bytes, out _, isUnsigned: true));
        return bytes;
    }
}
