namespace P2PDB.Conformance;

/// <summary>One paragraph of a file: what to run and what it must answer.</summary>
/// <param name="Line">Number of its first line, from 1.</param>
/// <param name="Command">Its first line, in words: <c>statement ok</c>, <c>statement error 1062</c>, <c>query IT rowsort</c>.</param>
/// <param name="Sql">The statement.</param>
/// <param name="Expected">The lines below <c>----</c>.</param>
internal sealed record TestRecord(int Line, string[] Command, string Sql, string[] Expected)
{
    /// <summary>Reads the records of a file; lines that start with # are comments.</summary>
    public static List<TestRecord> ReadAll(string[] lines)
    {
        List<TestRecord> records = [];
        for (int start = 0; start < lines.Length; start++)
        {
            if (lines[start].Length == 0 || lines[start][0] == '#')
                continue;
            int end = start;
            while (end < lines.Length && lines[end].Length > 0)
                end++;
            string[] body = lines[(start + 1)..end].Where(line => line.Length == 0 || line[0] != '#').ToArray();
            int separator = Array.IndexOf(body, "----");
            records.Add(new TestRecord(
                start + 1, lines[start].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                string.Join('\n', separator < 0 ? body : body[..separator]),
                separator < 0 ? [] : body[(separator + 1)..]));
            start = end;
        }

        return records;
    }
}
