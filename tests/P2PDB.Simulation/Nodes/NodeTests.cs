using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using Xunit.Abstractions;

namespace P2PDB.Simulation.Nodes;

/// <summary>
/// The first laws, of whole nodes: what was acknowledged and durable is everywhere, and the same entries are the same rows. One seed
/// is one run; docs/CONTRIBUTING.md says how to run more of them, or one again.
/// </summary>
public class NodeTests(ITestOutputHelper output)
{
    private const int FaultSeedCount = 200;

    public static TheoryData<int> Seeds => SimulationSeeds.All;

    [Theory, MemberData(nameof(Seeds))]
    public void Nodes_converge_to_the_reference_model_and_lose_nothing(int seed)
    {
        IReadOnlyList<string> trace = Run(seed, ClusterOptions.Sound);
        if (SimulationSeeds.Replayed == seed)
            output.WriteLine(string.Join('\n', trace));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Nodes_whose_disks_forget_what_they_synced_converge_as_well(int seed) =>
        Run(seed, new ClusterOptions { LosesTails = true });

    /// <summary>A seed decides all here but how far the page file's own thread is when the power goes.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Nodes_with_rows_in_pages_and_in_memory_converge_to_the_same(int seed) =>
        Run(seed, new ClusterOptions { HasPages = true, LosesTails = seed % 2 == 0 });

    [Fact]
    public void A_seed_gives_the_same_run_again() =>
        Assert.Equal(Run(1, ClusterOptions.Sound), Run(1, ClusterOptions.Sound));

    [Fact]
    public void A_missing_parent_check_is_found_within_200_seeds() =>
        AssertFound(new ClusterOptions { Log = new LogFaults { IsParentCheckOff = true } });

    [Fact]
    public void A_missing_tie_break_is_found_within_200_seeds() =>
        AssertFound(new ClusterOptions { Merge = new MergeFaults { IsTieBreakOff = true } });

    [Fact]
    public void A_missing_tombstone_is_found_within_200_seeds() =>
        AssertFound(new ClusterOptions { Merge = new MergeFaults { IsTombstoneOff = true } });

    /// <summary>Finds a seed that fails with the planted bug and passes without.</summary>
    private void AssertFound(ClusterOptions faulty)
    {
        for (int seed = 1; seed <= FaultSeedCount; seed++)
        {
            try
            {
                Run(seed, faulty);
            }
            catch (InvalidOperationException failure)
            {
                Run(seed, ClusterOptions.Sound);
                output.WriteLine(failure.Message.Split('\n')[0]);
                return;
            }
        }

        Assert.Fail($"{FaultSeedCount} seeds did not notice a planted bug.");
    }

    private static IReadOnlyList<string> Run(int seed, ClusterOptions options)
    {
        using Cluster cluster = new(seed, options);
        try
        {
            cluster.Run();
            return cluster.Trace;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"Seed {seed} failed: {failure.Message}\nTo run it again: P2PDB_SIM_SEED={seed} dotnet test -c Release tests/P2PDB.Simulation "
                + $"--filter {nameof(NodeTests)}\nWhat happened:\n{string.Join('\n', cluster.Trace)}",
                failure);
        }
    }
}
