using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace P2PDB.Primitives.Hashing;

/// <summary>32 bytes of a hash, a value: compared as bytes, first byte first.</summary>
[StructLayout(LayoutKind.Sequential, Size = Length)]
public readonly struct Hash256 : IEquatable<Hash256>, IComparable<Hash256>
{
    /// <summary>Bytes in a hash.</summary>
    public const int Length = 32;

    // Four words rather than one vector: a vector's alignment would pad every struct that holds this one to 64 bytes.
    private readonly ulong _word0;
    private readonly ulong _word1;
    private readonly ulong _word2;
    private readonly ulong _word3;

    /// <summary>Copies exactly 32 bytes.</summary>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A hash has 32 bytes.", nameof(bytes));
        this = MemoryMarshal.Read<Hash256>(bytes);
    }

    /// <summary>True for 32 zero bytes, the default value.</summary>
    public bool IsZero => (_word0 | _word1 | _word2 | _word3) == 0;

    /// <summary>The bytes where the value lies; valid as long as the value does.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<Hash256>(in this));

    /// <summary>Copies the bytes to the start of <paramref name="target"/>.</summary>
    public void CopyTo(Span<byte> target) => AsSpan().CopyTo(target);

    /// <inheritdoc/>
    public bool Equals(Hash256 other) => Vector256.Create(AsSpan()) == Vector256.Create(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Hash256 other && Equals(other);

    /// <summary>Mixes half of the bytes with the process's random seed, so that chosen values do not collide.</summary>
    public override int GetHashCode() => HashCode.Combine(_word0, _word2);

    /// <inheritdoc/>
    public int CompareTo(Hash256 other) => AsSpan().SequenceCompareTo(other.AsSpan());

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(AsSpan());

    /// <summary>Equality of all bytes.</summary>
    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    /// <summary>Inequality of any byte.</summary>
    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);

    /// <summary>Bytewise order.</summary>
    public static bool operator <(Hash256 left, Hash256 right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(Hash256 left, Hash256 right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(Hash256 left, Hash256 right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(Hash256 left, Hash256 right) => left.CompareTo(right) >= 0;
}
