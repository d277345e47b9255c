using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PDB.Primitives.Hashing;

// Eight inputs of equal length side by side: each of the sixteen state words is one vector, lane i of it belongs to input
// i. So the mixing needs no shuffles; instead the message words are transposed once per block.

/// <summary>BLAKE3's compression of eight chunks or eight parents at a time, with AVX2.</summary>
internal static class Blake3Wide
{
    public const int LaneCount = 8;

    /// <summary>From this number on, eight lanes partly idle are faster than one input after the other.</summary>
    public const int LaneCountMin = 3;

    private const int RoundCount = 7;

    /// <summary>
    /// Folds one input of <paramref name="length"/> bytes (whole blocks) into each element of <paramref name="values"/>
    /// (1 to 8). The inputs lie one after the other in <paramref name="inputs"/>, which may be the memory of
    /// <paramref name="values"/>.
    /// </summary>
    // PERF: compiled once and fully: the first tier's code would hash thirty times slower until it is replaced.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Fold(
        Span<ChainingValue> values, ReadOnlySpan<byte> inputs, int length, in ChainingValue key, ulong counter,
        uint counterStep, uint flags, uint startFlag, uint endFlag)
    {
        int lanes = values.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, LaneCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, lanes * length);

        Span<Vector256<uint>> message = stackalloc Vector256<uint>[16];
        Span<Vector256<uint>> third = stackalloc Vector256<uint>[4];
        ref Vector256<uint> v8 = ref third[0];
        ref Vector256<uint> v9 = ref third[1];
        ref Vector256<uint> v10 = ref third[2];
        ref Vector256<uint> v11 = ref third[3];
        Span<uint> low = stackalloc uint[LaneCount];
        Span<uint> high = stackalloc uint[LaneCount];
        for (int i = 0; i < LaneCount; i++)
        {
            ulong laneCounter = counter + ((ulong)i * counterStep);
            low[i] = (uint)laneCounter;
            high[i] = (uint)(laneCounter >> 32);
        }

        Vector256<uint> counterLow = Vector256.Create<uint>(low);
        Vector256<uint> counterHigh = Vector256.Create<uint>(high);
        Vector256<uint> h0 = Vector256.Create(key.Low[0]);
        Vector256<uint> h1 = Vector256.Create(key.Low[1]);
        Vector256<uint> h2 = Vector256.Create(key.Low[2]);
        Vector256<uint> h3 = Vector256.Create(key.Low[3]);
        Vector256<uint> h4 = Vector256.Create(key.High[0]);
        Vector256<uint> h5 = Vector256.Create(key.High[1]);
        Vector256<uint> h6 = Vector256.Create(key.High[2]);
        Vector256<uint> h7 = Vector256.Create(key.High[3]);

        for (int offset = 0; offset < length; offset += Blake3Compression.BlockLength)
        {
            LoadTransposed(message, inputs, lanes, length, offset);
            uint blockFlags = flags
                | (offset == 0 ? startFlag : 0)
                | (offset + Blake3Compression.BlockLength == length ? endFlag : 0);

            v8 = Vector256.Create(0x6A09E667u);
            v9 = Vector256.Create(0xBB67AE85u);
            v10 = Vector256.Create(0x3C6EF372u);
            v11 = Vector256.Create(0xA54FF53Au);
            Vector256<uint> v12 = counterLow;
            Vector256<uint> v13 = counterHigh;
            Vector256<uint> v14 = Vector256.Create((uint)Blake3Compression.BlockLength);
            Vector256<uint> v15 = Vector256.Create(blockFlags);

            Vector256<uint> v0 = h0;
            Vector256<uint> v1 = h1;
            Vector256<uint> v2 = h2;
            Vector256<uint> v3 = h3;
            Vector256<uint> v4 = h4;
            Vector256<uint> v5 = h5;
            Vector256<uint> v6 = h6;
            Vector256<uint> v7 = h7;
            ref Vector256<uint> m = ref MemoryMarshal.GetReference(message);
            for (int round = 0; round < RoundCount; round++)
            {
                ref byte s = ref MemoryMarshal.GetReference(Blake3Compression.Schedule.Slice(16 * round, 16));
                Mix(ref v0, ref v4, ref v8, ref v12, in Word(ref m, ref s, 0), in Word(ref m, ref s, 1));
                Mix(ref v1, ref v5, ref v9, ref v13, in Word(ref m, ref s, 2), in Word(ref m, ref s, 3));
                Mix(ref v2, ref v6, ref v10, ref v14, in Word(ref m, ref s, 4), in Word(ref m, ref s, 5));
                Mix(ref v3, ref v7, ref v11, ref v15, in Word(ref m, ref s, 6), in Word(ref m, ref s, 7));
                Mix(ref v0, ref v5, ref v10, ref v15, in Word(ref m, ref s, 8), in Word(ref m, ref s, 9));
                Mix(ref v1, ref v6, ref v11, ref v12, in Word(ref m, ref s, 10), in Word(ref m, ref s, 11));
                Mix(ref v2, ref v7, ref v8, ref v13, in Word(ref m, ref s, 12), in Word(ref m, ref s, 13));
                Mix(ref v3, ref v4, ref v9, ref v14, in Word(ref m, ref s, 14), in Word(ref m, ref s, 15));
            }

            h0 = v0 ^ v8;
            h1 = v1 ^ v9;
            h2 = v2 ^ v10;
            h3 = v3 ^ v11;
            h4 = v4 ^ v12;
            h5 = v5 ^ v13;
            h6 = v6 ^ v14;
            h7 = v7 ^ v15;
        }

        Transpose(ref h0, ref h1, ref h2, ref h3, ref h4, ref h5, ref h6, ref h7);
        message[0] = h0;
        message[1] = h1;
        message[2] = h2;
        message[3] = h3;
        message[4] = h4;
        message[5] = h5;
        message[6] = h6;
        message[7] = h7;
        MemoryMarshal.Cast<Vector256<uint>, ChainingValue>(message)[..lanes].CopyTo(values);
    }

    /// <summary>Message word w of each lane becomes vector w. Lanes past the last read the last one's input again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LoadTransposed(
        Span<Vector256<uint>> message, ReadOnlySpan<byte> inputs, int lanes, int length, int offset)
    {
        int last = lanes - 1;
        for (int half = 0; half < 2; half++)
        {
            int at = offset + (32 * half);
            Vector256<uint> r0 = Load(inputs, at);
            Vector256<uint> r1 = Load(inputs, at + (Math.Min(1, last) * length));
            Vector256<uint> r2 = Load(inputs, at + (Math.Min(2, last) * length));
            Vector256<uint> r3 = Load(inputs, at + (Math.Min(3, last) * length));
            Vector256<uint> r4 = Load(inputs, at + (Math.Min(4, last) * length));
            Vector256<uint> r5 = Load(inputs, at + (Math.Min(5, last) * length));
            Vector256<uint> r6 = Load(inputs, at + (Math.Min(6, last) * length));
            Vector256<uint> r7 = Load(inputs, at + (Math.Min(7, last) * length));
            Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Span<Vector256<uint>> target = message.Slice(8 * half, 8);
            target[7] = r7;
            target[6] = r6;
            target[5] = r5;
            target[4] = r4;
            target[3] = r3;
            target[2] = r2;
            target[1] = r1;
            target[0] = r0;
        }
    }

    /// <summary>The message word that the round takes in place <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly Vector256<uint> Word(ref Vector256<uint> message, ref byte schedule, int index) =>
        // SAFETY: a round's schedule has 16 places, index is below 16, and what it says is below 16, as many as there
        // are message vectors. PERF: 16 bounds checks a round cost a tenth of the time (Blake3Benchmarks).
        ref Unsafe.Add(ref message, (nint)Unsafe.Add(ref schedule, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Load(ReadOnlySpan<byte> inputs, int offset) =>
        Vector256.Create(inputs[offset..]).AsUInt32();

    // PERF: the state has as many vectors as there are registers, so something has to give. The third row lies in memory and the
    // message words are memory operands; left to itself, the compiler spills in the middle of the chain of dependent steps and
    // the hash takes 1.7 times as long (Blake3Benchmarks).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> third, ref Vector256<uint> d,
        in Vector256<uint> x, in Vector256<uint> y)
    {
        Vector256<uint> c = third;
        a = a + b + x;
        d = RotateRight16(d ^ a);
        c += d;
        b = RotateRight12(b ^ c);
        a = a + b + y;
        d = RotateRight8(d ^ a);
        c += d;
        b = RotateRight7(b ^ c);
        third = c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight16(Vector256<uint> v) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.RotateRight(v, 16)
            : Avx2.Shuffle(v.AsByte(), Vector256.Create(
                (byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
                2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight12(Vector256<uint> v) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(v, 12) : (v >>> 12) | (v << 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight8(Vector256<uint> v) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.RotateRight(v, 8)
            : Avx2.Shuffle(v.AsByte(), Vector256.Create(
                (byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
                1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight7(Vector256<uint> v) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(v, 7) : (v >>> 7) | (v << 25);

    /// <summary>Lane j of vector i becomes lane i of vector j: pairs of words, pairs of pairs, then halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<uint> r0, ref Vector256<uint> r1, ref Vector256<uint> r2, ref Vector256<uint> r3,
        ref Vector256<uint> r4, ref Vector256<uint> r5, ref Vector256<uint> r6, ref Vector256<uint> r7)
    {
        Vector256<ulong> a0 = Avx2.UnpackLow(r0, r1).AsUInt64();
        Vector256<ulong> a1 = Avx2.UnpackHigh(r0, r1).AsUInt64();
        Vector256<ulong> a2 = Avx2.UnpackLow(r2, r3).AsUInt64();
        Vector256<ulong> a3 = Avx2.UnpackHigh(r2, r3).AsUInt64();
        Vector256<ulong> a4 = Avx2.UnpackLow(r4, r5).AsUInt64();
        Vector256<ulong> a5 = Avx2.UnpackHigh(r4, r5).AsUInt64();
        Vector256<ulong> a6 = Avx2.UnpackLow(r6, r7).AsUInt64();
        Vector256<ulong> a7 = Avx2.UnpackHigh(r6, r7).AsUInt64();

        Vector256<uint> b0 = Avx2.UnpackLow(a0, a2).AsUInt32();
        Vector256<uint> b1 = Avx2.UnpackHigh(a0, a2).AsUInt32();
        Vector256<uint> b2 = Avx2.UnpackLow(a1, a3).AsUInt32();
        Vector256<uint> b3 = Avx2.UnpackHigh(a1, a3).AsUInt32();
        Vector256<uint> b4 = Avx2.UnpackLow(a4, a6).AsUInt32();
        Vector256<uint> b5 = Avx2.UnpackHigh(a4, a6).AsUInt32();
        Vector256<uint> b6 = Avx2.UnpackLow(a5, a7).AsUInt32();
        Vector256<uint> b7 = Avx2.UnpackHigh(a5, a7).AsUInt32();

        r0 = Avx2.Permute2x128(b0, b4, 0x20);
        r1 = Avx2.Permute2x128(b1, b5, 0x20);
        r2 = Avx2.Permute2x128(b2, b6, 0x20);
        r3 = Avx2.Permute2x128(b3, b7, 0x20);
        r4 = Avx2.Permute2x128(b0, b4, 0x31);
        r5 = Avx2.Permute2x128(b1, b5, 0x31);
        r6 = Avx2.Permute2x128(b2, b6, 0x31);
        r7 = Avx2.Permute2x128(b3, b7, 0x31);
    }
}
