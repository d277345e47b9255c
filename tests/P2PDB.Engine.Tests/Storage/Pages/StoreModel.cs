using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Tests.Storage.Pages;

/// <summary>What a store should hold, as sorted maps; changes both alike.</summary>
internal sealed class StoreModel(int seed)
{
    private readonly Dictionary<TreeId, SortedDictionary<string, byte[]>> _trees = [];

    public StoreModel Copy()
    {
        var copy = new StoreModel(seed);
        foreach ((TreeId id, SortedDictionary<string, byte[]> tree) in _trees)
            copy._trees.Add(id, new SortedDictionary<string, byte[]>(tree, StringComparer.Ordinal));
        return copy;
    }

    public long CountOf(TreeId id) => _trees.TryGetValue(id, out SortedDictionary<string, byte[]>? tree) ? tree.Count : 0;

    /// <summary>One change: mostly puts, of all lengths; some removals, now and then of a whole range or the tree.</summary>
    public void Change(Random random, StoreWriter writer, TreeId id)
    {
        if (!_trees.TryGetValue(id, out SortedDictionary<string, byte[]>? tree))
            _trees.Add(id, tree = new SortedDictionary<string, byte[]>(StringComparer.Ordinal));
        int what = random.Next(200);
        if (what == 0)
        {
            writer.DropTree(id);
            tree.Clear();
        }
        else if (what < 8)
        {
            byte[] from = NewKey(random);
            foreach (string key in tree.Keys.Where(key => string.CompareOrdinal(key, Text(from)) >= 0).Take(random.Next(300)).ToArray())
            {
                Assert.True(writer.Delete(id, Bytes(key)));
                tree.Remove(key);
            }
        }
        else if (what < 60)
        {
            byte[] key = NewKey(random);
            Assert.Equal(tree.Remove(Text(key)), writer.Delete(id, key));
        }
        else
        {
            byte[] key = NewKey(random);
            byte[] value = new byte[random.Next(40) switch { 0 => random.Next(60_000), 1 => random.Next(5_000), _ => random.Next(400) }];
            random.NextBytes(value);
            writer.Put(id, key, value);
            tree[Text(key)] = value;
        }
    }

    /// <summary>Compares by a walk in one direction and by seeks.</summary>
    public void Verify(Func<TreeId, Cursor> open, Random random, ReadOnlySpan<TreeId> ids)
    {
        foreach (TreeId id in ids)
        {
            string[] keys = _trees.TryGetValue(id, out SortedDictionary<string, byte[]>? tree) ? [.. tree.Keys] : [];
            using Cursor cursor = open(id);
            bool isForward = random.Next(2) == 0;
            int at = isForward ? 0 : keys.Length - 1;
            for (bool isOn = isForward ? cursor.SeekFirst() : cursor.SeekLast(); isOn; isOn = isForward ? cursor.Next() : cursor.Previous())
            {
                Assert.InRange(at, 0, keys.Length - 1);
                Assert.Equal(keys[at], Text(cursor.Key));
                Assert.True(tree![keys[at]].AsSpan().SequenceEqual(cursor.Value));
                at += isForward ? 1 : -1;
            }

            Assert.Equal(isForward ? keys.Length : -1, at);
            for (int i = 0; i < 20; i++)
            {
                byte[] key = NewKey(random);
                int index = Array.BinarySearch(keys, Text(key), StringComparer.Ordinal);
                int first = index >= 0 ? index : ~index;
                Assert.Equal(first < keys.Length, cursor.SeekGe(key));
                if (first < keys.Length)
                    Assert.Equal(keys[first], Text(cursor.Key));
                int last = index >= 0 ? index : ~index - 1;
                Assert.Equal(last >= 0, cursor.SeekLe(key));
                if (last >= 0)
                    Assert.Equal(keys[last], Text(cursor.Key));
            }
        }
    }

    /// <summary>Keys with long prefixes in common, short ones, and now and then the longest.</summary>
    private byte[] NewKey(Random random)
    {
        int number = random.Next(4000);
        byte[] key = new byte[(seed + number) % 50 == 0 ? 3000 + (number % 5001) : 6 + (number % 30)];
        key.AsSpan(0, 2 + (number % 3)).Fill((byte)(number % 5));
        key[^2] = (byte)(number >> 8);
        key[^1] = (byte)number;
        return key;
    }

    private static string Text(ReadOnlySpan<byte> key) => string.Create(key.Length, key, static (text, bytes) =>
    {
        for (int i = 0; i < bytes.Length; i++)
            text[i] = (char)bytes[i];
    });

    private static byte[] Bytes(string key) => [.. key.Select(letter => (byte)letter)];
}
