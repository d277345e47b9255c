using P2PDB.Engine.Types.Json;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a JSON path, which is read and followed, never written: there is no encoding to compare with. The law is what it finds:
/// values of the document only, one at most without wildcards, and what was stored at a path is found there.
/// </summary>
internal sealed class JsonPathTarget : IFuzzTarget
{
    private const int FoundCountMax = 10_000;

    public string Name => "json-path";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Types/Json/JsonPath.cs"];

    public int InputLengthMax => 64;

    // A path of up to 64 bytes with a step and its key for each two; and the document that is looked through.
    public int AllocationSlack => 4096;

    public IReadOnlyList<byte[]> Words { get; } =
        Array.ConvertAll("$ . .a .b .* [0] [1] [last] [last-1] [0to1] [*] ** \"b c\" $.a".Split(' '), System.Text.Encoding.UTF8.GetBytes);

    public IEnumerable<byte[]> Seeds =>
    [
        "$"u8.ToArray(), "$.a"u8.ToArray(), "$.a[1]"u8.ToArray(), "$.a[last-1]"u8.ToArray(), "$.a[0 to last]"u8.ToArray(), "$.*"u8.ToArray(),
        "$.a[*]"u8.ToArray(), "$**.d"u8.ToArray(), "$.\"b c\".d"u8.ToArray(), " $ . a [ 0 ] "u8.ToArray(), "$.e"u8.ToArray(), "$[0]"u8.ToArray(), "$.x[2]"u8.ToArray(),
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool accepted = JsonPath.TryParse(input, out JsonPath path, out int position);
        probe.EndDecoding();
        FuzzLaw.Require(position >= 0 && position <= input.Length, "the position is in the text");
        if (!accepted)
            return false;

        JsonItem document = Document();
        var found = new List<JsonItem>();
        path.Find(document, found);
        probe.Reached((path.HasWildcard ? 1 : 0) + (path.IsRoot ? 2 : 0) + (Math.Min(found.Count, 20) * 4));
        FuzzLaw.Require(found.Count <= FoundCountMax, "what is found is bounded");
        FuzzLaw.Require(path.HasWildcard || found.Count <= 1, "one value without wildcards");
        FuzzLaw.Require(ReferenceEquals(path.FindFirst(document), found.Count > 0 ? found[0] : null), "the first is the first");
        if (path.HasWildcard)
            return true;

        JsonItem mark = JsonItem.FromInt64(4711);
        JsonItem stored = path.Store(Document(), mark, mayReplace: true, mayInsert: false);
        JsonItem? there = path.FindFirst(stored);
        FuzzLaw.Require(found.Count == 0 ? there is null : ReferenceEquals(there, mark), "what was replaced is found");
        path.Store(Document(), mark, mayReplace: false, mayInsert: true);
        path.InsertBefore(Document(), mark);
        if (!path.IsRoot)
            path.Remove(Document());
        return true;
    }

    private static JsonItem Document()
    {
        bool isRead = JsonParser.TryParse(
            "{\"a\": [1, 2, [3]], \"b c\": {\"d\": null}, \"e\": \"x\"}"u8, out JsonItem item, out _, out _);
        return isRead ? item : throw new InvalidOperationException("The document is JSON.");
    }
}
