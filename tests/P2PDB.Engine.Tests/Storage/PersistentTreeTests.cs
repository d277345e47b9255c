using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Tests.Storage;

/// <summary>The persistent tree against a sorted dictionary, by seeds; a failure names its seed.</summary>
public class PersistentTreeTests
{
    private static readonly Comparer<byte[]> ByBytes =
        Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_tree_holds_what_a_sorted_dictionary_holds(int seed)
    {
        Random random = new(seed);
        PersistentTree tree = new(default, 1, new TreePool(64));
        long edit = 1;
        SortedDictionary<byte[], byte[]> expected = new(ByBytes);
        List<(TreeRoot Root, List<KeyValuePair<byte[], byte[]>> Expected)> kept = [];

        for (int step = 0; step < 4_000; step++)
        {
            byte[] key = RandomKey(random, seed);
            if (random.Next(100) < (step < 2_500 ? 70 : 25))
            {
                byte[] value = new byte[random.Next(40)];
                random.NextBytes(value);
                Assert.Equal(!expected.ContainsKey(key), tree.Put(key, value));
                expected[key] = value;
            }
            else
            {
                Assert.Equal(expected.Remove(key), tree.Delete(key));
            }

            if (random.Next(500) == 0)
                kept.Add((tree.Freeze(++edit), [.. expected]));
        }

        kept.Add((tree.Freeze(++edit), [.. expected]));
        foreach ((TreeRoot root, List<KeyValuePair<byte[], byte[]>> then) in kept)
            AssertSame(root, then, random, seed);
    }

    [Fact]
    public void A_tree_emptied_key_by_key_is_the_empty_tree()
    {
        PersistentTree tree = new(default, 1, new TreePool(64));
        for (int i = 0; i < 5_000; i++)
            tree.Put([(byte)(i >> 8), (byte)i], [1]);
        for (int i = 0; i < 5_000; i++)
            Assert.True(tree.Delete([(byte)((i * 7 % 5_000) >> 8), (byte)(i * 7 % 5_000)]));

        Assert.Equal(default, tree.Root);
    }

    [Fact]
    public void Ascending_keys_fill_the_leaves()
    {
        PersistentTree tree = new(default, 1, new TreePool(64));
        for (int i = 0; i < 32 * 32; i++)
            tree.Put([(byte)(i >> 8), (byte)i], []);

        Assert.Equal(TreeNode.Capacity, tree.Root.Node!.Count);
        Assert.All(tree.Root.Node.Children!, leaf => Assert.Equal(TreeNode.Capacity, leaf.Count));
    }

    private static byte[] RandomKey(Random random, int seed)
    {
        // Few distinct bytes and zero bytes at the end: shared prefixes, and heads that compare equal for different keys.
        byte[] key = new byte[random.Next(seed % 2 == 0 ? 4 : 14)];
        for (int i = 0; i < key.Length; i++)
            key[i] = (byte)(random.Next(3) == 0 ? 0 : random.Next(seed % 3 == 0 ? 256 : 6));
        return key;
    }

    private static void AssertSame(
        TreeRoot root, List<KeyValuePair<byte[], byte[]>> expected, Random random, int seed)
    {
        using TreeCursor cursor = new(root);
        Assert.Equal(expected.Count, root.Count);

        int index = 0;
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next(), index++)
            AssertAt(cursor, expected[index]);
        Assert.Equal(expected.Count, index);
        for (bool valid = cursor.SeekLast(); valid; valid = cursor.Previous())
            AssertAt(cursor, expected[--index]);
        Assert.Equal(0, index);

        for (int i = 0; i < 300; i++)
        {
            byte[] key = RandomKey(random, seed);
            int at = expected.FindIndex(pair => ByBytes.Compare(pair.Key, key) >= 0);
            Assert.Equal(at >= 0, cursor.SeekGe(key));
            if (at >= 0)
                AssertAt(cursor, expected[at]);
            at = expected.FindLastIndex(pair => ByBytes.Compare(pair.Key, key) <= 0);
            Assert.Equal(at >= 0, cursor.SeekLe(key));
            if (at >= 0)
                AssertAt(cursor, expected[at]);
            Assert.Equal(at >= 0 && expected[at].Key.AsSpan().SequenceEqual(key), root.TryGet(key, out _));
        }
    }

    private static void AssertAt(TreeCursor cursor, KeyValuePair<byte[], byte[]> expected)
    {
        Assert.True(cursor.IsValid);
        Assert.Equal(expected.Key, cursor.Key.ToArray());
        Assert.Equal(expected.Value, cursor.Value.ToArray());
    }
}
