using System.Text;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: JSON text, which has many forms of one value: what is accepted normalises to text that normalises to itself, and the
/// value read from it is the same. The fault in rejected text lies in it. Arrays, and nothing else, split into their elements.
/// </summary>
internal sealed class JsonTarget : IFuzzTarget, IDisposable
{
    private readonly List<Range> _elements = [];
    private readonly ByteWriter _once = new();
    private readonly ByteWriter _twice = new();

    public string Name => "json";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Types/Json/JsonParser.cs", "P2PDB.Engine/Types/Json/JsonNormalizer.cs"];

    // `[` and `]` around one value are an object of 40 bytes, a list of 32 and its first room of 56.
    public int AllocationFactor => 64;

    public IReadOnlyList<byte[]> Words { get; } = Array.ConvertAll(
        "{ } [ ] : , \" \\u \\n \\\" \\ud83d\\ude00 true false null 1 -0 1.5e300 1e400 18446744073709551616 0.1".Split(' '),
        Encoding.UTF8.GetBytes);

    public IEnumerable<byte[]> Seeds =>
    [
        "1"u8.ToArray(),
        "[]"u8.ToArray(),
        "{\"a\": [1, -2.5e3, true, false, null, \"x\\u00e9\\ud83d\\ude00\\n\\t\\\\\\/\\b\\f\\r\\\"\"], \"b\": {}, \"a\": {\"bb\": 18446744073709551615}}"u8.ToArray(),
        " [ [ [ 0.1, 1e5, -0, 12345678901234567890123 ] ] ] "u8.ToArray(),
        "\"\u00e4\u20ac\""u8.ToArray(),
        [(byte)'[', .. Enumerable.Repeat("1,"u8.ToArray(), 2000).SelectMany(text => text), (byte)'1', (byte)']'],
        [(byte)'[', .. Enumerable.Repeat("[1],"u8.ToArray(), 1000).SelectMany(text => text), (byte)'1', (byte)']'],
        [(byte)'[', .. Enumerable.Repeat("{\"\":1},"u8.ToArray(), 500).SelectMany(text => text), (byte)'1', (byte)']'],
        [(byte)'[', .. Enumerable.Repeat(Encoding.UTF8.GetBytes($"{new string('[', 99)}1{new string(']', 99)},"), 20).SelectMany(text => text), (byte)'1', (byte)']'],
        [(byte)'"', .. Enumerable.Repeat("\\u0041"u8.ToArray(), 600).SelectMany(text => text), (byte)'"'],
        [.. Encoding.UTF8.GetBytes(new string('[', 100) + new string(']', 100))],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool accepted = JsonParser.TryParse(input, out JsonItem item, out string reason, out int position);
        probe.EndDecoding();
        FuzzLaw.Require(accepted == (reason.Length == 0), "a reason for each fault");
        bool isSplit = JsonParser.TrySplit(input, _elements);
        FuzzLaw.Require(isSplit == (accepted && item.Kind == JsonKind.List), "arrays split");
        FuzzLaw.Require(!isSplit || _elements.Count == item.Elements.Count, "into their elements");
        FuzzLaw.Require(position >= 0 && position <= input.Length, "the position is in the text");
        if (!accepted)
        {
            probe.Reached(reason.Length);
            return false;
        }

        probe.Reached(100 + (int)item.Kind);
        probe.Reached(120 + item.Depth);
        _once.Clear();
        item.WriteTo(_once);
        _twice.Clear();
        FuzzLaw.Require(JsonNormalizer.TryNormalize(_once.Written, _twice, out string fault, out _), $"own text is read: {fault}");
        FuzzLaw.RequireSame(_once.Written, _twice.Written, "normalised text normalises to itself");
        FuzzLaw.Require(JsonParser.TryParse(_once.Written, out JsonItem again, out _, out _) && again.CompareTo(item) == 0, "the same value");
        return true;
    }

    public void Dispose()
    {
        _once.Dispose();
        _twice.Dispose();
    }
}
