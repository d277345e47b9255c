namespace P2PDB.Engine.Storage.Memory;

/// <summary>One frozen state of a tree: its root node and how many records it holds. The default is the empty tree.</summary>
/// <param name="Node">The root node; null when empty.</param>
/// <param name="Count">Number of records.</param>
internal readonly record struct TreeRoot(TreeNode? Node, long Count)
{
    /// <summary>Finds a key without a copy: the value stays valid as long as somebody holds the span.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        if (Node is { } node)
        {
            ulong head = TreeSlot.HeadOf(key);
            while (node.Children is { } children)
                node = children[node.ChildFor(head, key)];
            int index = node.LowerBound(head, key, out bool isEqual);
            if (isEqual)
            {
                value = node.Slots[index].Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
