using System.Globalization;
using System.Text;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>
/// Each call of the disk fails once: from the start of a node that recovers, through writes, a transaction that does not fit in
/// memory, definitions, history, a checkpoint and reads from the page file, to its end. The node says so, goes on or refuses what
/// it cannot do; and after a power loss all is there that was acknowledged, and nothing that was refused for want of room.
/// </summary>
public sealed class FailingDiskTests
{
    /// <summary>A prime, so that the calls that are tried are not always the same ones of a pattern. 1 tries all.</summary>
    private static readonly int Stride =
        int.Parse(Environment.GetEnvironmentVariable("P2PDB_FAULT_STRIDE") ?? "23", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly Lazy<MemoryVolume> Prepared = new(Prepare);

    /// <summary>What fails.</summary>
    public enum Failure
    {
        /// <summary>A write, sync or change of a name, for want of room (ENOSPC).</summary>
        Full,

        /// <summary>A write, sync or change of a name, because the device is broken (EIO).</summary>
        Broken,

        /// <summary>A read, because the device is broken (EIO).</summary>
        Unreadable,
    }

    [Theory]
    [InlineData(Failure.Full)]
    [InlineData(Failure.Broken)]
    [InlineData(Failure.Unreadable)]
    public async Task Every_call_may_fail_once(Failure failure)
    {
        long calls = await Task.Run(() => Try(failure, long.MaxValue)).WaitAsync(Deadline);
        Assert.InRange(calls, 20, 5000);
        int stride = failure == Failure.Unreadable ? Math.Min(Stride, 3) : Stride;
        for (long call = 0; call < calls; call += stride)
        {
            long failing = call;
            await Task.Run(() => Try(failure, failing)).WaitAsync(Deadline);
        }
    }

    /// <summary>Works, has one call fail, loses the power, and looks at what is there. Returns how many calls there were.</summary>
    private static long Try(Failure failure, long call)
    {
        MemoryVolume volume = Prepared.Value.Copy(new Random((int)(call % 1000)), isImage: true);
        var work = new Work();
        if (failure == Failure.Unreadable)
            volume.FailReadAfter(call);
        else
            volume.FailAfter(call, asFull: failure == Failure.Full);
        try
        {
            using Database database = Open(volume, StoreKind.File);
            work.Run(database);
        }
        catch (IOException)
        {
            // The start says that it failed, or the end. Statements never do so but by an error.
            Assert.False(work.IsUnderWay);
        }

        long calls = failure == Failure.Unreadable ? volume.ReadCount : volume.CallCount;
        volume.LosePower();
        volume.Restart();
        string context = $"{failure} at call {call}";
        using Database again = Open(volume, StoreKind.File);
        using Session session = again.OpenSession();
        work.Check(sql => Answer(session, sql), context);

        // What the pages have is what the log says.
        volume = volume.Copy(new Random(1), isImage: true);
        using Database rebuilt = Open(volume, StoreKind.Memory);
        using Session other = rebuilt.OpenSession();
        const string Digests = "SELECT name, state_digest FROM p2pdb.`databases` ORDER BY name";
        Assert.Equal(Answer(other, Digests), Answer(session, Digests));
        return calls;
    }

    /// <summary>A node that was killed with rows that its page file's memory does not hold, and entries behind its checkpoint.</summary>
    private static MemoryVolume Prepare()
    {
        var volume = new MemoryVolume(new Random(1));
        using Database database = Open(volume, StoreKind.File);
        using Session session = database.OpenSession();
        Answer(session, "CREATE DATABASE app; USE app; CREATE TABLE old (id INT PRIMARY KEY, k INT, v VARCHAR(3000), KEY (k))");
        for (int i = 0; i < 40; i++)
        {
            IEnumerable<string> rows = Enumerable.Range(i * 150, 150).Select(id => $"({id}, {id % 100}, REPEAT('v', 2800))");
            Assert.Equal("", Answer(session, $"INSERT INTO old VALUES {string.Join(", ", rows)}"));
        }

        database.MakeCheckpoint();
        Answer(session, "CREATE TABLE new (id INT PRIMARY KEY, k INT, KEY (k)); INSERT INTO new VALUES (0, 0)");
        volume.Kill();
        MemoryVolume image = volume.Copy(new Random(2), isImage: true);
        return image;
    }

    private static Database Open(MemoryVolume volume, StoreKind store) => Database.Open("", new DatabaseOptions
    {
        Volume = volume,
        HasTicker = false,
        Seed = 1,
        Store = store,
        StoreMemory = 16 << 20,
        TransactionMemory = 4096,
        TailLengthMax = 16 * 1024,
        Journal = new JournalOptions { SegmentLength = 256 * 1024 },
    });

    private static string Answer(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }

    /// <summary>Statements, and what is known of their effects.</summary>
    private sealed class Work
    {
        private const string Full = "error 1021";

        private readonly SortedDictionary<int, int> _rows = new() { [0] = 0 };
        private readonly SortedDictionary<int, int> _uncertain = [];
        private readonly List<string> _answers = [];
        private bool? _hasIndex;

        /// <summary>True while statements run.</summary>
        public bool IsUnderWay { get; private set; }

        public void Run(Database database)
        {
            IsUnderWay = true;
            using Session session = database.OpenSession();
            Write(session, 1, 8);
            Read(session);
            database.MakeCheckpoint();
            WriteMany(session, 100, 100);
            Assert.Equal(0, database.Transactions.Scratch.FileCount);
            Write(session, 9, 4);
            string answer = Answer(session, "CREATE INDEX i ON app.new (k, id)");
            _hasIndex = answer.Length == 0 ? true : answer == Full ? false : null;
            database.Tick();
            Read(session);
            Write(session, 13, 4);
            database.MakeCheckpoint();
            Write(session, 17, 2);
            IsUnderWay = false;
        }

        public void Check(Func<string, string> answer, string context)
        {
            string found = answer("SELECT id, k FROM app.new ORDER BY id");
            var rows = found.Split('\n').Select(line => line.Split('|')).ToDictionary(
                cells => int.Parse(cells[0], CultureInfo.InvariantCulture), cells => int.Parse(cells[1], CultureInfo.InvariantCulture));
            string said = $"{context}: {string.Join("; ", _answers)}";
            foreach ((int id, int k) in _rows)
                Assert.True(rows.Remove(id, out int kept) && kept == k, $"row {id} was acknowledged; {said}");
            foreach ((int id, int k) in rows)
                Assert.True(_uncertain.TryGetValue(id, out int tried) && tried == k, $"row {id} was not written; {said}");
            Assert.Equal(found, answer("SELECT id, k FROM app.new FORCE INDEX (k) WHERE k >= 0 ORDER BY id"));
            Assert.Equal("6000|297000", answer("SELECT COUNT(*), SUM(k) FROM app.old"));
            if (_hasIndex is { } hasIndex)
                Assert.True(answer("SHOW CREATE TABLE app.new").Contains("`i`", StringComparison.Ordinal) == hasIndex, said);
        }

        private void Write(Session session, int from, int count)
        {
            for (int id = from; id < from + count; id++)
            {
                string answer = Answer(session, $"INSERT INTO app.new VALUES ({id}, {id * 7})");
                _answers.Add(answer);
                if (answer.Length == 0)
                    _rows.Add(id, id * 7);
                else if (answer != Full)
                    _uncertain.Add(id, id * 7);
            }
        }

        /// <summary>A transaction that does not fit in its memory: a statement that fails is undone by itself.</summary>
        private void WriteMany(Session session, int from, int count)
        {
            Answer(session, "BEGIN");
            string rows = string.Join(", ", Enumerable.Range(from, count).Select(id => $"({id}, {id * 7})"));
            string inserted = Answer(session, $"INSERT INTO app.new VALUES {rows}");
            string committed = Answer(session, "COMMIT");
            _answers.Add($"{inserted} {committed}");
            if (inserted.Length > 0 || committed == Full)
                return;
            for (int id = from; id < from + count; id++)
                (committed.Length == 0 ? _rows : _uncertain).Add(id, id * 7);
        }

        /// <summary>What can be read is right, with a broken disk too.</summary>
        private static void Read(Session session)
        {
            for (int id = 0; id < 6000; id += 701)
            {
                string answer = Answer(session, $"SELECT k FROM app.old WHERE id = {id}");
                Assert.True(answer == $"{id % 100}" || answer.StartsWith("error ", StringComparison.Ordinal), answer);
            }
        }
    }
}
