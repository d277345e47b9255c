using System.Runtime.CompilerServices;
using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// Tells FASTER how long a value is in the log: four bytes of length and the image. A record not in memory is read with the
/// initial length, so that is a whole image's: one device read a page.
/// </summary>
internal readonly struct ImageRecords : IVariableLengthStruct<SpanByte>
{
    private const int PrefixLength = sizeof(int);

    /// <inheritdoc/>
    public int GetInitialLength() => PrefixLength + FasterPageFile.ImageLength;

    /// <inheritdoc/>
    public int GetLength(ref SpanByte value) => value.TotalSize;

    // SAFETY: FASTER gives room for GetLength bytes of a value, and addresses of values it wrote itself.
    /// <inheritdoc/>
    public unsafe void Serialize(ref SpanByte source, void* destination) => source.CopyTo((byte*)destination);

    // SAFETY: as above.
    /// <inheritdoc/>
    public unsafe ref SpanByte AsRef(void* source) => ref Unsafe.AsRef<SpanByte>(source);

    // SAFETY: as above; the length is what lies between the two addresses.
    /// <inheritdoc/>
    public unsafe void Initialize(void* source, void* end) =>
        *(int*)source = (int)((byte*)end - (byte*)source) - PrefixLength;
}
