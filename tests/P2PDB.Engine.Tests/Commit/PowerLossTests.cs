using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Tests.Commit;

public class PowerLossTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void What_was_acknowledged_is_there(int seed) => Run(seed, FlushMode.EachCommit);

    [Theory, MemberData(nameof(Seeds))]
    public void Writing_without_sync_loses_only_a_suffix(int seed) => Run(seed, FlushMode.WriteEachCommit);

    [Theory, MemberData(nameof(Seeds))]
    public void Periodic_writing_loses_only_a_suffix(int seed) => Run(seed, FlushMode.Periodic);

    [Theory, MemberData(nameof(Seeds))]
    public void A_change_of_the_flush_mode_makes_what_follows_durable(int seed) => Run(seed, FlushMode.EachCommit, mixed: true);

    /// <summary>Commits, loses power at a random call, restarts, checks; several times over.</summary>
    private static void Run(int seed, FlushMode mode, bool mixed = false)
    {
        var dice = new Random(seed);
        using TestNode node = TestNode.Create(seed);
        DatabaseId database = node.CreateDatabase().Id;
        int next = 0;
        for (int round = 0; round < 4; round++)
        {
            int durable = next;
            int acknowledged = next;
            node.Volume.LosePowerAfter(dice.Next(1, 120));
            while (!node.Volume.IsDown)
            {
                node.FlushMode = mixed && dice.Next(2) == 0 ? FlushMode.WriteEachCommit : mode;
                CommitStatus status = node.Insert(database, acknowledged, dice.Next(1, 6000));
                if (status != CommitStatus.Committed)
                    break;
                acknowledged++;
                if (node.FlushMode == FlushMode.EachCommit)
                    durable = acknowledged;
                if (dice.Next(12) == 0)
                {
                    node.Clock.Now += TimeSpan.FromSeconds(1);
                    node.Loop.Tick();
                    if (!node.Volume.IsDown)
                        durable = acknowledged;
                }
            }

            node.Restart();
            string[] rows = [.. node.Applier.RowsOf(database).Keys];
            // A prefix, at least what was durable, at most what was tried.
            Assert.InRange(rows.Length, durable, acknowledged + 1);
            Assert.Equal(Enumerable.Range(0, rows.Length).Select(TestNode.KeyOf), rows);
            next = rows.Length;
        }
    }
}
