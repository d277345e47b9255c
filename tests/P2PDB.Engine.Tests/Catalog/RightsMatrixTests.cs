using P2PDB.Engine.Catalog.Merging;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Catalog;

/// <summary>
/// The law of bounded counters: whoever uses and passes on only what it holds, by what it has seen, never makes the sum fall below 0 for
/// anybody, whatever anybody has seen of the others.
/// </summary>
public class RightsMatrixTests
{
    private const int AuthorCount = 4;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Nobody_ever_sees_less_than_nothing(int seed)
    {
        Random random = new(seed);
        PublicKey[] authors = [.. Enumerable.Range(1, AuthorCount).Select(number => new PublicKey([.. Enumerable.Repeat((byte)number, PublicKey.Length)]))];

        // What each has seen of each: its own states up to now, of others what it was told. States are told whole and in causal order,
        // which the log sees to: with a state of another comes all that the other had seen then.
        int[][] seen = [.. Enumerable.Range(0, AuthorCount).Select(_ => new int[AuthorCount])];
        List<(CounterRights Rights, int[] Past)>[] states = [.. Enumerable.Range(0, AuthorCount).Select(_ => new List<(CounterRights, int[])> { (CounterRights.None, new int[AuthorCount]) })];
        long made = 0;
        long used = 0;
        for (int step = 0; step < 200; step++)
        {
            int own = random.Next(AuthorCount);
            int other = (own + 1 + random.Next(AuthorCount - 1)) % AuthorCount;
            CounterRights rights = states[own][^1].Rights;
            ExactNumber held = MatrixOf(own).HeldBy(authors[own]);
            Assert.True(held.Unscaled.Sign >= 0, $"seed {seed}: rights below zero");
            var some = new ExactNumber(random.Next(1, 6), 0);
            switch (random.Next(5))
            {
                case 0 when made < 200:
                    rights = rights.With(GrantForm.Made, default, some);
                    made += (long)some.Unscaled;
                    break;
                case 1 when held.CompareTo(some) >= 0:
                    rights = rights with { Used = rights.Used + some };
                    used += (long)some.Unscaled;
                    break;
                case 2 when held.CompareTo(some) >= 0:
                    rights = rights.With(GrantForm.Passed, authors[other], some);
                    break;
                default:
                    int[] past = states[other][seen[own][other] + random.Next(states[other].Count - seen[own][other])].Past;
                    for (int i = 0; i < AuthorCount; i++)
                        seen[own][i] = Math.Max(seen[own][i], past[i]);
                    Assert.True(MatrixOf(own).Sum.Unscaled.Sign >= 0, $"seed {seed}: less than nothing after {step} steps");
                    continue;
            }

            seen[own][own] = states[own].Count;
            states[own].Add((rights, [.. seen[own]]));
            Assert.True(MatrixOf(own).Sum.Unscaled.Sign >= 0, $"seed {seed}: less than nothing after {step} steps");
        }

        for (int i = 0; i < AuthorCount; i++)
            seen[0][i] = states[i].Count - 1;
        Assert.Equal(made - used, (long)MatrixOf(0).Sum.Unscaled);

        RightsMatrix MatrixOf(int reader)
        {
            RightsMatrix matrix = new();
            for (int i = 0; i < AuthorCount; i++)
                matrix.Add(authors[i], states[i][seen[reader][i]].Rights);
            return matrix;
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void States_join_alike_in_any_order_and_grouping(int seed)
    {
        Random random = new(seed);
        CounterRights[] states = [.. Enumerable.Range(0, 3).Select(_ => Random(random))];
        CounterRights joined = states[0].Max(states[1]).Max(states[2]);

        AssertSame(joined, states[2].Max(states[1].Max(states[0])));
        AssertSame(joined, joined.Max(joined));
        Assert.All(states, state => Assert.True(joined.Covers(state)));
    }

    [Fact]
    public void Rights_that_were_taken_over_are_gone_from_who_had_them()
    {
        var old = new PublicKey([.. Enumerable.Repeat((byte)1, PublicKey.Length)]);
        var fresh = new PublicKey([.. Enumerable.Repeat((byte)2, PublicKey.Length)]);
        RightsMatrix matrix = new();

        matrix.Add(old, CounterRights.None.With(GrantForm.Made, default, new ExactNumber(10, 0)) with { Used = new ExactNumber(3, 0) });
        matrix.Add(fresh, CounterRights.None.With(GrantForm.Taken, old, new ExactNumber(7, 0)));

        Assert.Equal((0, 7, 7), ((int)matrix.HeldBy(old).Unscaled, (int)matrix.HeldBy(fresh).Unscaled, (int)matrix.Sum.Unscaled));
    }

    private static CounterRights Random(Random random)
    {
        CounterRights rights = CounterRights.None with { Used = new ExactNumber(random.Next(9), 0) };
        for (int i = random.Next(4); i > 0; i--)
        {
            var form = (GrantForm)random.Next(4);
            var other = new PublicKey([.. Enumerable.Repeat((byte)random.Next(3), PublicKey.Length)]);
            rights = rights.With(form, form == GrantForm.Made ? default : other, new ExactNumber(random.Next(9), 0));
        }

        return rights;
    }

    private static void AssertSame(CounterRights expected, CounterRights actual)
    {
        Assert.Equal(expected.Used, actual.Used);
        Assert.Equal(expected.Grants.AsEnumerable(), actual.Grants);
    }
}
