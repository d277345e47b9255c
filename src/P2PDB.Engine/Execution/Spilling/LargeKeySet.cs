using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Overlays;
using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>A set of keys of as many rows as a table has: what does not fit in a little memory lies on the disk, sorted.</summary>
internal sealed class LargeKeySet(ScratchSpace scratch) : IDisposable
{
    /// <summary>Bytes in memory from which on keys leave it, about.</summary>
    private const long MemoryLengthMax = 16 << 20;

    private readonly OverlayTree _keys = new(new TreePool(countMax: 16));
    private readonly RunLifetimes _lifetimes = new(scratch);

    /// <summary>True where the key is in the set.</summary>
    /// <exception cref="IOException">What was written cannot be read.</exception>
    public bool Contains(ReadOnlySpan<byte> key) => _keys.TryGet(key, out _);

    /// <summary>Adds a key; false where it was in the set.</summary>
    /// <exception cref="IOException">The disk does not take what memory has no room for, or cannot be read.</exception>
    public bool Add(ReadOnlySpan<byte> key)
    {
        if (_keys.TryGet(key, out _))
            return false;
        _keys.Put(key, []);
        if (_keys.MemoryLength >= MemoryLengthMax)
            _keys.Spill(_lifetimes);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Clear();
}
