using System.Text;
using P2PDB.Engine.Tests.Execution;
using P2PDB.Engine.Types;
using P2PDB.Tests;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>
/// Prepared point statements and reads by a table's handle, once warm, allocate nothing in the whole process: with settings as they
/// are by default, a commit with its signature and its durable write included.
/// </summary>
[Collection(nameof(PointPathTests))]
[CollectionDefinition(nameof(PointPathTests), DisableParallelization = true)]
public sealed class PointPathTests : IDisposable
{
    private const int RowCount = 1_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("p2pdb-point-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public void Point_selects_allocate_nothing(StoreKind store)
    {
        SilentSink answers = AssertAllocatesNothing(store, "SELECT k, v FROM t WHERE id = ?", (parameters, number) =>
        {
            parameters.Reset(1);
            parameters.SetInt64(0, number * 7919L % RowCount);
        });

        Assert.Equal(answers.StatementCount, answers.RowCount);
    }

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public void Point_updates_allocate_nothing(StoreKind store)
    {
        SilentSink answers = AssertAllocatesNothing(store, "UPDATE t SET k = ? WHERE id = ?", (parameters, number) =>
        {
            parameters.Reset(2);
            parameters.SetInt64(0, number);
            parameters.SetInt64(1, number * 7919L % RowCount);
        });

        Assert.Equal(answers.StatementCount, answers.AffectedCount);
    }

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public void Reads_by_a_tables_handle_allocate_nothing(StoreKind store)
    {
        using Database database = Database.Open(_directory, new DatabaseOptions { Store = store, HasTicker = false, FlushMode = 2 });
        using Session session = database.OpenSession();
        var sink = new TextSink(session);
        session.Execute("CREATE DATABASE app; USE app; CREATE TABLE t (id INT PRIMARY KEY, k INT, v VARCHAR(100))"u8, sink);
        for (int i = 0; i < RowCount; i++)
            session.Execute(Encoding.UTF8.GetBytes($"INSERT INTO t VALUES ({i}, 0, REPEAT('x', 100))"), sink);
        Assert.Empty(sink.Errors);
        using TableHandle table = session.OpenTable("app", "t");
        TableKey from = table.NewKey();
        TableKey to = table.NewKey();
        int number = 0;
        int seen = 0;
        AllocationMeter.RequireNothing(() =>
        {
            long id = ++number * 7919L % RowCount;
            if (table.TryGet(from.Clear().AddInt64(id), out RowReader found) && found.GetBytes(2).Length == 100)
                seen++;
            foreach (RowReader row in table.Scan(from, to.Clear().AddInt64(id + 1)))
                seen += row.GetInt64(1) == 0 ? 1 : 0;
        });

        // The row, and it again and the next in the scan: but for the last row there is one.
        Assert.Equal((3 * number) - (number / RowCount), seen);
    }

    private SilentSink AssertAllocatesNothing(StoreKind store, string sql, Action<ParameterSet, int> fill)
    {
        using Database database = Database.Open(_directory, new DatabaseOptions { Store = store });
        using Session session = database.OpenSession();
        var sink = new TextSink(session);
        session.Execute("CREATE DATABASE app; USE app; CREATE TABLE t (id INT PRIMARY KEY, k INT, v VARCHAR(100))"u8, sink);
        session.Execute("BEGIN"u8, sink);
        for (int i = 0; i < RowCount; i++)
            session.Execute(Encoding.UTF8.GetBytes($"INSERT INTO t VALUES ({i}, 0, REPEAT('x', 100))"), sink);
        session.Execute("COMMIT"u8, sink);
        Assert.Empty(sink.Errors);

        using PreparedStatement statement = session.Prepare(Encoding.UTF8.GetBytes(sql));
        var parameters = new ParameterSet();
        var answers = new SilentSink();
        AllocationMeter.RequireNothing(() =>
        {
            fill(parameters, answers.StatementCount + 1);
            statement.Execute(parameters, answers);
        });

        Assert.Equal(0, answers.ErrorCount);
        return answers;
    }

    private sealed class SilentSink : ResultSink
    {
        public int StatementCount { get; private set; }

        public int RowCount { get; private set; }

        public int AffectedCount { get; private set; }

        public int ErrorCount { get; private set; }

        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
        }

        public override void Rows(RowBatch batch) => RowCount += batch.SelectedCount;

        public override void RowsDone(in StatementOutcome outcome) => StatementCount++;

        public override void Ok(in StatementOutcome outcome)
        {
            StatementCount++;
            AffectedCount += (int)outcome.AffectedRows;
        }

        public override void Fail(SqlError failure)
        {
            StatementCount++;
            ErrorCount++;
        }
    }
}
