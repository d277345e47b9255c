using P2PDB.Engine;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Server.Tests;

/// <summary>The real engine on files in memory, with a database named d.</summary>
internal static class MemoryDatabase
{
    public static Database Open(string? rootPassword = null)
    {
        Database database = Database.Open("memory", new DatabaseOptions
        {
            Volume = new MemoryVolume(new Random(1)),
            Journal = new JournalOptions { SegmentLength = 8 << 20 },
            RootPassword = rootPassword,
            HasTicker = false,
            Seed = 1,
        });
        using Session session = database.OpenSession();
        session.Execute("CREATE DATABASE d"u8, new NoRows());
        return database;
    }

    private sealed class NoRows : ResultSink
    {
        public override void Columns(ReadOnlySpan<ResultColumn> columns) => Assert.Fail("no result set was asked for");

        public override void Rows(Engine.Types.RowBatch batch)
        {
        }

        public override void RowsDone(in StatementOutcome outcome)
        {
        }

        public override void Ok(in StatementOutcome outcome)
        {
        }

        public override void Fail(Engine.Types.SqlError failure) => Assert.Fail(failure.ToString());
    }
}
