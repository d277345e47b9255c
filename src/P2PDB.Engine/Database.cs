using System.Globalization;
using System.Security.Cryptography;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Apply;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Accounts;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Pages;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine;

/// <summary>
/// One node's data directory, with all databases in it. Opening it locks the directory, reads the log and rebuilds the rows;
/// sessions run statements; disposing it leaves everything durable. Safe for several threads; a session is not.
/// </summary>
public sealed class Database : IDisposable
{
    /// <summary>What this software calls itself to peers.</summary>
    private const string Agent = "p2pdb/0.1.0";

    private readonly RowWatch _applier;
    private readonly StoreKeeper? _keeper;
    private readonly Applier _rows;
    private readonly Ticker _logTicker;
    private readonly Ticker _storeTicker;
    private readonly AccountStore _accounts;
    private bool _isDisposed;

    private Database(StorageVolume volume, DatabaseOptions options)
    {
        StoreManifest? manifest = null;
        RecoveryPoint? point = null;
        Log = NodeLog.Open(volume, new NodeLogOptions
        {
            TimeProvider = options.TimeProvider,
            Random = options.KeySource ?? RandomNumberGenerator.Fill,
            Journal = options.Journal,
            TailLengthMax = options.TailLengthMax,
            BodyLengthMax = options.BodyLengthMax,
            SignsAside = options.HasTicker && Environment.ProcessorCount > 1,
            Faults = options.LogFaults,
            ReadMarks = options.Store == StoreKind.File ? () => ReadMarks(volume, out manifest, out point) : null,
        });
        Store = options.Store == StoreKind.File
            ? PageStore.Open(volume, new PageStoreOptions { Memory = options.StoreMemory }, manifest)
            : new MemoryStore();
        var scratch = new ScratchSpace(volume);
        _rows = new Applier(scratch, options.MergeFaults);
        _applier = new RowWatch(Store, _rows);
        Commits = new CommitLoop(Log, _applier, Published) { FlushMode = (FlushMode)options.FlushMode };
        _keeper = Store is PageStore pages ? new StoreKeeper(pages, Commits, _applier, Log, options.CheckpointInterval) : null;
        Commits.Recover(point is null ? 0 : _applier.Restore(point, Log));
        Transactions = new TransactionSource(Store, Commits, Log, scratch)
        {
            Faults = options.TransactionFaults,
            ChangesInMemory = (int)Math.Min(ChangeSet.MemoryLengthMax, options.TransactionMemory / 4),
            WritesInMemory = options.TransactionMemory,
        };
        _applier.HasLocks = () => Transactions.Locks.Count > 0;
        _applier.LockedChanged = (tree, key) => Transactions.Locks.Doom(KeyLocks.NameOf(tree.Value, key));
        _applier.AnyLockedChanged = Transactions.Locks.DoomAll;
        if (!options.TransactionFaults.IsRangeWatchOff)
        {
            _applier.HasReaders = () => Transactions.Ranges.HasReaders;
            _applier.ReadChanged = Transactions.Ranges.Report;
            _applier.AnyReadChanged = Transactions.Ranges.ReportUnknown;
        }

        Sync = new SyncNode(Log, Commits, Published, Agent, isInline: !options.HasTicker, options.SyncSizes);
        int seed = options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        _accounts = AccountStore.Open(volume, options.TimeProvider);
        if (options.RootPassword is { Length: > 0 } password)
            _accounts.ProtectRoot(password);
        Node = new NodeContext(Transactions, _accounts, options.TimeProvider, new Random(seed));
        Node.Globals.Set("innodb_flush_log_at_trx_commit", options.FlushMode.ToString(CultureInfo.InvariantCulture));
        Node.Globals.Set("local_infile", options.AllowsLocalInfile ? "ON" : "OFF");
        Node.Globals.Set("secure_file_priv", options.SecureFilePriv);
        Node.GlobalChanged = FollowVariable;
        NodeTables.Register(Node.VirtualTables, this);
        new RightsProcedures(Node, Log).Register();
        ResolveProcedure.Register(Node);
        new PeerProcedures(Node, () => Network).Register();
        new TransferProcedures(Node, Sync, Commits).Register();
        new MembershipProcedures(Node, new Invitations(Log, Commits, Sync, options.JoinPatience), () => Network).Register();
        Sync.ResumeJoins();
        // Two: the log's syncs do not wait for a checkpoint of the store.
        _logTicker = new Ticker(Commits.Tick);
        _storeTicker = new Ticker(() => _keeper?.Tick());
        if (options.HasTicker)
        {
            _logTicker.Start(options.TimeProvider);
            _storeTicker.Start(options.TimeProvider);
        }
    }

    /// <summary>The node's key: who it is to its peers. Stays the database's.</summary>
    public SigningKey NodeKey => Log.Identity.NodeKey;

    /// <summary>Exchanges entries with peers: the network attaches a session for each.</summary>
    public SyncNode Sync { get; }

    /// <summary>What connects this node to its peers; null until it is set, and for a node by itself.</summary>
    public IPeerNetwork? Network { get; set; }

    /// <summary>The node's log.</summary>
    internal NodeLog Log { get; }

    /// <summary>The rows.</summary>
    internal IStore Store { get; }

    /// <summary>The commit loop.</summary>
    internal CommitLoop Commits { get; }

    /// <summary>Tells subscribers which databases have news for peers.</summary>
    internal PublishedFeed Published { get; } = new();

    /// <summary>Store, log, commits and locks together; databases that are followed by other means show after its refresh.</summary>
    internal TransactionSource Transactions { get; }

    /// <summary>Statements that clients have sent since the start.</summary>
    public long StatementCount => Node.ReadCounters()[StatusCounter.Questions];

