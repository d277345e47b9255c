using System.Buffers.Binary;

namespace P2PDB.Primitives.Keys;

// Whether a signature counts must not depend on the library or on its version: an entry that one node takes and another
// refuses would split a database for ever. So the strict rules are checked here, before any library is asked:
//   1. S < L, the order of the base point (else S + L would be a second signature of the same message);
//   2. the key A is canonical: its y, without the sign bit, is below p = 2^255 - 19;
//   3. neither A nor R has small order: y is none of 0, 1, -1, the two of order 8, and those plus p where that fits.
// The library then checks S·B = R + H(R, A, M)·A without cofactor, by comparing R's bytes; SelfTest makes sure of that.

/// <summary>The part of Ed25519's acceptance rule that needs no arithmetic on the curve.</summary>
internal static class Ed25519Rules
{
    private const ulong SignMask = ulong.MaxValue >> 1;

    // p - 1, the lowest word; p's other words are all ones but for the sign bit.
    private const ulong LastOfField = 0xFFFF_FFFF_FFFF_FFEC;

    /// <summary>Whether key and signature pass rules 1 to 3.</summary>
    public static bool AreMet(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        IsBelowOrder(signature[32..])
        && IsCanonical(publicKey)
        && !HasSmallOrder(publicKey)
        && !HasSmallOrder(signature);

    private static bool IsBelowOrder(ReadOnlySpan<byte> s)
    {
        ulong word3 = Word(s, 3);
        if (word3 != 0x1000_0000_0000_0000)
            return word3 < 0x1000_0000_0000_0000;
        ulong word2 = Word(s, 2);
        if (word2 != 0)
            return false;
        ulong word1 = Word(s, 1);
        if (word1 != 0x14DE_F9DE_A2F7_9CD6)
            return word1 < 0x14DE_F9DE_A2F7_9CD6;
        return Word(s, 0) < 0x5812_631A_5CF5_D3ED;
    }

    private static bool IsCanonical(ReadOnlySpan<byte> point) =>
        (Word(point, 3) & SignMask) != SignMask
        || Word(point, 2) != ulong.MaxValue
        || Word(point, 1) != ulong.MaxValue
        || Word(point, 0) <= LastOfField;

    private static bool HasSmallOrder(ReadOnlySpan<byte> point)
    {
        ulong word0 = Word(point, 0);
        ulong word1 = Word(point, 1);
        ulong word2 = Word(point, 2);
        ulong word3 = Word(point, 3) & SignMask;
        return (word1, word2, word3) switch
        {
            (0, 0, 0) => word0 <= 1,
            (ulong.MaxValue, ulong.MaxValue, SignMask) => word0 is >= LastOfField and <= LastOfField + 2,
            (0xF098_EFF2_89F4_C345, 0x3933_C6D3_05AC_DFD5, 0x05FC_536D_8802_38B1) => word0 == 0xB027_B2C2_8F95_E826,
            (0x0F67_100D_760B_3CBA, 0xC6CC_392C_FA53_202A, 0x7A03_AC92_77FD_C74E) => word0 == 0x4FD8_4D3D_706A_17C7,
            _ => false,
        };
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[(sizeof(ulong) * index)..]);
}
