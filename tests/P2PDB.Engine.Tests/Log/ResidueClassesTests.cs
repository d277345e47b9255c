using P2PDB.Engine.Log;

namespace P2PDB.Engine.Tests.Log;

public class ResidueClassesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Classes_that_are_given_away_never_overlap(int seed)
    {
        var dice = new Random(seed);
        var classes = new ResidueClasses(ResidueClass.Whole);
        List<ResidueClass> given = [];
        for (int i = 0; i < 200; i++)
        {
            Assert.True(classes.TryGiveAny((ulong)dice.NextInt64(), out ResidueClass one));
            Assert.DoesNotContain(given, other => other.Contains(one) || one.Contains(other));
            Assert.False(classes.TryGive(one));
            given.Add(one);
        }

        Assert.DoesNotContain(given, classes.Active.Contains);
    }

    [Fact]
    public void Copies_of_a_member_give_different_classes_by_different_draws()
    {
        var one = new ResidueClasses(ResidueClass.Whole);
        var copy = new ResidueClasses(ResidueClass.Whole);

        Assert.True(one.TryGiveAny(3, out ResidueClass ofOne));
        Assert.True(copy.TryGiveAny(4, out ResidueClass ofCopy));
        Assert.NotEqual(ofOne, ofCopy);
        Assert.True(one.TryGive(ofCopy));
        Assert.True(copy.TryGive(ofOne));
    }
}
