using System.Runtime.InteropServices;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>Where a record of a leaf lies, with the start of its key, so that most comparisons touch nothing else.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct LeafSlot
{
    /// <summary>The first four bytes of the key behind the page's prefix, as a big-endian number, zero-filled.</summary>
    public uint Head;

    /// <summary>Position of the record in the page.</summary>
    public ushort Offset;

    /// <summary>Bytes of the key behind the page's prefix.</summary>
    public ushort KeyLength;
}
