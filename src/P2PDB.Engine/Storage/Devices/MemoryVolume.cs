namespace P2PDB.Engine.Storage.Devices;

// What a real disk may do to us, on purpose and from a seed:
// - A write is visible at once but durable only after Sync (or when the file is write-through).
// - On power loss each 4 KiB block written since the last sync is there or not, by the dice, whatever the order. The call that
//   was under way is treated alike, and its last block is torn at 512 bytes.
// - Names (create, rename, delete) are durable after SyncDirectory; on power loss an arbitrary first part of the pending
//   changes is there, as a journalling file system does it.
// - A chosen call can fail as a broken (IOException) or a full (DiskFullException) device does.

/// <summary>A volume in memory for tests and the simulator. Safe for several threads.</summary>
internal sealed class MemoryVolume : StorageVolume
{
    private readonly Lock _gate = new();
    private readonly Random _dice;
    private readonly List<(string Path, MemoryFileContents? Contents)> _pendingNames = [];
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal) { string.Empty };
    private SortedDictionary<string, MemoryFileContents> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryFileContents> _durableNames = new(StringComparer.Ordinal);
    private ulong _nextNumber = 1;
    private bool _locked;
    private int _life;
    private long _callsToPowerLoss = -1;
    private long _callsToKill = -1;
    private long _callsToFailure = -1;
    private long _readsToFailure = -1;
    private bool _failsAsFull;
    private bool _failsNextSync;
    private long? _roomLeft;

    /// <summary>Creates an empty volume whose accidents come from <paramref name="dice"/>.</summary>
    public MemoryVolume(Random dice, ulong device = 1)
    {
        _dice = dice;
        Device = device;
    }

    /// <inheritdoc/>
    public override string Name => "memory";

    /// <summary>Writes, syncs and changes of names so far.</summary>
    public long CallCount { get; private set; }

    /// <summary>Reads so far.</summary>
    public long ReadCount { get; private set; }

    /// <summary>True after a power loss or a kill until <see cref="Restart"/>: every call fails.</summary>
    public bool IsDown { get; private set; }

    internal ulong Device { get; }

    internal int Life => _life;

    internal Lock Gate => _gate;

    /// <summary>The call after <paramref name="calls"/> further changing calls is cut by a power loss.</summary>
    public void LosePowerAfter(long calls) => _callsToPowerLoss = calls;

    /// <summary>The process is killed before the call after <paramref name="calls"/> further changing calls; see <see cref="Kill"/>.</summary>
    public void KillAfter(long calls) => _callsToKill = calls;

    /// <summary>The call after <paramref name="calls"/> further changing calls fails, once.</summary>
    public void FailAfter(long calls, bool asFull)
    {
        _callsToFailure = calls;
        _failsAsFull = asFull;
    }

    /// <summary>The next sync of a file fails, once, whatever is called before it.</summary>
    public void FailNextSync() => _failsNextSync = true;

    /// <summary>The read after <paramref name="reads"/> further ones fails, once.</summary>
    public void FailReadAfter(long reads) => _readsToFailure = reads;

    /// <summary>Lets files grow by so many bytes more, or without bound.</summary>
    public void LimitGrowth(long? bytes) => _roomLeft = bytes;

    /// <summary>Loses the power now: what was not synced is there or not, by the dice.</summary>
    public void LosePower()
    {
        lock (_gate)
        {
            Settle();
        }
    }

    /// <summary>The process is killed: everything it wrote stays, and each further call of it fails.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            IsDown = true;
        }
    }

    /// <summary>A new process on the same disk: open files of the old one are dead.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            IsDown = false;
            _locked = false;
            _life++;
            _callsToPowerLoss = -1;
            _callsToKill = -1;
            _callsToFailure = -1;
            _readsToFailure = -1;
        }
    }

    /// <summary>
    /// A copy of all that is visible. As a backup makes it: same bytes, other identities; or as the image of a whole disk is:
    /// nothing tells it from the original.
    /// </summary>
    public MemoryVolume Copy(Random dice, bool isImage = false)
    {
        lock (_gate)
        {
            var copy = new MemoryVolume(dice, isImage ? Device : Device + 1);
            foreach ((string path, MemoryFileContents contents) in _names)
            {
                var copied = new MemoryFileContents(isImage ? contents.Number : copy._nextNumber++);
                copied.Write(0, contents.Visible);
                copied.Sync();
                copy._names[path] = copied;
                copy._durableNames[path] = copied;
            }

            foreach (string directory in _directories)
                copy._directories.Add(directory);
            copy._nextNumber = Math.Max(copy._nextNumber, _nextNumber);
            return copy;
        }
    }

    /// <summary>Changes bytes of a file behind its readers' back, durably: damage.</summary>
    public void Corrupt(string path, long offset, byte mask)
    {
        lock (_gate)
        {
            _names[path].Corrupt(offset, mask);
        }
    }

    /// <inheritdoc/>
    public override bool TryLock()
    {
        lock (_gate)
        {
            if (_locked)
                return false;
            _locked = true;
            return true;
        }
    }

    /// <inheritdoc/>
    public override StorageFile Open(string path, StorageOpening opening, bool writeThrough = false)
    {
        lock (_gate)
        {
            Check();
            if (opening == StorageOpening.CreateEmpty)
            {
                Change(path, new MemoryFileContents(_nextNumber++));
            }
            else if (!_names.ContainsKey(path))
            {
                throw new FileNotFoundException("No such file.", path);
            }

            return new MemoryFile(this, _names[path], writeThrough);
        }
    }

    /// <inheritdoc/>
    public override bool Exists(string path)
    {
        lock (_gate)
        {
            return _names.ContainsKey(path);
        }
    }

    /// <inheritdoc/>
    public override void Rename(string source, string target)
    {
        lock (_gate)
        {
            if (!_names.TryGetValue(source, out MemoryFileContents? contents))
                throw new FileNotFoundException("No such file.", source);
            // One pending change for both names: a rename is there or it is not.
            Count();
            Apply(_names, source, null);
            Apply(_names, target, contents);
            _pendingNames.Add((source + "\0" + target, contents));
        }
    }

    /// <inheritdoc/>
    public override void Delete(string path)
    {
        lock (_gate)
        {
            if (_names.ContainsKey(path))
                Change(path, null);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            List<string> names = [];
            foreach (string path in _names.Keys)
            {
                if (DirectoryOf(path) == directory)
                    names.Add(path[(directory.Length == 0 ? 0 : directory.Length + 1)..]);
            }

            return names;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ListDirectories(string directory)
    {
        lock (_gate)
        {
            List<string> names = [];
            foreach (string path in _directories)
            {
                if (path.Length > 0 && DirectoryOf(path) == directory)
                    names.Add(path[(directory.Length == 0 ? 0 : directory.Length + 1)..]);
            }

            return names;
        }
    }

    /// <inheritdoc/>
    public override void CreateDirectory(string path)
    {
        lock (_gate)
        {
            for (string part = path; part.Length > 0; part = DirectoryOf(part))
                _directories.Add(part);
        }
    }

    /// <inheritdoc/>
    public override void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            string prefix = path + "/";
            foreach (string name in new List<string>(_names.Keys))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                    Change(name, null);
            }

            _directories.RemoveWhere(name => name == path || name.StartsWith(prefix, StringComparison.Ordinal));
            Flush();
        }
    }

    /// <inheritdoc/>
    public override void SyncDirectory(string path)
    {
        lock (_gate)
        {
            Count();
            Flush();
        }
    }

    /// <inheritdoc/>
    public override FileIdentity IdentityOf(string path)
    {
        lock (_gate)
        {
            return new FileIdentity(Device, _names[path].Number, 0);
        }
    }

    /// <summary>Counts a changing call of a file; true when the power goes during it. Called under the gate.</summary>
    internal bool CountOrLosePower(long growth)
    {
        IsDown |= _callsToKill >= 0 && _callsToKill-- == 0;
        Check();
        CallCount++;
        if (_callsToFailure >= 0 && _callsToFailure-- == 0)
            throw _failsAsFull ? new DiskFullException("No room on the disk.") : new IOException("The disk failed.");
        if (growth > 0 && _roomLeft is { } room)
        {
            if (growth > room)
                throw new DiskFullException("No room on the disk.");
            _roomLeft = room - growth;
        }

        return _callsToPowerLoss >= 0 && _callsToPowerLoss-- == 0;
    }

    /// <summary>As <see cref="CountOrLosePower"/>, for a sync. Called under the gate.</summary>
    internal bool CountSyncOrLosePower()
    {
        if (_failsNextSync)
        {
            _failsNextSync = false;
            throw new IOException("The disk failed.");
        }

        return CountOrLosePower(0);
    }

    /// <summary>Counts a read. Called under the gate.</summary>
    internal void CountRead()
    {
        Check();
        ReadCount++;
        if (_readsToFailure >= 0 && _readsToFailure-- == 0)
            throw new IOException("The disk failed.");
    }

    /// <summary>Loses the power during a call. Called under the gate.</summary>
    internal IOException PowerLost()
    {
        Settle();
        return new IOException("The power is lost.");
    }

    /// <summary>Fails when the power is off. Called under the gate.</summary>
    internal void Check()
    {
        if (IsDown)
            throw new IOException("The power is lost.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _locked = false;
        }
    }

    private static void Apply(
        SortedDictionary<string, MemoryFileContents> names, string path, MemoryFileContents? contents)
    {
        if (contents is null)
            names.Remove(path);
        else
            names[path] = contents;
    }

    private void Count()
    {
        if (CountOrLosePower(0))
            throw PowerLost();
    }

    private void Change(string path, MemoryFileContents? contents)
    {
        Count();
        Apply(_names, path, contents);
        _pendingNames.Add((path, contents));
    }

    private void Flush() => FlushFirst(_pendingNames.Count);

    private void FlushFirst(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (string path, MemoryFileContents? contents) = _pendingNames[i];
            int rename = path.IndexOf('\0', StringComparison.Ordinal);
            if (rename >= 0)
                Apply(_durableNames, path[..rename], null);
            Apply(_durableNames, path[(rename + 1)..], contents);
        }

        _pendingNames.RemoveRange(0, count);
    }

    private void Settle()
    {
        FlushFirst(_dice.Next(_pendingNames.Count + 1));
        _pendingNames.Clear();
        foreach (MemoryFileContents contents in _durableNames.Values)
            contents.Settle(_dice);
        _names = new SortedDictionary<string, MemoryFileContents>(_durableNames, StringComparer.Ordinal);
        IsDown = true;
    }
}
