using P2PDB.Engine.Apply;

namespace P2PDB.Simulation;

/// <summary>The first law: the same set of entries gives the same rows, in whatever order they came.</summary>
public class ConvergenceTests
{
    private const int StepCount = 120;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public void Replicas_and_the_reference_model_agree(int seed) => Run(seed, SimulationFaults.None);

    [Fact]
    public void A_missing_parent_check_is_found_within_200_seeds() =>
        AssertFound(new SimulationFaults { IsParentCheckOff = true });

    [Fact]
    public void A_missing_tie_break_is_found_within_200_seeds() =>
        AssertFound(new SimulationFaults { Merge = new MergeFaults { IsTieBreakOff = true } });

    [Fact]
    public void A_missing_tombstone_is_found_within_200_seeds() =>
        AssertFound(new SimulationFaults { Merge = new MergeFaults { IsTombstoneOff = true } });

    private static void AssertFound(SimulationFaults faults)
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

    private static void Run(int seed, SimulationFaults faults)
    {
        try
        {
            using SimulatedWorld world = new(seed, faults);
            world.Run(StepCount);
            world.AssertPartsAgree();
            world.Heal();
            world.AssertConverged();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"Seed {seed} failed. To replay it alone: {nameof(ConvergenceTests)}.{nameof(Run)}({seed}).", failure);
        }
    }
}
