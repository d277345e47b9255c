namespace P2PDB.Host.Peering;

/// <summary>
/// Addresses of peers that joins and clients brought, kept in the data directory: a node finds its way back after a restart
/// without a flag. One multiaddr a line.
/// </summary>
internal sealed class KnownPeers
{
    private const string FileName = "peers.txt";
    private const int CountMax = 256;

    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly List<string> _addresses = [];

    public KnownPeers(string dataDirectory)
    {
        _path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(_path))
            return;
        foreach (string line in File.ReadLines(_path))
        {
            if (line.Length > 0 && _addresses.Count < CountMax)
                _addresses.Add(line);
        }
    }

    public IReadOnlyList<string> Addresses
    {
        get
        {
            lock (_lock)
                return [.. _addresses];
        }
    }

    public void Add(string address)
    {
        lock (_lock)
        {
            if (_addresses.Contains(address) || _addresses.Count == CountMax)
                return;
            _addresses.Add(address);
            Write();
        }
    }

    /// <summary>Forgets what satisfies the condition; false where nothing does.</summary>
    public bool Remove(Predicate<string> condition)
    {
        lock (_lock)
        {
            if (_addresses.RemoveAll(condition) == 0)
                return false;
            Write();
            return true;
        }
    }

    private void Write()
    {
        try
        {
            // Replaced as a whole, so that a kill leaves the old file or the new one.
            File.WriteAllLines(_path + ".new", _addresses);
            File.Move(_path + ".new", _path, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk, say. What is lost costs a flag or a call at the next start.
        }
    }
}
