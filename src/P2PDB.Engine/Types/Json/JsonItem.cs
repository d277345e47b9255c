using System.Text;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Json;

/// <summary>A JSON value in memory. Objects keep their members in MySQL's order: by length of the key, then by bytes.</summary>
internal sealed class JsonItem
{
    /// <summary>MySQL's limit of nesting.</summary>
    public const int DepthMax = 100;

    private readonly long _integer;
    private readonly SqlDecimal _decimal;
    private List<JsonItem>? _elements;
    private List<KeyValuePair<byte[], JsonItem>>? _members;

    private JsonItem(JsonKind kind, long integer = 0, SqlDecimal exact = default, byte[]? text = null)
    {
        Kind = kind;
        _integer = integer;
        _decimal = exact;
        Text = text ?? [];
    }

    public JsonKind Kind { get; }

    /// <summary>The UTF-8 of a string, unescaped.</summary>
    public byte[] Text { get; }

    /// <summary>The elements of an array.</summary>
    public List<JsonItem> Elements => _elements ??= [];

    /// <summary>The members of an object, sorted.</summary>
    public List<KeyValuePair<byte[], JsonItem>> Members => _members ??= [];

    public long Integer => _integer;

    public double Number => BitConverter.Int64BitsToDouble(_integer);

    public SqlDecimal Exact => _decimal;

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
            foreach (JsonItem element in _elements ?? [])
                deepest = Math.Max(deepest, element.Depth);
            foreach (KeyValuePair<byte[], JsonItem> member in _members ?? [])
                deepest = Math.Max(deepest, member.Value.Depth);
            return deepest + 1;
        }
    }

    public static JsonItem Null() => new(JsonKind.Null);

    public static JsonItem FromBoolean(bool value) => new(JsonKind.Boolean, value ? 1 : 0);

    public static JsonItem FromInt64(long value, bool isUnsigned = false) =>
        new(isUnsigned && value < 0 ? JsonKind.Unsigned : JsonKind.Integer, value);

    public static JsonItem FromDouble(double value) => new(JsonKind.Number, BitConverter.DoubleToInt64Bits(value));

    public static JsonItem FromDecimal(in SqlDecimal value) => new(JsonKind.Decimal, 0, value);

    public static JsonItem FromText(ReadOnlySpan<byte> text) => new(JsonKind.Text, text: text.ToArray());

    public static JsonItem NewArray() => new(JsonKind.List);

    public static JsonItem NewObject() => new(JsonKind.Container);

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
        JsonItem copy = new(Kind, _integer, _decimal, Text);
        foreach (JsonItem element in _elements ?? [])
            copy.Elements.Add(element.Clone());
        foreach (KeyValuePair<byte[], JsonItem> member in _members ?? [])
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
        _ => _decimal,
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
