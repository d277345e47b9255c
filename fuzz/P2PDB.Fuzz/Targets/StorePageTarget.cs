using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: the beginning of a page of the store; the rest is zeros. A leaf's records, written to another page, read the same, and
/// a leaf stays whole while records are looked up, added, replaced and removed; an inner page, written again, reads as the same node. Everything else is
/// named as damage.
/// </summary>
internal sealed class StorePageTarget : IFuzzTarget
{
    private const long Page = 7;

    private readonly byte[] _image = new byte[PageFormat.ImageLength];
    private readonly byte[] _copy = new byte[PageFormat.ImageLength];
    private readonly byte[] _scratch = new byte[PageFormat.ImageLength];

    public string Name => "store-page";

    public IReadOnlyList<string> Decoder =>
        ["P2PDB.Engine/Storage/Pages/LeafPage.cs", "P2PDB.Engine/Storage/Pages/InnerPage.cs", "P2PDB.Engine/Storage/Pages/PageFormat.cs"];

    public int InputLengthMax => PageFormat.ImageLength;

    // A node: arrays for up to some 1,600 children, that an image may state in few bytes because the rest of it counts as zeros.
    public int AllocationSlack => 64 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            LeafPage.Create(_image, Page, "prefix"u8);
            var leaf = new LeafPage(_image);
            for (int i = 0; i < 20; i++)
                leaf.TryInsert(leaf.Count, [.. "prefix"u8, (byte)i, .. new byte[i]], new byte[i == 3 ? 12 : i * 7], i == 3, _copy);
            yield return [.. _image];
            _image.AsSpan().Clear();
            var node = InnerNode.OverLeaves(3, "m"u8, 4, write: 1);
            InnerPage.Write(node.WithInserted(1, "abc"u8, 9, null, write: 1), Page, _image);
            yield return _image[..64];
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        _copy.AsSpan().Clear();
        buffer[..Math.Min(length, _copy.Length)].CopyTo(_copy);
        _copy[4] = 1;
        if (_copy[5] is not 1 and not 2)
            _copy[5] = (byte)(1 + (_copy[5] & 1));
        BinaryPrimitives.WriteInt64LittleEndian(_copy.AsSpan(8), Page);
        PageFormat.Seal(_copy);
        _copy.AsSpan(0, Math.Min(length, _copy.Length)).CopyTo(buffer);
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        _image.AsSpan().Clear();
        input[..Math.Min(input.Length, _image.Length)].CopyTo(_image);
        InnerNode? node = null;
        try
        {
            probe.BeginDecoding();
            PageFormat.Check(_image, Page);
            if (PageFormat.Kind(_image) != PageKind.Leaf)
                node = InnerPage.Read(_image, Page);
            probe.EndDecoding();
        }
        catch (CorruptionException)
        {
            return false;
        }

        if (node is null)
            CopyLeaf();
        else
            CopyNode(node);
        probe.Reached((node is null ? 0 : 4096) + PageFormat.Count(_image));
        return true;
    }

    private void CopyLeaf()
    {
        var leaf = new LeafPage(_image);
        LeafPage.Create(_copy, Page, leaf.Prefix);
        var copy = new LeafPage(_copy);
        FuzzLaw.Require(copy.TryAppend(leaf, 0, leaf.Count) && copy.Count == leaf.Count, "a leaf's records fit into a leaf");
        for (int i = 0; i < leaf.Count; i++)
        {
            FuzzLaw.RequireSame(leaf.SuffixAt(i), copy.SuffixAt(i), "a key is kept");
            FuzzLaw.RequireSame(leaf.ValueAt(i, out bool isLong), copy.ValueAt(i, out bool isCopyLong), "a value is kept");
            FuzzLaw.Require(isLong == isCopyLong, "a long value stays one");
        }

        ChangeLeaf(copy);
    }

    /// <summary>Changes records as their own bytes say: whatever order they are in, nothing is read or written past what is there.</summary>
    private void ChangeLeaf(LeafPage leaf)
    {
        Span<byte> key = stackalloc byte[256];
        for (int i = 0; i < Math.Min(leaf.Count, 24); i++)
        {
            if (leaf.Prefix.Length + leaf.SuffixAt(i).Length is 0 or >= 256)
                continue;
            ReadOnlySpan<byte> whole = key[..leaf.CopyKey(i, key)];
            int index = leaf.LowerBound(whole, out bool isEqual);
            int count = leaf.Count;
            if (!isEqual)
            {
                bool isAdded = leaf.TryInsert(index, whole, whole, false, _scratch);
                FuzzLaw.Require(leaf.Count == count + (isAdded ? 1 : 0), "a record is added or not");
            }
            else if (whole[^1] % 3 == 0)
            {
                leaf.RemoveAt(index);
                FuzzLaw.Require(leaf.Count == count - 1, "a record is removed");
            }
            else
            {
                ReadOnlySpan<byte> value = _scratch.AsSpan(0, whole[^1] * 40);
                if (leaf.TryReplace(index, value, false, _image))
                    FuzzLaw.RequireSame(value, leaf.ValueAt(index, out _), "a value is replaced");
            }

            PageFormat.Seal(_copy);
            PageFormat.Check(_copy, Page);
        }

        if (leaf.Count > 1)
            FuzzLaw.Require(leaf.MiddleByLength() > 0 && leaf.MiddleByLength() < leaf.Count, "a leaf has a middle");
    }

    private void CopyNode(InnerNode node)
    {
        InnerPage.Write(node, Page, _copy);
        InnerNode copy = InnerPage.Read(_copy, Page);
        FuzzLaw.Require(copy.Count == node.Count && copy.Level == node.Level, "a node is kept");
        for (int i = 0; i < node.Count; i++)
        {
            FuzzLaw.Require(
                node.Level == 1 ? node.LeafAt(i) == copy.LeafAt(i) : node.StoredChildAt(i) == copy.StoredChildAt(i), "children are kept");
            if (i > 0)
                FuzzLaw.RequireSame(node.Separator(i), copy.Separator(i), "separators are kept");
        }
    }
}
