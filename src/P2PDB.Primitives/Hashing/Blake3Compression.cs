using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PDB.Primitives.Hashing;

// BLAKE3 (specification, chapter 2): input is cut into chunks of 1,024 bytes, a chunk into blocks of 64. The compression
// function folds a block into eight words: its state is sixteen words,
//      0.. 3  row 0: chaining value 0..3             8..11  row 2: the first four words of the IV
//      4.. 7  row 1: chaining value 4..7            12..15  row 3: counter low, counter high, block length, flags
// mixed in seven rounds; each mixes the four columns and then the four diagonals with two message words each, and
// permutes the message words between rounds.
//
// Here one block's rows are four vectors. For the diagonal step rows 0, 2 and 3 are rotated instead of rows 1, 2 and 3:
// row 1 is the last to be ready, so it stays off the critical path. Diagonal words are therefore kept rotated by one too.

/// <summary>BLAKE3's compression of one block.</summary>
internal static class Blake3Compression
{
    public const int BlockLength = 64;
    public const int ChunkLength = 1024;

    public const uint FlagChunkStart = 1;
    public const uint FlagChunkEnd = 2;
    public const uint FlagParent = 4;
    public const uint FlagRoot = 8;
    public const uint FlagKeyed = 16;
    public const uint FlagDeriveKeyContext = 32;
    public const uint FlagDeriveKeyMaterial = 64;

    private const int RoundCount = 7;

    /// <summary>The first half of the IV, which is SHA-256's.</summary>
    public static Vector128<uint> InitialLow => Vector128.Create(0x6A09E667u, 0xBB67AE85u, 0x3C6EF372u, 0xA54FF53Au);

    /// <summary>The IV, which is the key of the unkeyed hash.</summary>
    public static ChainingValue Initial =>
        new(InitialLow, Vector128.Create(0x510E527Fu, 0x9B05688Cu, 0x1F83D9ABu, 0x5BE0CD19u));

