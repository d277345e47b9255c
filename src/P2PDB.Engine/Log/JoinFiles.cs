using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Log;

/// <summary>What joins that are not through need to go on after a restart, a file for each database, kept in the volume.</summary>
internal sealed class JoinFiles(StorageVolume volume)
{
    private const string Directory = "joins";

    /// <summary>Keeps the bytes of a join, durably; false when the disk is full.</summary>
    public bool TryAdd(in DatabaseId database, ReadOnlySpan<byte> ticket)
    {
        try
        {
            volume.CreateDirectory(Directory);
            volume.Replace(PathOf(database), ticket);
            return true;
        }
        catch (DiskFullException)
        {
            return false;
        }
    }

    /// <summary>Forgets the join of a database.</summary>
    public void Remove(in DatabaseId database)
    {
        if (!volume.Exists(PathOf(database)))
            return;
        try
        {
            volume.Delete(PathOf(database));
            volume.SyncDirectory(Directory);
        }
        catch (DiskFullException)
        {
            // A file that stays does no harm: the next start finds the join through, and removes it.
        }
    }

    /// <summary>The bytes of all joins that are kept.</summary>
    public List<byte[]> ReadAll()
    {
        List<byte[]> tickets = [];
        foreach (string name in volume.List(Directory))
        {
            if (volume.TryReadAll(Directory + "/" + name) is { } bytes)
                tickets.Add(bytes);
        }

        return tickets;
    }

    private static string PathOf(in DatabaseId database) => $"{Directory}/{database}";
}
