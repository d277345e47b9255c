namespace P2PDB.Engine.Storage.Overlays;

/// <summary>Where a block of a <see cref="SortedRun"/> lies, and the key that parts it from the block before.</summary>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="SeparatorStart">Where among the separators its own begins: at or before its first key, after the last of the block before.</param>
/// <param name="SeparatorLength">Bytes of the separator.</param>
internal readonly record struct RunBlockPlace(long Offset, int Length, int SeparatorStart, int SeparatorLength);
