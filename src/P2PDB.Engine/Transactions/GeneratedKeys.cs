using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Transactions;

// A table's counter starts from the largest value in its rows. After a loss of the journal's end those rows may be with peers only:
// a key given out again would be the same row there, and the later INSERT would replace the other. So keys are reserved ahead, in a
// file of its own, durably, and a start goes on above what was reserved. Blocks double while a process goes on giving out keys, so
// that the file is written rarely and a crash skips about as many keys as the process used. A clean end gives back the rest.

/// <summary>Reserves AUTO_INCREMENT values before they are given out. Safe for several threads.</summary>
internal sealed class GeneratedKeys
{
    private const ulong FirstBlockLength = 16;
    private const ulong BlockLengthMax = 65_536;
    private readonly Lock _gate = new();
    private readonly NodeLog _log;
    private readonly Dictionary<DatabaseId, SortedDictionary<TableId, ulong>> _limits = [];
    private readonly Dictionary<(DatabaseId, TableId), (AutoIncrementCounter Counter, ulong BlockLength)> _used = [];

    /// <summary>Reads what earlier processes reserved; <see cref="CorruptionException"/> on damage.</summary>
    public GeneratedKeys(NodeLog log)
    {
        _log = log;
        foreach (DatabaseLog database in log.Databases)
            _limits[database.Id] = GeneratedKeysFile.Read(log.Volume, database.Id);
    }

    /// <summary>Gives out the next value of a table; false when it would exceed <paramref name="max"/>.</summary>
    /// <exception cref="IOException">The reservation could not be made durable.</exception>
    public bool TryNext(in DatabaseId database, TableSchema table, ResidueClass own, ulong max, out ulong value)
    {
        AutoIncrementCounter counter = table.AutoIncrement;
        while (counter.TryNext(own.Modulus, own.Residue, max, out value))
        {
            if (value <= counter.Reserved || TryReserve(database, table, own.Modulus, max, value))
                return true;
        }

        return false;
    }

    /// <summary>A clean end: what was reserved and not given out is free again.</summary>
    /// <exception cref="IOException">The files could not be written: the next start skips those values.</exception>
    public void Settle()
    {
        lock (_gate)
        {
            HashSet<DatabaseId> changed = [];
            foreach (((DatabaseId database, TableId table), (AutoIncrementCounter counter, _)) in _used)
            {
                ulong limit = Math.Min(counter.Reserved, counter.Largest);
                counter.Reserved = limit;
                if (_limits[database][table] == limit || _log.Find(database) is null)
                    continue;
                _limits[database][table] = limit;
                changed.Add(database);
            }

            foreach (DatabaseId database in changed)
                GeneratedKeysFile.Write(_log.Volume, database, _limits[database]);
        }
    }

    /// <summary>Reserves a value and some after it; false when an earlier process may have given it out.</summary>
    private bool TryReserve(in DatabaseId database, TableSchema table, ulong modulus, ulong max, ulong value)
    {
        lock (_gate)
        {
            AutoIncrementCounter counter = table.AutoIncrement;
            if (value <= counter.Reserved)
                return true;
            if (!_limits.TryGetValue(database, out SortedDictionary<TableId, ulong>? limits))
                _limits[database] = limits = [];
            if (!_used.TryGetValue((database, table.Id), out (AutoIncrementCounter Counter, ulong BlockLength) use) || use.Counter != counter)
                use = (counter, FirstBlockLength);
            ulong reserved = limits.GetValueOrDefault(table.Id);
            if (counter.Reserved == 0 && value <= reserved)
            {
                counter.Observe(reserved);
                return false;
            }

            // A small type must not be used up by what crashes skip.
            ulong spare = (max - value) / 16;
            ulong count = use.BlockLength - 1;
            ulong beyond = modulus > spare / count ? spare : modulus * count;
            limits[table.Id] = value + beyond;
            GeneratedKeysFile.Write(_log.Volume, database, limits);
            counter.Reserved = value + beyond;
            _used[(database, table.Id)] = (counter, Math.Min(use.BlockLength * 2, BlockLengthMax));
            return true;
        }
    }
}
