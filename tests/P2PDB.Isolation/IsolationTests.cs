using P2PDB.Engine;
using P2PDB.Engine.Transactions;
using P2PDB.Isolation.Checking;
using P2PDB.Isolation.History;
using P2PDB.Isolation.Workload;

namespace P2PDB.Isolation;

/// <summary>Short runs against P2PDB: without a bug no rule is broken, with a planted one a rule is. README.md has the long ones.</summary>
public sealed class IsolationTests
{
    private const int HistoryCountMax = 40;

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.File)]
    public async Task All_levels_together_keep_what_each_promises(StoreKind store)
    {
        await using LocalServer server = await StartAsync(TransactionFaults.None, store);

        Assert.Empty((await RunAsync(server, seed: 5, level: null)).Forbidden);
    }

    [Theory]
    [InlineData("ReadCommitted", "NonRepeatableRead")]
    [InlineData("RepeatableRead", "LostUpdate")]
    public async Task A_level_keeps_its_promise_and_shows_what_it_allows(string level, string allowed)
    {
        await using LocalServer server = await StartAsync(TransactionFaults.None);

        Findings findings = await RunAsync(server, seed: 1, Enum.Parse<IsolationLevel>(level));

        Assert.Empty(findings.Forbidden);
        Assert.True(findings.CountOf(Enum.Parse<AnomalyKind>(allowed)) > 0, "the sessions did not get in each other's way");
    }

    [Fact]
    public async Task Serializable_shows_nothing()
    {
        await using LocalServer server = await StartAsync(TransactionFaults.None);

        Assert.Empty((await RunAsync(server, seed: 3, IsolationLevel.Serializable)).Examples);
    }

    [Theory]
    [InlineData("snapshot-renewed", "RepeatableRead")]
    [InlineData("snapshot-under-lock", "RepeatableRead")]
    [InlineData("locks-end-early", "ReadCommitted")]
    [InlineData("rollback-to-keeps", "ReadCommitted")]
    [InlineData("recheck-off", "ReadCommitted")]
    [InlineData("range-watch-off", "Serializable")]
    public async Task A_planted_bug_is_found(string fault, string level)
    {
        await using LocalServer server = await StartAsync(PlantedFaults.All[fault]);
        for (int seed = 1; seed <= HistoryCountMax; seed++)
        {
            if ((await RunAsync(server, seed, Enum.Parse<IsolationLevel>(level))).Forbidden.Any())
                return;
        }

        Assert.Fail($"{HistoryCountMax} histories did not show the bug.");
    }

    private static async Task<LocalServer> StartAsync(TransactionFaults faults, StoreKind store = StoreKind.Memory)
    {
        LocalServer server = await LocalServer.StartAsync(faults, store);
        await WorkloadRun.CreateTablesAsync(server.ConnectionString);
        return server;
    }

    private static async Task<Findings> RunAsync(LocalServer server, int seed, IsolationLevel? level) => HistoryChecker.Check(
        await WorkloadRun.RunAsync(server.ConnectionString, new WorkloadOptions { Seed = seed, Level = level }), LevelRules.Own);
}
