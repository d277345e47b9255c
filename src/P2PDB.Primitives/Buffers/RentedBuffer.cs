using System.Buffers;

namespace P2PDB.Primitives.Buffers;

/// <summary>
/// Pooled bytes with one owner: passing it passes ownership, and the last holder disposes it exactly once. The contents
/// are not cleared.
/// </summary>
public sealed class RentedBuffer : IDisposable
{
    private byte[]? _array;

    private RentedBuffer(byte[] array, int length)
    {
        _array = array;
        Length = length;
    }

    /// <summary>The length that was asked for, in bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes, valid until the owner disposes the buffer.</summary>
    public Span<byte> Span => Array.AsSpan(0, Length);

    /// <summary>The bytes, valid until the owner disposes the buffer.</summary>
    public Memory<byte> Memory => Array.AsMemory(0, Length);

    private byte[] Array => _array ?? throw new ObjectDisposedException(nameof(RentedBuffer));

    /// <summary>Rents <paramref name="length"/> bytes with unspecified contents.</summary>
    public static RentedBuffer Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new RentedBuffer(ArrayPool<byte>.Shared.Rent(length), length);
    }

    /// <summary>Rents a buffer that holds a copy of <paramref name="source"/>.</summary>
    public static RentedBuffer CopyOf(ReadOnlySpan<byte> source)
    {
        RentedBuffer buffer = Rent(source.Length);
        source.CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>Returns the bytes to the pool; a second call does nothing.</summary>
    public void Dispose()
    {
        // Exchanged, so that two racing owners (a bug) never return one array twice and share it later.
        byte[]? array = Interlocked.Exchange(ref _array, null);
        if (array is not null)
            ArrayPool<byte>.Shared.Return(array);
    }
}
