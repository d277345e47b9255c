using P2PDB.Engine.Apply;

namespace P2PDB.Simulation.Merge;

/// <summary>
/// The first law: the same set of entries gives the same rows, in whatever order they came. The merge alone, without log, disk
/// and network: it is fast, and it meets operations that no statement of this version writes (nonsense, rare definitions,
/// entries in any order). Whole nodes: <see cref="Nodes.NodeTests"/>.
/// </summary>
public class MergeTests
{
    private const int StepCount = 120;

    public static TheoryData<int> Seeds => SimulationSeeds.All;

    [Theory, MemberData(nameof(Seeds))]
    public void Replicas_and_the_reference_model_agree(int seed) => Run(seed, WorldFaults.None);

    [Fact]
    public void A_missing_parent_check_is_found_within_200_seeds() =>
        AssertFound(new WorldFaults { IsParentCheckOff = true });

    [Fact]
    public void A_missing_tie_break_is_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { IsTieBreakOff = true } });

    [Fact]
    public void A_missing_tombstone_is_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { IsTombstoneOff = true } });

    [Fact]
    public void Appended_rows_that_change_are_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { IsAppendOff = true } });

    [Fact]
    public void Orphans_that_show_are_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { AreChildrenForgotten = true } });

    [Fact]
    public void Parents_that_do_not_show_are_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { AreParentsForgotten = true } });

    [Fact]
    public void Removals_that_are_forgotten_are_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { AreRemovalsForgotten = true } });

    [Fact]
    public void Parts_of_a_text_on_the_wrong_side_are_found_within_200_seeds() =>
        AssertFound(new WorldFaults { Merge = new MergeFaults { AreSidesForgotten = true } });

    private static void AssertFound(WorldFaults faults)
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            try
            {
                Run(seed, faults);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                return;
            }
        }

        Assert.Fail("200 seeds did not notice a planted bug.");
    }

    private static void Run(int seed, WorldFaults faults)
    {
        try
        {
            using MergeWorld world = new(seed, faults);
            world.Run(StepCount);
            world.AssertPartsAgree();
            world.Heal();
            world.AssertConverged();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"Seed {seed} failed. To run it again: P2PDB_SIM_SEED={seed} dotnet test -c Release tests/P2PDB.Simulation --filter {nameof(MergeTests)}",
                failure);
        }
    }
}
