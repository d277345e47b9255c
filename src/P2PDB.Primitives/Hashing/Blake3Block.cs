using System.Runtime.CompilerServices;

namespace P2PDB.Primitives.Hashing;

/// <summary>One message block of BLAKE3, where it lies.</summary>
[InlineArray(Blake3Compression.BlockLength)]
internal struct Blake3Block
{
    private byte _element;
}
