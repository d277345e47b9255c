using System.Text;

namespace P2PDB.Engine.Types.Json;

/// <summary>A path into a document: $.a."b c"[0][last-1][1 to 3].*[*]**.d; parsed once, immutable.</summary>
internal sealed class JsonPath
{
    private readonly List<Leg> _legs = [];

    private JsonPath()
    {
    }

    private enum LegKind : byte
    {
        Member,
        AnyMember,
        Cell,
        AnyCell,
        Range,
        Descend,
    }

    /// <summary>True when the path may name several values.</summary>
    public bool HasWildcard
    {
        get
        {
            foreach (Leg leg in _legs)
            {
                if (leg.Kind is not (LegKind.Member or LegKind.Cell))
                    return true;
            }

            return false;
        }
    }

    /// <summary>True for $ alone.</summary>
    public bool IsRoot => _legs.Count == 0;

    /// <summary>Reads a path; false with the 1-based character position of the fault.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonPath path, out int position)
    {
        path = new JsonPath();
        int at = SkipBlanks(text, 0);
        bool ok = at < text.Length && text[at] == '$';
        at++;
        while (ok && (at = SkipBlanks(text, at)) < text.Length)
        {
            ok = text[at] switch
            {
                (byte)'.' => path.TryReadMember(text, ref at),
                (byte)'[' => path.TryReadCell(text, ref at),
                (byte)'*' => path.TryReadDescent(text, ref at),
                _ => false,
            };
        }

        ok = ok && (path.IsRoot || path._legs[^1].Kind != LegKind.Descend);
        position = Math.Min(at, text.Length);
        return ok;
    }

    /// <summary>Finds what the path names, in document order.</summary>
    public void Find(JsonItem root, List<JsonItem> found) => Find(root, 0, found);

