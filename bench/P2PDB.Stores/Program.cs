using P2PDB.Stores;

// The engine's stores against others in one process: point reads, scans of 100 rows and writes that are not durable, on the same rows at the same random keys.
// In each round every store has each operation for a while, one after the other, so that what disturbs the machine disturbs all. docs/benchmarks.md says
// how it is run and what came of it.
//
//   P2PDB.Stores [--rows 1000000] [--rounds 7] [--milliseconds 200] [--only STORE] [--operation NAME] [--directory PATH]
const int ScanLength = 100;
var options = Options.Read(args);
string directory = Path.Combine(options.Directory, $"stores-{Environment.ProcessId}");
Directory.CreateDirectory(directory);
try
{
    var engine = new EngineStore(directory);
    var handle = new HandleStore(engine);
    handle.Load(options.RowCount);
    RowStore[] all = [handle, new PreparedStore(engine), new FasterStore(), new SqliteStore(directory), new LmdbStore(directory)];
    RowStore[] stores = Array.FindAll(all, store => store.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase));
    foreach (RowStore store in stores)
    {
        if (store != handle)
            store.Load(options.RowCount);
    }

    CheckAgreement(stores, options.RowCount);
    var rounds = new Rounds(stores, options);
    rounds.Run("point read", static (store, key, _) => store.Read(key), static _ => true);
    rounds.Run("scan of 100 rows", static (store, key, count) => Scan(store, Math.Min(key, count - ScanLength)), static store => store.Scans);
    byte[] value = new byte[RowStore.ValueLength];
    long number = 0;
    rounds.Run("write", (store, key, _) => { store.Write(key, ++number, value); return 0; }, static _ => true);
    foreach (RowStore store in Enumerable.Reverse(all))
        store.Dispose();
}
finally
{
    Directory.Delete(directory, recursive: true);
}

static long Scan(RowStore store, int from) => store.Scan(from, from + ScanLength);

static void CheckAgreement(RowStore[] stores, int count)
{
    byte[] value = new byte[RowStore.ValueLength];
    value[0] = 3;
    for (int i = 0; i < ScanLength; i++)
    {
        int key = (int)(i * 7919L % (count - ScanLength));
        foreach (RowStore store in stores)
        {
            store.Write(key, i, value);
            if (store.Read(key) != i + RowStore.ValueLength + 3 || (store.Scans && Scan(store, key) != Scan(stores[0], key)))
                throw new InvalidOperationException($"{store.Name} gives other rows than {stores[0].Name}.");
        }
    }
}
