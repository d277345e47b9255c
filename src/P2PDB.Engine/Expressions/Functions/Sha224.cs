using System.Buffers.Binary;
using System.Numerics;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>SHA-224 (FIPS 180-4), which .NET lacks and SHA2(x, 224) needs.</summary>
internal static class Sha224
{
    private static readonly uint[] Constants = MakeConstants();

    /// <summary>The 28 bytes of the digest.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> source)
    {
        uint[] state = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];
        int paddedLength = (source.Length + 9 + 63) / 64 * 64;
        byte[] padded = new byte[paddedLength];
        source.CopyTo(padded);
        padded[source.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(paddedLength - 8), (ulong)source.Length * 8);
        for (int at = 0; at < paddedLength; at += 64)
            Compress(state, padded.AsSpan(at, 64));
        byte[] digest = new byte[28];
        for (int i = 0; i < 7; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(4 * i), state[i]);
        return digest;
    }

    private static void Compress(uint[] state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int i = 0; i < 16; i++)
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        unchecked
        {
            for (int i = 16; i < 64; i++)
            {
                uint low = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
                uint high = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
                w[i] = w[i - 16] + low + w[i - 7] + high;
            }

            Span<uint> v = stackalloc uint[8];
            state.CopyTo(v);
            for (int i = 0; i < 64; i++)
            {
                uint high = BitOperations.RotateRight(v[4], 6) ^ BitOperations.RotateRight(v[4], 11) ^ BitOperations.RotateRight(v[4], 25);
                uint first = v[7] + high + ((v[4] & v[5]) ^ (~v[4] & v[6])) + Constants[i] + w[i];
                uint low = BitOperations.RotateRight(v[0], 2) ^ BitOperations.RotateRight(v[0], 13) ^ BitOperations.RotateRight(v[0], 22);
                uint second = low + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
                v[..7].CopyTo(v[1..]);
                v[4] += first;
                v[0] = first + second;
            }

            for (int i = 0; i < 8; i++)
                state[i] += v[i];
        }
    }

    // The first 32 bits of the fractions of the cube roots of the first 64 primes, computed exactly.
    private static uint[] MakeConstants()
    {
        uint[] constants = new uint[64];
        int count = 0;
        for (int n = 2; count < 64; n++)
        {
            bool isPrime = true;
            for (int d = 2; d * d <= n; d++)
                isPrime &= n % d != 0;
            if (!isPrime)
                continue;
            BigInteger target = (BigInteger)n << 96, root = 0;
            for (int bit = 40; bit >= 0; bit--)
            {
                BigInteger candidate = root | (BigInteger.One << bit);
                if (candidate * candidate * candidate <= target)
                    root = candidate;
            }

            constants[count++] = (uint)(root & uint.MaxValue);
        }

        return constants;
    }
}
