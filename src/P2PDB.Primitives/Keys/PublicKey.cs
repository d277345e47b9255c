using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace P2PDB.Primitives.Keys;

/// <summary>
/// The 32 bytes of an Ed25519 public key, a value: compared as bytes, first byte first. Whether they are a usable key
/// shows at the first verification.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Length)]
public readonly struct PublicKey : IEquatable<PublicKey>, IComparable<PublicKey>
{
    /// <summary>Bytes in a public key.</summary>
    public const int Length = 32;

    // Four words rather than one vector: a vector's alignment would pad every struct that holds this one to 64 bytes.
    private readonly ulong _word0;
    private readonly ulong _word1;
    private readonly ulong _word2;
    private readonly ulong _word3;

    /// <summary>Copies exactly 32 bytes.</summary>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A public key has 32 bytes.", nameof(bytes));
        this = MemoryMarshal.Read<PublicKey>(bytes);
    }

    /// <summary>True for 32 zero bytes, the default value, which is no usable key.</summary>
    public bool IsZero => (_word0 | _word1 | _word2 | _word3) == 0;

    /// <summary>The bytes where the value lies; valid as long as the value does.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<PublicKey>(in this));

    /// <summary>Copies the bytes to the start of <paramref name="target"/>.</summary>
    public void CopyTo(Span<byte> target) => AsSpan().CopyTo(target);

    /// <inheritdoc/>
    public bool Equals(PublicKey other) => Vector256.Create(AsSpan()) == Vector256.Create(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PublicKey other && Equals(other);

    /// <summary>
    /// The hash that the runtime gives strings, of all bytes and with a secret of the process: peers choose the keys that come from the wire, and could
    /// choose ones that collide under any hash that is weaker.
    /// </summary>
    public override int GetHashCode() => string.GetHashCode(MemoryMarshal.Cast<byte, char>(AsSpan()));

    /// <inheritdoc/>
    public int CompareTo(PublicKey other) => AsSpan().SequenceCompareTo(other.AsSpan());

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(AsSpan());

    /// <summary>Reads 64 hexadecimal digits, in either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length == 2 * Length
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            key = new PublicKey(bytes);
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>Equality of all bytes.</summary>
    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    /// <summary>Inequality of any byte.</summary>
    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);

    /// <summary>Bytewise order.</summary>
    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;
}
