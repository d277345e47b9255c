using System.Text;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Json;

/// <summary>A JSON value in memory. Objects keep their members in MySQL's order: by length of the key, then by bytes.</summary>
internal sealed class JsonItem
{
    /// <summary>MySQL's limit of nesting.</summary>
    public const int DepthMax = 100;

    // Of what is no array or no object. Nobody adds to them.
    private static readonly List<JsonItem> NoElements = [];
    private static readonly List<KeyValuePair<byte[], JsonItem>> NoMembers = [];

    private readonly long _integer;

    // Of a string its bytes, of an array and an object their lists, of a decimal the number: one field, because a document may have
    // a value for every two bytes. An array or object without any has no list yet.
    private object? _content;

    private JsonItem(JsonKind kind, long integer = 0, object? content = null)
    {
        Kind = kind;
        _integer = integer;
        _content = content;
    }

    public JsonKind Kind { get; }

    /// <summary>The UTF-8 of a string, unescaped.</summary>
    public byte[] Text => _content as byte[] ?? [];

    /// <summary>The elements of an array.</summary>
    public List<JsonItem> Elements => Kind == JsonKind.List ? (List<JsonItem>)(_content ??= new List<JsonItem>()) : NoElements;

    /// <summary>The members of an object, sorted.</summary>
    public List<KeyValuePair<byte[], JsonItem>> Members =>
        Kind == JsonKind.Container ? (List<KeyValuePair<byte[], JsonItem>>)(_content ??= new List<KeyValuePair<byte[], JsonItem>>()) : NoMembers;

    public long Integer => _integer;

    public double Number => BitConverter.Int64BitsToDouble(_integer);

    public SqlDecimal Exact => _content is SqlDecimal exact ? exact : default;

    public bool IsScalar => Kind is not (JsonKind.Container or JsonKind.List);

    public bool IsNumber => Kind is JsonKind.Integer or JsonKind.Unsigned or JsonKind.Number or JsonKind.Decimal;

    /// <summary>What JSON_TYPE names it.</summary>
    public string TypeName => Kind switch
    {
        JsonKind.Null => "NULL",
        JsonKind.Integer => "INTEGER",
        JsonKind.Unsigned => "UNSIGNED INTEGER",
        JsonKind.Number => "DOUBLE",
        JsonKind.Decimal => "DECIMAL",
        JsonKind.Text => "STRING",
        JsonKind.Container => "OBJECT",
        JsonKind.List => "ARRAY",
        _ => "BOOLEAN",
    };

    /// <summary>JSON_LENGTH.</summary>
    public int Length => Kind switch
    {
        JsonKind.Container => Members.Count,
        JsonKind.List => Elements.Count,
        _ => 1,
    };

    /// <summary>JSON_DEPTH.</summary>
    public int Depth
    {
        get
        {
            int deepest = 0;
            foreach (JsonItem element in Elements)
                deepest = Math.Max(deepest, element.Depth);
            foreach (KeyValuePair<byte[], JsonItem> member in Members)
                deepest = Math.Max(deepest, member.Value.Depth);
            return deepest + 1;
        }
    }

    public static JsonItem Null() => new(JsonKind.Null);

    public static JsonItem FromBoolean(bool value) => new(JsonKind.Boolean, value ? 1 : 0);

    public static JsonItem FromInt64(long value, bool isUnsigned = false) =>
        new(isUnsigned && value < 0 ? JsonKind.Unsigned : JsonKind.Integer, value);

    public static JsonItem FromDouble(double value) => new(JsonKind.Number, BitConverter.DoubleToInt64Bits(value));

    public static JsonItem FromDecimal(in SqlDecimal value) => new(JsonKind.Decimal, content: value);

    public static JsonItem FromText(ReadOnlySpan<byte> text) => new(JsonKind.Text, content: text.ToArray());

    /// <summary>A string whose bytes the item takes over.</summary>
    public static JsonItem OfText(byte[] text) => new(JsonKind.Text, content: text);

    public static JsonItem NewArray() => new(JsonKind.List);

    public static JsonItem NewObject() => new(JsonKind.Container);

    /// <summary>An object of members in any order, which it takes over; of several of one key the last stands.</summary>
    public static JsonItem OfMembers(List<KeyValuePair<byte[], JsonItem>> members)
    {
        for (int i = 1; i < members.Count; i++)
        {
            if (CompareKeys(members[i - 1].Key, members[i].Key) >= 0)
                return new JsonItem(JsonKind.Container, content: Sorted(members));
        }

        return new JsonItem(JsonKind.Container, content: members);
    }

