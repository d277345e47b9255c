// THE PERSISTENT B+TREE
//
// A tree is a root node. A write never changes a node that somebody else may see: it copies the nodes on the path from the
// root to the leaf, and changes the copies. So a snapshot is nothing but a root kept, and costs nothing to take.
//
// Copying a path for each record would make a bulk write slow. Every write therefore carries an edit number and stamps it
// on the nodes it makes; a node that carries the current number was made by this very write, nobody else can reach it, and
// it is changed in place. Taking a root for keeping (Freeze) starts a new edit number, after which all nodes are shared.
//
// Nodes and cells come from a pool. What the write made itself and needs no more goes back at once; what others may see is
// given to who knows when nobody does (TreeRecycler), or is left to the garbage collector where there is none.
//
// Splits: a full node that grows at its right end keeps all it has and starts an empty right sibling, so ascending keys
// fill nodes completely; elsewhere it is cut in half. Deletes: a node that falls under a quarter is merged with a sibling
// where both fit in three quarters; an empty node is removed; an inner root with one child gives way to it.
namespace P2PDB.Engine.Storage.Memory;

/// <summary>An ordered map of byte keys to byte values with free snapshots. One writer; see the prose above.</summary>
internal sealed class PersistentTree
{
    private const int MergeBelowCount = TreeNode.Capacity / 4;
    private const int MergedCountMax = TreeNode.Capacity * 3 / 4;

    private readonly TreePool _pool;
    private readonly TreeRecycler? _recycler;
    private TreeRoot _root;
    private long _edit;

    /// <summary>Continues from a root. <paramref name="edit"/> is greater than every edit number in it.</summary>
    public PersistentTree(TreeRoot root, long edit, TreePool pool, TreeRecycler? recycler = null)
    {
        _root = root;
        _edit = edit;
        _pool = pool;
        _recycler = recycler;
    }

    /// <summary>The current root, for reading until the next write.</summary>
    public TreeRoot Root => _root;

    /// <summary>Counts the changes, so that a stale cursor can be found out.</summary>
    public long Version { get; private set; }

    /// <summary>Returns the current root for keeping; later writes go on under <paramref name="nextEdit"/>.</summary>
    public TreeRoot Freeze(long nextEdit)
    {
        _edit = nextEdit;
        return _root;
    }

    /// <summary>Goes back (or over) to a root that was frozen.</summary>
    public void Restore(TreeRoot root, long nextEdit)
    {
        _root = root;
        _edit = nextEdit;
        Version++;
    }

    /// <summary>Sets the value of a key; true when the key is new.</summary>
    public bool Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Version++;
        TreeSlot slot = _pool.MakeSlot(key, value);
        TreeNode root = _root.Node is null ? _pool.TakeNode(_edit, isInner: false) : Own(_root.Node);
        bool isNew = Insert(root, in slot, out TreeNode? right, out TreeSlot separator);
        if (right is not null)
        {
            TreeNode top = _pool.TakeNode(_edit, isInner: true);
            top.InsertAt(0, default, root);
            top.InsertAt(1, in separator, right);
            root = top;
        }