    /// <summary>Sessions, global variables, made-up tables and procedures: where other parts of the node add theirs.</summary>
    internal NodeContext Node { get; }

    /// <summary>
    /// Opens a data directory, made where it is absent. <see cref="IOException"/> when another process has it,
    /// <see cref="InvalidDataException"/>, which names file and offset, when its files are damaged: its data is not changed then.
    /// </summary>
    public static Database Open(string path, DatabaseOptions? options = null)
    {
        options ??= new DatabaseOptions();
        StorageVolume volume = options.Volume ?? new FileVolume(path);
        try
        {
            return new Database(volume, options);
        }
        catch (CorruptionException damage)
        {
            volume.Dispose();
            string advice = options.Store == StoreKind.File
                ? "If 'p2pdb verify' finds the log sound, move the folder 'pages' away and start again: the rows are made anew from the log. Else restore"
                : "Restore";
            throw new InvalidDataException(
                $"{volume.Name}: {damage.Message} Its data was not changed. {advice} the directory from a backup, or move it away and join its "
                + "databases again from a peer; 'p2pdb verify' checks a directory.", damage);
        }
    }

    /// <summary>Reads all of a data directory's log and checks it: frames, hashes, links, signatures. Needs no node, and none may run.</summary>
    /// <exception cref="IOException">The directory is in use or cannot be read.</exception>
    public static VerifyReport Verify(string path)
    {
        using var volume = new FileVolume(path);
        if (!volume.TryLock())
            throw new IOException($"{path} is in use by another process: stop that node first");
        LogVerification found = LogVerifier.Run(volume, TimeProvider.System);
        return new VerifyReport(
            found.DatabaseCount, found.SegmentCount, found.FrameCount, found.HistoryFileCount, found.EntryCount, found.SignatureCount,
            found.Damage?.Message);
    }

    /// <summary>
    /// Opens a session; dispose it when its client is gone. A <see cref="SqlException"/> where its account has as many as it may have, or
    /// is there no more.
    /// </summary>
    public Session OpenSession(SessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        StoredAccount? account = options?.Account is { } named ? _accounts.Begin(named, options.User, options.Host) : null;
        return new Session(Node, options ?? new SessionOptions(), account);
    }

    /// <summary>The account that a user from a host logs in as, the most specific one that fits; null where there is none.</summary>
    public Account? FindAccount(string user, string host) =>
        _accounts.Current.Match(user, host) is { } account ? Account.Of(account) : null;

    /// <summary>True where somebody could log in as root without a password, from wherever its account allows.</summary>
    public bool HasOpenRoot
    {
        get
        {
            foreach (StoredAccount account in _accounts.Current.ByKey.Values)
            {
                if (account is { Key.User: "root", Authentication.IsEmpty: true, IsLocked: false })
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// What keeps a client out that has shown the account's password: a lock, an expired password, a connection that is not as the account wants
    /// it; or null.
    /// </summary>
    public SqlError? RefusalOf(Account account, in LoginConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account.Stored is { } stored ? LoginRules.Refusal(_accounts, Node.Globals, stored, conditions) : null;
    }

    /// <summary>
    /// A client has failed to show the account's password: too many such failures in a row lock it. What it is told where the account is
    /// locked so, as it would be with the right password: nobody finds that by trying meanwhile; else null.
    /// </summary>
    public SqlError? CountFailedLogin(Account account, in LoginConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (account.Stored is not { } stored)
            return null;
        _accounts.Usage.CountFailure(stored);
        return LoginRules.Block(_accounts, stored, conditions);
    }

    /// <summary>What is done about once a second: syncs of flush modes 2 and 0, delayed entries, history, the store's upkeep.</summary>
    public void Tick()
    {
        _logTicker.Run();
        _storeTicker.Run();
    }

    /// <summary>Makes the rows durable as they are, so that the next start has nothing to apply; nothing where they are in memory.</summary>
    internal void MakeCheckpoint() => _keeper?.MakeCheckpoint();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        // Nothing that follows waits for a full disk: neither a commit under way, nor a checkpoint, which ends with the store.
        (Store as PageStore)?.EndWaiting();
        _storeTicker.Stop();
        _logTicker.Dispose();
        foreach (SessionState session in Node.Sessions)
            session.Kill(connection: true);
        Sync.Dispose();
        GiveBackGeneratedKeys();
        _keeper?.End();
        Commits.Shutdown();
        Commits.Dispose();
        Store.Dispose();
        _storeTicker.Dispose();
        Log.Dispose();
        _rows.Dispose();
        _applier.Dispose();
    }

    private static Dictionary<DatabaseId, LogMark> ReadMarks(StorageVolume volume, out StoreManifest? manifest, out RecoveryPoint? point)
    {
        Dictionary<DatabaseId, LogMark> marks = [];
        point = null;
        manifest = PageStore.ReadManifest(volume);
        if (manifest is null)
            return marks;
        if (!RecoveryPoint.TryRead(manifest.Owner, out point))
            throw new CorruptionException(PageStore.ManifestPath, 0, "its recovery point is none");
        foreach (DatabasePoint database in point.Databases)
        {
            if (database.Log.IsReadAsNow)
                marks.Add(database.Id, database.Log);
        }

        return marks;
    }

    private void GiveBackGeneratedKeys()
    {
        try
        {
            Transactions.GeneratedKeys.Settle();
        }
        catch (IOException)
        {
            // They stay reserved: the next start skips them.
        }
    }

    private void FollowVariable(string name, string? value)
    {
        if (name == "innodb_flush_log_at_trx_commit" && value is ("0" or "1" or "2"))
            Commits.FlushMode = (FlushMode)(value![0] - '0');
        else if (name == "mandatory_roles")
            _accounts.SetMandatoryRoles(Roles.Parse(value ?? ""));
    }
}