    /// <summary>The value of a key, or null.</summary>
    public JsonItem? Find(ReadOnlySpan<byte> key)
    {
        int at = Search(key);
        return at >= 0 ? Members[at].Value : null;
    }

    /// <summary>Sets a member; an earlier one of the key is replaced.</summary>
    public void Set(ReadOnlySpan<byte> key, JsonItem value)
    {
        int at = Search(key);
        if (at >= 0)
            Members[at] = new(Members[at].Key, value);
        else
            Members.Insert(~at, new(key.ToArray(), value));
    }

    /// <summary>Takes a member away; false when there is none.</summary>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        int at = Search(key);
        if (at >= 0)
            Members.RemoveAt(at);
        return at >= 0;
    }

    /// <summary>A copy that shares nothing.</summary>
    public JsonItem Clone()
    {
        JsonItem copy = new(Kind, _integer, IsScalar ? _content : null);
        foreach (JsonItem element in Elements)
            copy.Elements.Add(element.Clone());
        foreach (KeyValuePair<byte[], JsonItem> member in Members)
            copy.Members.Add(new(member.Key, member.Value.Clone()));
        return copy;
    }

    /// <summary>Below, equal or above zero, in MySQL's order of JSON values.</summary>
    public int CompareTo(JsonItem other)
    {
        if (IsNumber && other.IsNumber)
            return CompareNumbers(other);
        if (Kind != other.Kind)
            return Kind.CompareTo(other.Kind);
        switch (Kind)
        {
            case JsonKind.Text:
                return Text.AsSpan().SequenceCompareTo(other.Text);
            case JsonKind.Boolean:
                return _integer.CompareTo(other._integer);
            case JsonKind.List:
                for (int i = 0; i < Math.Min(Elements.Count, other.Elements.Count); i++)
                {
                    int order = Elements[i].CompareTo(other.Elements[i]);
                    if (order != 0)
                        return order;
                }

                return Elements.Count.CompareTo(other.Elements.Count);
            case JsonKind.Container:
                return CompareMembers(other);
            default:
                return 0;
        }
    }

    /// <summary>Writes the value as MySQL prints it.</summary>
    public void WriteTo(ByteWriter target) => JsonText.Write(this, target);

    /// <inheritdoc/>
    public override string ToString()
    {
        using var text = new ByteWriter();
        WriteTo(text);
        return Encoding.UTF8.GetString(text.Written);
    }

    private static int CompareKeys(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);

    /// <summary>Sorted at once: inserting each would move the others for a peer that sends them in falling order.</summary>
    private static List<KeyValuePair<byte[], JsonItem>> Sorted(List<KeyValuePair<byte[], JsonItem>> members)
    {
        int[] order = new int[members.Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        order.AsSpan().Sort((left, right) =>
        {
            int keys = CompareKeys(members[left].Key, members[right].Key);
            return keys != 0 ? keys : left.CompareTo(right);
        });
        List<KeyValuePair<byte[], JsonItem>> sorted = new(members.Count);
        foreach (int at in order)
        {
            if (sorted.Count > 0 && CompareKeys(sorted[^1].Key, members[at].Key) == 0)
                sorted[^1] = members[at];
            else
                sorted.Add(members[at]);
        }

        return sorted;
    }

    private int Search(ReadOnlySpan<byte> key)
    {
        int low = 0, high = Members.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = CompareKeys(Members[middle].Key, key);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    private int CompareNumbers(JsonItem other)
    {
        if (Kind == JsonKind.Number || other.Kind == JsonKind.Number)
            return ToDouble().CompareTo(other.ToDouble());
        return ToDecimal().CompareTo(other.ToDecimal());
    }

    private double ToDouble() => Kind == JsonKind.Number ? Number : ToDecimal().ToDouble();

    private SqlDecimal ToDecimal() => Kind switch
    {
        JsonKind.Integer => new SqlDecimal(_integer),
        JsonKind.Unsigned => SqlDecimal.FromUInt64(unchecked((ulong)_integer)),
        _ => Exact,
    };

    private int CompareMembers(JsonItem other)
    {
        if (Members.Count != other.Members.Count)
            return Members.Count.CompareTo(other.Members.Count);
        for (int i = 0; i < Members.Count; i++)
        {
            int order = CompareKeys(Members[i].Key, other.Members[i].Key);
            if (order == 0)
                order = Members[i].Value.CompareTo(other.Members[i].Value);
            if (order != 0)
                return order;
        }

        return 0;
    }
}
