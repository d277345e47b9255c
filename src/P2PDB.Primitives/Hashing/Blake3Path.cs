namespace P2PDB.Primitives.Hashing;

/// <summary>How BLAKE3 is computed. All paths give the same bytes; tests force each one.</summary>
internal enum Blake3Path : byte
{
    /// <summary>One word at a time: the specification, written down.</summary>
    Scalar,

    /// <summary>Four words of one block's state at a time.</summary>
    Vector128,

    /// <summary>As <see cref="Vector128"/>, and eight chunks or parents at a time with AVX2.</summary>
    Vector256,
}
