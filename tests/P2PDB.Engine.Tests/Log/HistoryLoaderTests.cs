using P2PDB.Engine.Log;
using P2PDB.Engine.Tests.Commit;

namespace P2PDB.Engine.Tests.Log;

/// <summary>History files give back the log that they were written from.</summary>
public sealed class HistoryLoaderTests
{
    [Fact]
    public void Entries_of_authors_who_build_on_each_other_are_loaded_from_several_files()
    {
        using TestNode owner = TestNode.Create(41);
        DatabaseId database = owner.CreateDatabase().Id;
        using var member = TestNode.Create(42);
        owner.Admit(member, database, 1);
        for (int file = 0, key = 0; file < 3; file++)
        {
            for (int turn = 0; turn < 10; turn++)
            {
                owner.Insert(database, key++);
                member.Pull(owner, database);
                member.Insert(database, key++);
                owner.Pull(member, database);
            }

            owner.Loop.WriteHistory();
        }

        AssertLoadedAsHeld(owner, database, fileCount: 3);
    }

    private static void AssertLoadedAsHeld(TestNode node, DatabaseId database, int fileCount)
    {
        DatabaseLog held = node.Log.Find(database)!;
        using HistoryFiles history = HistoryFiles.Open(node.Volume, database);
        using var loaded = new DatabaseLog(database, node.Clock);

        HistoryLoader.Load(history, loaded);

        Assert.Equal(fileCount, history.FileCount);
        Assert.Equal(held.InTotalOrder().Select(held.IdOf), loaded.InTotalOrder().Select(loaded.IdOf));
        Assert.Equal(held.InTotalOrder().Select(held.StandingOf), loaded.InTotalOrder().Select(loaded.StandingOf));
        Assert.Equal(HeadsOf(held), HeadsOf(loaded));
    }

    private static List<EntryId> HeadsOf(DatabaseLog log)
    {
        List<EntryId> heads = [];
        log.GetNewHeads(default, heads);
        return heads;
    }
}
