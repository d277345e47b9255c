using P2PDB.Engine.Storage.Overlays;

namespace P2PDB.Engine.Tests.Storage.Overlays;

public sealed class KeyFilterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(50_000)]
    public void Added_keys_are_known_and_few_others_are_taken_for_them(int count)
    {
        var filter = new KeyFilter(count);
        for (int i = 0; i < count; i++)
            filter.Add(HashOf(i));

        for (int i = 0; i < count; i++)
            Assert.True(filter.MayHave(HashOf(i)));
        int mistaken = Enumerable.Range(count, 100_000).Count(i => filter.MayHave(HashOf(i)));
        Assert.InRange(mistaken, 0, 2500);
    }

    private static ulong HashOf(int number) => SortedRun.HashOf(BitConverter.GetBytes(number));
}