        _root = new TreeRoot(root, _root.Count + (isNew ? 1 : 0));
        return isNew;
    }

    /// <summary>Removes a key; false when it was absent.</summary>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        if (!_root.TryGet(key, out _))
            return false; // looked up first, so that a miss copies no path

        Version++;
        TreeNode root = Own(_root.Node!);
        Remove(root, TreeSlot.HeadOf(key), key);
        while (!root.IsLeaf && root.Count == 1)
        {
            TreeNode top = root;
            root = root.Children![0];
            LetGo(top);
        }

        _root = new TreeRoot(root.Count == 0 ? null : root, _root.Count - 1);
        if (root.Count == 0)
            LetGo(root);
        return true;
    }

    /// <summary>Empties a tree of which nobody keeps an earlier root, and gives back what the pool has room for.</summary>
    public void Recycle(long nextEdit)
    {
        if (_root.Node is { } root)
            Recycle(root);
        Restore(default, nextEdit);
    }

    private void Recycle(TreeNode node)
    {
        for (int i = 0; i < node.Count && !_pool.IsFull; i++)
        {
            if (node.Children is { } children)
                Recycle(children[i]);
            else
                _pool.Return(node.Slots[i].Cell);
        }

        _pool.Return(node);
    }

    /// <summary>The node where this edit owns it, else a copy that it owns.</summary>
    private TreeNode Own(TreeNode node)
    {
        if (node.Edit == _edit)
            return node;
        _recycler?.Replace(node);
        return _pool.Copy(node, _edit);
    }

    /// <summary>The tree does not refer to the node any more.</summary>
    private void LetGo(TreeNode node)
    {
        if (node.Edit == _edit)
            _pool.Return(node);
        else
            _recycler?.Replace(node);
    }

    private bool Insert(TreeNode node, in TreeSlot slot, out TreeNode? right, out TreeSlot separator)
    {
        right = null;
        separator = default;
        if (node.IsLeaf)
        {
            int index = node.LowerBound(slot.Head, slot.Key, out bool isEqual);
            if (isEqual)
            {
                _recycler?.Replace(node.Slots[index].Cell);
                node.Slots[index] = slot;
            }
            else
            {
                InsertSplitting(node, index, in slot, null, out right, out separator);
            }

            return !isEqual;
        }

        int childIndex = node.ChildFor(slot.Head, slot.Key);
        TreeNode child = node.Children![childIndex] = Own(node.Children[childIndex]);
        bool isNew = Insert(child, in slot, out TreeNode? childRight, out TreeSlot childSeparator);
        if (childRight is not null)
            InsertSplitting(node, childIndex + 1, in childSeparator, childRight, out right, out separator);
        return isNew;
    }

    private void InsertSplitting(
        TreeNode node, int index, in TreeSlot slot, TreeNode? child, out TreeNode? right, out TreeSlot separator)
    {
        right = null;
        separator = default;
        if (node.Count < TreeNode.Capacity)
        {
            node.InsertAt(index, in slot, child);
            return;
        }

        right = _pool.TakeNode(_edit, isInner: !node.IsLeaf);
        int from = index == node.Count ? node.Count : node.Count / 2;
        node.MoveTail(from, right);
        if (index < from)
            node.InsertAt(index, in slot, child);
        else
            right.InsertAt(index - from, in slot, child);
        separator = right.IsLeaf ? right.Slots[0].ToSeparator() : right.Slots[0];
    }

    private void Remove(TreeNode node, ulong head, ReadOnlySpan<byte> key)
    {
        if (node.IsLeaf)
        {
            int position = node.LowerBound(head, key, out _);
            _recycler?.Replace(node.Slots[position].Cell);
            node.RemoveAt(position);
            return;
        }

        int index = node.ChildFor(head, key);
        TreeNode child = node.Children![index] = Own(node.Children[index]);
        Remove(child, head, key);
        if (child.Count == 0)
        {
            node.RemoveAt(index);
            LetGo(child);
        }
        else if (child.Count < MergeBelowCount && node.Count > 1)
        {
            MergeChildren(node, Math.Max(0, index - 1));
        }
    }

    /// <summary>Joins child <paramref name="leftIndex"/> and the one after it where they fit into one node.</summary>
    private void MergeChildren(TreeNode node, int leftIndex)
    {
        TreeNode right = node.Children![leftIndex + 1];
        if (node.Children[leftIndex].Count + right.Count > MergedCountMax)
            return;

        TreeNode left = node.Children[leftIndex] = Own(node.Children[leftIndex]);
        int seam = left.Count;
        left.Append(right);
        if (!left.IsLeaf)
            left.Slots[seam] = node.Slots[leftIndex + 1];
        node.RemoveAt(leftIndex + 1);
        LetGo(right);
    }
}