    /// <summary>The first value that the path names, or null.</summary>
    public JsonItem? FindFirst(JsonItem root)
    {
        List<JsonItem> found = [];
        Find(root, found);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>
    /// Sets, replaces or inserts at a path without wildcards. Returns the document, which is another one when the path is $.
    /// </summary>
    public JsonItem Store(JsonItem root, JsonItem value, bool mayReplace, bool mayInsert)
    {
        if (IsRoot)
            return mayReplace ? value : root;
        JsonItem? parent = Parent(root);
        Leg last = _legs[^1];
        if (parent is null)
            return root;
        if (last.Kind == LegKind.Member)
        {
            if (parent.Kind == JsonKind.Container && (parent.Find(last.Key) is null ? mayInsert : mayReplace))
                parent.Set(last.Key, value);
            return root;
        }

        if (parent.Kind != JsonKind.List)
            return StoreInScalar(root, parent, last, value, mayReplace, mayInsert);
        int index = last.IndexIn(parent.Elements.Count);
        if (index >= 0 && index < parent.Elements.Count)
        {
            if (mayReplace)
                parent.Elements[index] = value;
        }
        else if (mayInsert)
        {
            parent.Elements.Insert(index < 0 ? 0 : parent.Elements.Count, value);
        }

        return root;
    }

    /// <summary>Takes away what a path without wildcards names.</summary>
    public void Remove(JsonItem root)
    {
        JsonItem? parent = Parent(root);
        Leg last = _legs[^1];
        if (parent is null)
            return;
        if (last.Kind == LegKind.Member && parent.Kind == JsonKind.Container)
        {
            parent.Remove(last.Key);
        }
        else if (last.Kind == LegKind.Cell && parent.Kind == JsonKind.List)
        {
            int index = last.IndexIn(parent.Elements.Count);
            if (index >= 0 && index < parent.Elements.Count)
                parent.Elements.RemoveAt(index);
        }
    }

    /// <summary>Inserts before the array cell that the path ends with; false when it ends with none.</summary>
    public bool InsertBefore(JsonItem root, JsonItem value)
    {
        if (IsRoot || _legs[^1].Kind != LegKind.Cell)
            return false;
        JsonItem? parent = Parent(root);
        if (parent is { Kind: JsonKind.List })
        {
            int index = Math.Clamp(_legs[^1].IndexIn(parent.Elements.Count), 0, parent.Elements.Count);
            parent.Elements.Insert(index, value);
        }

        return true;
    }

    /// <summary>Replaces what the path names by an item; returns the document.</summary>
    public JsonItem Replace(JsonItem root, JsonItem value) => Store(root, value, mayReplace: true, mayInsert: false);

    // A scalar or object counts as an array of one: [0] is itself, a later cell wraps it.
    private JsonItem StoreInScalar(JsonItem root, JsonItem parent, Leg last, JsonItem value, bool mayReplace, bool mayInsert)
    {
        JsonPath parentPath = new();
        parentPath._legs.AddRange(_legs.GetRange(0, _legs.Count - 1));
        if (last.IndexIn(1) == 0)
            return mayReplace ? parentPath.Replace(root, value) : root;
        if (!mayInsert)
            return root;
        JsonItem wrapped = JsonItem.NewArray();
        wrapped.Elements.Add(parent);
        wrapped.Elements.Insert(last.IndexIn(1) < 0 ? 0 : 1, value);
        return parentPath.Replace(root, wrapped);
    }

    private JsonItem? Parent(JsonItem root)
    {
        JsonItem? item = root;
        for (int i = 0; i < _legs.Count - 1 && item is not null; i++)
        {
            Leg leg = _legs[i];
            item = leg.Kind == LegKind.Member ? (item.Kind == JsonKind.Container ? item.Find(leg.Key) : null) : Cell(item, leg);
        }

        return item;
    }

    private static JsonItem? Cell(JsonItem item, Leg leg)
    {
        if (item.Kind != JsonKind.List)
            return leg.IndexIn(1) == 0 ? item : null;
        int index = leg.IndexIn(item.Elements.Count);
        return index >= 0 && index < item.Elements.Count ? item.Elements[index] : null;
    }

    private void Find(JsonItem item, int number, List<JsonItem> found)
    {
        if (number == _legs.Count)
        {
            if (!found.Contains(item))
                found.Add(item);
            return;
        }

        Leg leg = _legs[number];
        switch (leg.Kind)
        {
            case LegKind.Member:
                if (item.Kind == JsonKind.Container && item.Find(leg.Key) is { } member)
                    Find(member, number + 1, found);
                break;
            case LegKind.AnyMember:
                foreach (KeyValuePair<byte[], JsonItem> pair in item.Members)
                    Find(pair.Value, number + 1, found);
                break;
            case LegKind.Cell:
                if (Cell(item, leg) is { } cell)
                    Find(cell, number + 1, found);
                break;
            case LegKind.AnyCell:
                foreach (JsonItem element in item.Elements)
                    Find(element, number + 1, found);
                break;
            case LegKind.Range:
                int count = item.Kind == JsonKind.List ? item.Elements.Count : 1;
                int end = Math.Min(leg.EndIn(count), count - 1);
                for (int i = Math.Max(0, leg.IndexIn(count)); i <= end; i++)
                    Find(item.Kind == JsonKind.List ? item.Elements[i] : item, number + 1, found);
                break;
            default:
                Find(item, number + 1, found);
                foreach (KeyValuePair<byte[], JsonItem> pair in item.Members)
                    Find(pair.Value, number, found);
                foreach (JsonItem element in item.Elements)
                    Find(element, number, found);
                break;
        }
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && (text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            at++;
        return at;
    }

    private bool TryReadMember(ReadOnlySpan<byte> text, ref int at)
    {
        at = SkipBlanks(text, at + 1);
        if (at >= text.Length)
            return false;
        if (text[at] == '*')
        {
            at++;
            _legs.Add(new Leg(LegKind.AnyMember, []));
            return true;
        }

        int start = at;
        if (text[at] == '"')
        {
            at++;
            while (at < text.Length && text[at] != '"')
                at += text[at] == '\\' ? 2 : 1;
            if (at >= text.Length)
                return false;
            at++;
            if (!JsonParser.TryParse(text[start..at], out JsonItem key, out _, out _) || key.Kind != JsonKind.Text)
                return false;
            _legs.Add(new Leg(LegKind.Member, key.Text));
            return true;
        }

        while (at < text.Length && (char.IsAsciiLetterOrDigit((char)text[at]) || text[at] is (byte)'_' or (byte)'$' or >= 0x80))
            at++;
        if (at == start || char.IsAsciiDigit((char)text[start]))
            return false;
        _legs.Add(new Leg(LegKind.Member, text[start..at].ToArray()));
        return true;
    }

    private bool TryReadCell(ReadOnlySpan<byte> text, ref int at)
    {
        int close = text[at..].IndexOf((byte)']');
        if (close < 0)
            return false;
        string inside = Encoding.UTF8.GetString(text.Slice(at + 1, close - 1)).Trim();
        if (inside == "*")
        {
            _legs.Add(new Leg(LegKind.AnyCell, []));
        }
        else
        {
            string[] ends = inside.Split(" to ");
            if (ends.Length > 2 || !TryReadIndex(ends[0].Trim(), out int from, out bool fromEnd))
                return false;
            if (ends.Length == 1)
            {
                _legs.Add(new Leg(LegKind.Cell, [], from, fromEnd));
            }
            else
            {
                if (!TryReadIndex(ends[1].Trim(), out int to, out bool toEnd))
                    return false;
                _legs.Add(new Leg(LegKind.Range, [], from, fromEnd, to, toEnd));
            }
        }

        at += close + 1;
        return true;
    }

    private static bool TryReadIndex(string text, out int index, out bool isFromEnd)
    {
        index = 0;
        isFromEnd = text.StartsWith("last", StringComparison.Ordinal);
        if (!isFromEnd)
            return IsDigits(text) && int.TryParse(text, out index);
        string rest = text[4..].Replace(" ", "", StringComparison.Ordinal);
        return rest.Length == 0 || (rest[0] == '-' && IsDigits(rest[1..]) && int.TryParse(rest[1..], out index));
    }

    private static bool IsDigits(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
        }

        return text.Length > 0;
    }

    private bool TryReadDescent(ReadOnlySpan<byte> text, ref int at)
    {
        if (at + 1 >= text.Length || text[at + 1] != '*')
            return false;
        at += 2;
        _legs.Add(new Leg(LegKind.Descend, []));
        return at < text.Length && text[at] != '*';
    }

    private sealed record Leg(LegKind Kind, byte[] Key, int Index = 0, bool IsFromEnd = false, int End = 0, bool IsEndFromEnd = false)
    {
        public int IndexIn(int count) => IsFromEnd ? count - 1 - Index : Index;

        public int EndIn(int count) => IsEndFromEnd ? count - 1 - End : End;
    }
}
