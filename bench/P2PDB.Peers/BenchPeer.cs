using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Host;
using P2PDB.Host.Options;

namespace P2PDB.Peers;

/// <summary>A whole node as `p2pdb start` runs it, without a MySQL port: written to and read in its own process, as the other systems' peers are.</summary>
internal sealed class BenchPeer : IAsyncDisposable
{
    private const int ValueColumn = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Node _node;
    private readonly Session _session;
    private readonly ValueMaker _values;
    private readonly AutoResetEvent _news = new(initialState: false);
    private TableHandle? _items;
    private long _last;

    private BenchPeer(Node node, int valueLength)
    {
        _node = node;
        _session = node.Database.OpenSession();
        _values = new ValueMaker(valueLength);
        ValueLength = valueLength;
        node.Database.Published.Subscribe(_ => _news.Set());
    }

    /// <summary>Bytes of the TCP streams to all peers, both directions.</summary>
    public long TrafficLength
    {
        get
        {
            long length = 0;
            foreach (Engine.Sync.PeerStatus peer in _node.Database.Network!.Peers)
                length += peer.ReceivedLength + peer.SentLength;
            return length;
        }
    }

    private int ValueLength { get; }

    private TableHandle Items => _items ??= _session.OpenTable("bench", "item");

    public static async Task<BenchPeer> StartAsync(BenchPeerOptions options)
    {
        var settings = new NodeSettings
        {
            DataDirectory = options.Directory,
            MySql = null,
            P2p = ["/ip4/127.0.0.1/tcp/0"],
            Peers = [],
            Http = null,
            Mdns = false,
            Store = "file",
            StoreMemory = 512L << 20,
            CheckpointInterval = 256L << 20,
            LocalInfile = false,
            SecureFilePriv = null,
            PasswordFile = null,
            Socket = null,
            TlsCertificate = null,
            TlsKey = null,
        };
        return new BenchPeer(await Node.StartAsync(settings, NullLoggerFactory.Instance, CancellationToken.None).ConfigureAwait(false), options.ValueLength);
    }

    /// <summary>Adds rows, in transactions of so many each; a transaction is one entry with one signature, durable before the next begins.</summary>
    public TimeSpan Append(int count, int batch)
    {
        if (_last == 0)
            CreateTable();
        TableHandle items = Items;
        RowWriter row = items.NewRow();
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < count;)
        {
            int size = Math.Min(batch, count - done);
            if (size > 1)
                _session.Execute("BEGIN"u8, ResultSink.Discard);
            for (int i = 0; i < size; i++)
                Insert(items, row, _values.Next());
            if (size > 1)
                _session.Execute("COMMIT"u8, ResultSink.Discard);
            done += size;
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>What a joiner needs to join.</summary>
    public string Invite() => Query("CALL p2pdb.invite('bench', 'write')");

    /// <summary>Joins, and waits until all rows are in the table.</summary>
    public TimeSpan Join(string ticket, int count, out long rows)
    {
        long start = Stopwatch.GetTimestamp();
        Query($"CALL p2pdb.join('{ticket}')");
        WaitFor(count, start);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        _last = count;
        rows = long.Parse(Query("SELECT COUNT(*) FROM bench.item"), null);
        return time;
    }

    /// <summary>Waits for so many stamped rows more; how long each took, in milliseconds.</summary>
    public double[] Expect(int count)
    {
        double[] latencies = new double[count];
        TableKey key = Items.NewKey();
        long start = Stopwatch.GetTimestamp();
        foreach (ref double latency in latencies.AsSpan())
        {
            RowReader row;
            key.Clear();
            key.AddInt64(++_last);
            while (!Items.TryGet(key, out row))
                WaitForNews(start);
            latency = ValueMaker.MillisecondsSince(row.GetBytes(ValueColumn));
        }

        return latencies;
    }

    /// <summary>Adds stamped rows with a pause between them.</summary>
    public void Live(int count, TimeSpan gap)
    {
        RowWriter row = Items.NewRow();
        for (int i = 0; i < count; i++)
        {
            Insert(Items, row, _values.NextStamped());
            Thread.Sleep(gap);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _items?.Dispose();
        _session.Dispose();
        await _node.DisposeAsync().ConfigureAwait(false);
        _news.Dispose();
    }

    private void CreateTable()
    {
        _session.Execute("CREATE DATABASE bench"u8, ResultSink.Discard);
        _session.Execute(
            Encoding.ASCII.GetBytes($"CREATE TABLE bench.item (id BIGINT PRIMARY KEY, value VARBINARY({ValueLength}) NOT NULL)"), ResultSink.Discard);
    }

    private void Insert(TableHandle items, RowWriter row, ReadOnlySpan<byte> value)
    {
        row.SetInt64(0, ++_last);
        row.SetBinary(ValueColumn, value);
        items.Insert(row);
    }

    // Entries of one author take effect in their order, so the last row means all; the count of the table is compared afterwards.
    private void WaitFor(long id, long start)
    {
        TableHandle? items = null;
        while (items is null || !items.TryGet(items.NewKey().AddInt64(id), out _))
        {
            WaitForNews(start);
            if (items is null && Query("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'bench'") == "1")
                items = Items;
        }
    }

    private void WaitForNews(long start)
    {
        _news.WaitOne(TimeSpan.FromSeconds(1));
        if (Stopwatch.GetElapsedTime(start) > Patience)
            throw new TimeoutException("the rows did not come");
    }

    private string Query(string sql)
    {
        var result = new TextResult();
        _session.Execute(Encoding.UTF8.GetBytes(sql), result);
        return result[0][0]!;
    }
}
