using System.Text;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// MANIFEST v1: "P2PDBMAN" · u32 count · per database {32 id · u16 name length · name in UTF-8} · u32 CRC32C of all before
// By name, ascending without regard to case; no name and no id twice.

/// <summary>Which databases this node follows, and what it calls them. Replaced as a whole, durably.</summary>
internal sealed class DatabaseManifest(StorageVolume volume)
{
    private const string ManifestPath = "databases.manifest";
    private readonly SortedDictionary<string, DatabaseId> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Local names and ids, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, DatabaseId>> Databases => _names;

    private static ReadOnlySpan<byte> Magic => "P2PDBMAN"u8;

    /// <summary>Reads the manifest of a volume; a new volume has none.</summary>
    public static DatabaseManifest Open(StorageVolume volume)
    {
        var manifest = new DatabaseManifest(volume);
        byte[]? bytes = volume.TryReadAll(ManifestPath);
        if (bytes is not null && !manifest.TryDecode(bytes))
            throw new CorruptionException(ManifestPath, 0, "the manifest is not whole");
        return manifest;
    }

    /// <summary>The database of a local name.</summary>
    public bool TryFind(string name, out DatabaseId id) => _names.TryGetValue(name, out id);

    /// <summary>The local name of a database, or null.</summary>
    public string? NameOf(in DatabaseId id)
    {
        foreach ((string name, DatabaseId known) in _names)
        {
            if (known == id)
                return name;
        }

        return null;
    }

    /// <summary>Adds a database, durably; false when name or id is taken.</summary>
    public bool TryAdd(string name, in DatabaseId id)
    {
        if (NameOf(id) is not null || !_names.TryAdd(name, id))
            return false;
        try
        {
            Save();
        }
        catch (DiskFullException)
        {
            _names.Remove(name);
            throw;
        }

        return true;
    }

    /// <summary>Removes a database, durably.</summary>
    public void Remove(in DatabaseId id)
    {
        if (NameOf(id) is not { } name)
            return;
        _names.Remove(name);
        Save();
    }

    private bool TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + 8 || !bytes.StartsWith(Magic))
            return false;
        var check = new ByteReader(bytes[^4..]);
        check.TryReadUInt32(out uint expected);
        if (Crc32C.Compute(bytes[..^4]) != expected)
            return false;

        var reader = new ByteReader(bytes[Magic.Length..^4]);
        reader.TryReadUInt32(out uint count);
        HashSet<DatabaseId> seen = [];
        string? previous = null;
        for (uint i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes(32, out ReadOnlySpan<byte> id) || !reader.TryReadUInt16(out ushort length)
                || !reader.TryReadBytes(length, out ReadOnlySpan<byte> utf8) || !System.Text.Unicode.Utf8.IsValid(utf8))
            {
                return false;
            }

            string name = Encoding.UTF8.GetString(utf8);
            if ((previous is not null && _names.Comparer.Compare(previous, name) >= 0) || !seen.Add(DatabaseId.Read(id)))
                return false;
            _names.Add(name, DatabaseId.Read(id));
            previous = name;
        }

        return reader.IsAtEnd;
    }

    private void Save()
    {
        using var bytes = new ByteWriter();
        bytes.Write(Magic);
        bytes.WriteUInt32((uint)_names.Count);
        foreach ((string name, DatabaseId id) in _names)
        {
            byte[] encoded = Encoding.UTF8.GetBytes(name);
            bytes.Write(id.Hash.AsSpan());
            bytes.WriteUInt16(checked((ushort)encoded.Length));
            bytes.Write(encoded);
        }

        bytes.WriteUInt32(Crc32C.Compute(bytes.Written));
        volume.Replace(ManifestPath, bytes.Written);
    }
}