    /// <summary>Which message word each round takes in which place: round r, place i at 16 × r + i.</summary>
    public static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];

    /// <summary>The next chaining value: the first half of the compression's output.</summary>
    // PERF: compiled once and fully: the first tier's code would hash thirty times slower until it is replaced.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ChainingValue Compress(
        Blake3Path path, in ChainingValue input, ReadOnlySpan<byte> block, ulong counter, uint blockLength, uint flags)
    {
        if (path == Blake3Path.Scalar || !Sse41.IsSupported)
            return CompressPlainly(path, input, block, counter, blockLength, flags);

        // PERF: rows that are only passed to inlined methods stay in registers; otherwise every step goes through
        // memory, five times slower (Blake3Benchmarks).
        Vector128<uint> row0 = input.Low;
        Vector128<uint> row1 = input.High;
        Vector128<uint> row2 = InitialLow;
        Vector128<uint> row3 = Vector128.Create((uint)counter, (uint)(counter >> 32), blockLength, flags);
        MixShuffling(ref row0, ref row1, ref row2, ref row3, block);
        return new ChainingValue(row0 ^ row2, row1 ^ row3);
    }

    /// <summary>All 64 bytes of the compression's output.</summary>
    public static void CompressWide(
        Blake3Path path, in ChainingValue input, ReadOnlySpan<byte> block, ulong counter, uint blockLength, uint flags,
        Span<byte> output)
    {
        Vector128<uint> row0 = input.Low;
        Vector128<uint> row1 = input.High;
        Vector128<uint> row2 = InitialLow;
        Vector128<uint> row3 = Vector128.Create((uint)counter, (uint)(counter >> 32), blockLength, flags);
        Mix(path, ref row0, ref row1, ref row2, ref row3, block);
        (row0 ^ row2).AsByte().CopyTo(output);
        (row1 ^ row3).AsByte().CopyTo(output[16..]);
        (row2 ^ input.Low).AsByte().CopyTo(output[32..]);
        (row3 ^ input.High).AsByte().CopyTo(output[48..]);
    }

    private static ChainingValue CompressPlainly(
        Blake3Path path, in ChainingValue input, ReadOnlySpan<byte> block, ulong counter, uint blockLength, uint flags)
    {
        Vector128<uint> row0 = input.Low;
        Vector128<uint> row1 = input.High;
        Vector128<uint> row2 = InitialLow;
        Vector128<uint> row3 = Vector128.Create((uint)counter, (uint)(counter >> 32), blockLength, flags);
        Mix(path, ref row0, ref row1, ref row2, ref row3, block);
        return new ChainingValue(row0 ^ row2, row1 ^ row3);
    }

    private static void Mix(
        Blake3Path path, ref Vector128<uint> row0, ref Vector128<uint> row1, ref Vector128<uint> row2,
        ref Vector128<uint> row3, ReadOnlySpan<byte> block)
    {
        if (path == Blake3Path.Scalar)
            MixScalar(ref row0, ref row1, ref row2, ref row3, block);
        else if (Sse41.IsSupported)
            MixShuffling(ref row0, ref row1, ref row2, ref row3, block);
        else
            MixGathering(ref row0, ref row1, ref row2, ref row3, block);
    }

    /// <summary>Four vectors hold the message; shuffles permute it between rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixShuffling(
        ref Vector128<uint> row0Target, ref Vector128<uint> row1Target, ref Vector128<uint> row2Target,
        ref Vector128<uint> row3Target, ReadOnlySpan<byte> block)
    {
        Vector128<uint> row0 = row0Target;
        Vector128<uint> row1 = row1Target;
        Vector128<uint> row2 = row2Target;
        Vector128<uint> row3 = row3Target;
        Vector128<uint> words0 = Vector128.Create(block).AsUInt32();
        Vector128<uint> words1 = Vector128.Create(block[16..]).AsUInt32();
        Vector128<uint> words2 = Vector128.Create(block[32..]).AsUInt32();
        Vector128<uint> words3 = Vector128.Create(block[48..]).AsUInt32();

        // Lanes 0..3 of columnX hold the words for columns 0..3, of diagonalX those for diagonals 3, 0, 1, 2.
        Vector128<uint> columnX = Shuffle(words0, words1, 0b10_00_10_00);                          //  0  2  4  6
        Vector128<uint> columnY = Shuffle(words0, words1, 0b11_01_11_01);                          //  1  3  5  7
        Vector128<uint> diagonalX = RotateUp(Shuffle(words2, words3, 0b10_00_10_00));              // 14  8 10 12
        Vector128<uint> diagonalY = RotateUp(Shuffle(words2, words3, 0b11_01_11_01));              // 15  9 11 13

        for (int round = 1; ; round++)
        {
            MixColumns(ref row0, ref row1, ref row2, ref row3, columnX, columnY);
            row0 = RotateUp(row0);
            row2 = RotateDown(row2);
            row3 = Swap(row3);
            MixColumns(ref row0, ref row1, ref row2, ref row3, diagonalX, diagonalY);
            row0 = RotateDown(row0);
            row2 = RotateUp(row2);
            row3 = Swap(row3);
            if (round == RoundCount)
                break;

            // Word i becomes word Schedule[16 + i], in terms of the lanes above. Control bits: lane 3 first.
            Vector128<uint> x = Shuffle(columnX, columnY, 0b11_01_10_01);                          // X1 X2 Y1 Y3
            Vector128<uint> nextColumnX = Vector128.Shuffle(x, Vector128.Create(0u, 2, 3, 1));     // X1 Y1 Y3 X2
            Vector128<uint> y = Shuffle(diagonalX, diagonalY, 0b11_11_10_10);                      // d2 d2 e3 e3
            Vector128<uint> nextColumnY = Blend(
                Vector128.Shuffle(columnX, Vector128.Create(3u, 3, 0, 0)), y, 0b1010);             // X3 d2 X0 e3
            Vector128<uint> u = Shuffle(columnY, diagonalX, 0b11_11_00_00);                        // Y0 Y0 d3 d3
            Vector128<uint> nextDiagonalX = Blend(
                Vector128.Shuffle(diagonalY, Vector128.Create(0u, 0, 0, 1)), u, 0b0110);           // e0 Y0 d3 e1
            Vector128<uint> v = Shuffle(diagonalY, columnY, 0b10_10_10_10);                        // e2 e2 Y2 Y2
            Vector128<uint> nextDiagonalY = Blend(
                Vector128.Shuffle(diagonalX, Vector128.Create(1u, 1, 0, 0)), v, 0b0110);           // d1 e2 Y2 d0
            columnX = nextColumnX;
            columnY = nextColumnY;
            diagonalX = nextDiagonalX;
            diagonalY = nextDiagonalY;
        }

        row0Target = row0;
        row1Target = row1;
        row2Target = row2;
        row3Target = row3;
    }

    /// <summary>For processors without two-source shuffles: message words are gathered by the schedule.</summary>
    internal static void MixGathering(
        ref Vector128<uint> row0, ref Vector128<uint> row1, ref Vector128<uint> row2, ref Vector128<uint> row3,
        ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<uint> w = MemoryMarshal.Cast<byte, uint>(block)[..16];
        for (int round = 0; round < RoundCount; round++)
        {
            ReadOnlySpan<byte> s = Schedule.Slice(16 * round, 16);
            MixColumns(ref row0, ref row1, ref row2, ref row3,
                Vector128.Create(w[s[0]], w[s[2]], w[s[4]], w[s[6]]),
                Vector128.Create(w[s[1]], w[s[3]], w[s[5]], w[s[7]]));
            row0 = RotateUp(row0);
            row2 = RotateDown(row2);
            row3 = Swap(row3);
            MixColumns(ref row0, ref row1, ref row2, ref row3,
                Vector128.Create(w[s[14]], w[s[8]], w[s[10]], w[s[12]]),
                Vector128.Create(w[s[15]], w[s[9]], w[s[11]], w[s[13]]));
            row0 = RotateDown(row0);
            row2 = RotateUp(row2);
            row3 = Swap(row3);
        }
    }

    private static void MixScalar(
        ref Vector128<uint> row0, ref Vector128<uint> row1, ref Vector128<uint> row2, ref Vector128<uint> row3,
        ReadOnlySpan<byte> block)
    {
        Span<uint> v = stackalloc uint[16];
        row0.CopyTo(v);
        row1.CopyTo(v[4..]);
        row2.CopyTo(v[8..]);
        row3.CopyTo(v[12..]);
        for (int round = 0; round < RoundCount; round++)
        {
            ReadOnlySpan<byte> s = Schedule.Slice(16 * round, 16);
            MixWords(v, 0, 4, 8, 12, Word(block, s[0]), Word(block, s[1]));
            MixWords(v, 1, 5, 9, 13, Word(block, s[2]), Word(block, s[3]));
            MixWords(v, 2, 6, 10, 14, Word(block, s[4]), Word(block, s[5]));
            MixWords(v, 3, 7, 11, 15, Word(block, s[6]), Word(block, s[7]));
            MixWords(v, 0, 5, 10, 15, Word(block, s[8]), Word(block, s[9]));
            MixWords(v, 1, 6, 11, 12, Word(block, s[10]), Word(block, s[11]));
            MixWords(v, 2, 7, 8, 13, Word(block, s[12]), Word(block, s[13]));
            MixWords(v, 3, 4, 9, 14, Word(block, s[14]), Word(block, s[15]));
        }

        row0 = Vector128.Create<uint>(v);
        row1 = Vector128.Create<uint>(v[4..]);
        row2 = Vector128.Create<uint>(v[8..]);
        row3 = Vector128.Create<uint>(v[12..]);
    }

    private static uint Word(ReadOnlySpan<byte> block, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[(sizeof(uint) * index)..]);

    private static void MixWords(Span<uint> v, int a, int b, int c, int d, uint x, uint y)
    {
        unchecked
        {
            v[a] += v[b] + x;
            v[d] = uint.RotateRight(v[d] ^ v[a], 16);
            v[c] += v[d];
            v[b] = uint.RotateRight(v[b] ^ v[c], 12);
            v[a] += v[b] + y;
            v[d] = uint.RotateRight(v[d] ^ v[a], 8);
            v[c] += v[d];
            v[b] = uint.RotateRight(v[b] ^ v[c], 7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixColumns(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d,
        Vector128<uint> x, Vector128<uint> y)
    {
        // b is ready last: what does not need it comes first.
        a = a + x + b;
        d = RotateRight16(d ^ a);
        c += d;
        b = RotateRight12(b ^ c);
        a = a + y + b;
        d = RotateRight8(d ^ a);
        c += d;
        b = RotateRight7(b ^ c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight16(Vector128<uint> v) =>
        Vector128.Shuffle(v.AsUInt16(), Vector128.Create((ushort)1, 0, 3, 2, 5, 4, 7, 6)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight12(Vector128<uint> v) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(v, 12) : (v >>> 12) | (v << 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight8(Vector128<uint> v) =>
        Vector128.Shuffle(
            v.AsByte(), Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight7(Vector128<uint> v) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(v, 7) : (v >>> 7) | (v << 25);

    /// <summary>Lane i moves to lane i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateUp(Vector128<uint> v) => Vector128.Shuffle(v, Vector128.Create(3u, 0, 1, 2));

    /// <summary>Lane i moves to lane i - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateDown(Vector128<uint> v) => Vector128.Shuffle(v, Vector128.Create(1u, 2, 3, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Swap(Vector128<uint> v) => Vector128.Shuffle(v, Vector128.Create(2u, 3, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Shuffle(Vector128<uint> left, Vector128<uint> right, [ConstantExpected] byte control) =>
        Sse.Shuffle(left.AsSingle(), right.AsSingle(), control).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Blend(Vector128<uint> left, Vector128<uint> right, [ConstantExpected] byte control) =>
        Sse41.Blend(left.AsSingle(), right.AsSingle(), control).AsUInt32();
}
