using System.Text;
using P2PDB.Engine.Execution.Loading;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Types;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 format, u8 length of the pieces that arrive at once, then the text of LOAD DATA. Whatever the pieces, the same lines and fields are read; those,
/// written again with escapes, are read as the same. Rejected is a field that is too long.
/// </summary>
internal sealed class LoadDataTarget : IFuzzTarget
{
    private const int FieldLengthMax = 400;
    private const int FieldCountMax = 3;
    private const int ShortBufferLength = 16;

    private static readonly LoadFormat[] Formats =
    [
        Format(",", "\n", null, "\\", ""),
        Format("\t", "\r\n", "\"", "\\", ""),
        Format("||", ";;", "'", "\\", ">>"),
        Format(",", "", "\"", "\\", ""),
        Format(",", "\n", "\"", "\"", ""),
        Format("::", "\n", "\"", "", "x"),
    ];

    public string Name => "load-data";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Execution/Loading/FieldReader.cs"];

    // The reader, its stops and its stream; an exception and the stack that it is thrown through.
    public int AllocationSlack => 8 * 1024;

    public IReadOnlyList<byte[]> Words { get; } = [.. ", \t \n \r\n | || ; ;; : :: ' \" \\ \\N NULL \"NULL\" >> x \\\\ \"\" ''"
        .Split(' ').Select(Encoding.ASCII.GetBytes)];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 1, .. "1,a\\,b,\\N\n2,\\n\\t\\0\\Z\\b\\r\\q,\n\n3,a,b,c,d\\\nx\n4"u8],
        [1, 3, .. "1\t\"a\"\"b\"\tNULL\r\n\"2\t\r\n\"\t\"x\"y\"\t\"NULL\"\r\n\"open"u8],
        [2, 2, .. "no;;..>>1||'a'||b|c;;>>2||\\'||;;>>'3'"u8],
        [3, 7, .. "1,2,3,4,\"5\",6,7\\"u8],
        [4, 5, .. "\"a\"\"b\",c\"\"d,\"e\n"u8],
        [5, 200, .. "x1::a\\::\"b::\"\nyyx2"u8],
        [0, 9, .. Enumerable.Repeat((byte)'a', 2 * FieldLengthMax)],
        [1, 9, .. Enumerable.Repeat((byte)'\\', 3 * FieldLengthMax)],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < 2)
            return false;
        LoadFormat format = Formats[input[0] % Formats.Length];
        byte[] text = input[2..].ToArray();
        probe.EndDecoding();
        List<string?[]>? whole = Read(text, format, text.Length + 1, text.Length + 1, probe);
        List<string?[]>? pieces = Read(text, format, Math.Max(1, (int)input[1]), ShortBufferLength, null);
        FuzzLaw.Require((whole is null) == (pieces is null), "pieces make no difference to what is too long");
        if (whole is null)
            return false;
        RequireSame(whole, pieces!, "pieces make no difference");
        if (format.Escape == '\\')
        {
            List<string?[]>? again = Read(Write(whole, format), format, int.MaxValue, 4096, null);
            FuzzLaw.Require(again is not null, "what was read can be written");
            RequireSame(whole, again!, "what was read, written, is read as the same");
        }

        return true;
    }

    // Lines of fields, NULL as null; null where a field was too long.
    private static List<string?[]>? Read(byte[] text, LoadFormat format, int pieceLength, int bufferLength, FuzzProbe? probe)
    {
        List<string?[]> lines = [];
        List<string?> line = [];
        using var source = new PieceStream(text, pieceLength);
        int number = Array.IndexOf(Formats, format);
        probe?.BeginDecoding();
        try
        {
            using var reader = new FieldReader(source, format, FieldLengthMax, bufferLength);
            do
            {
                line.Clear();
                while (line.Count < FieldCountMax && reader.TryReadField(out ReadOnlySpan<byte> field, out bool isNull))
                {
                    probe?.EndDecoding();
                    line.Add(isNull ? null : Encoding.Latin1.GetString(field));
                    probe?.Reached((number * 64) + (isNull ? 32 : 0) + Math.Min(field.Length, 31));
                    probe?.BeginDecoding();
                }

                if (line.Count == 0)
                    break;
                probe?.EndDecoding();
                lines.Add([.. line]);
                probe?.Reached(1000 + (number * 8) + (line.Count * 2) + (reader.WasLineCut ? 1 : 0));
                probe?.BeginDecoding();
            }
            while (reader.NextLine());
            return lines;
        }
        catch (SqlException tooLong) when (tooLong.Error.Code == 1153)
        {
            return null;
        }
        finally
        {
            probe?.EndDecoding();
        }
    }

    private static byte[] Write(List<string?[]> lines, LoadFormat format)
    {
        List<byte> text = [];
        foreach (string?[] line in lines)
        {
            text.AddRange(format.LineStart);
            for (int i = 0; i < line.Length; i++)
            {
                if (i > 0)
                    text.AddRange(format.FieldTerminator);
                WriteField(text, line[i], format);
            }

            text.AddRange(format.LineTerminator.Length > 0 ? format.LineTerminator : format.FieldTerminator);
        }

        return [.. text];
    }

    private static void WriteField(List<byte> text, string? field, LoadFormat format)
    {
        byte[] value = Encoding.Latin1.GetBytes(field ?? "N");
        bool isQuoted = field == "NULL" && format.Enclosure != LoadFormat.None;
        if (isQuoted)
            text.Add((byte)format.Enclosure);
        foreach (byte one in value)
        {
            bool isSpecial = one == format.Escape || one == format.Enclosure || one == format.FieldTerminator[0]
                || (format.LineTerminator.Length > 0 && one == format.LineTerminator[0]);
            if (isSpecial || field is null)
                text.Add((byte)format.Escape);
            text.Add(one);
        }

        if (isQuoted)
            text.Add((byte)format.Enclosure);
    }

    private static void RequireSame(List<string?[]> expected, List<string?[]> actual, string law)
    {
        FuzzLaw.Require(expected.Count == actual.Count, law);
        for (int i = 0; i < expected.Count; i++)
            FuzzLaw.Require(expected[i].AsSpan().SequenceEqual(actual[i]), law);
    }

    private static LoadFormat Format(string field, string line, string? enclosure, string escape, string start)
    {
        return LoadFormat.Of(new FileFormat
        {
            FieldTerminator = Bytes(field),
            LineTerminator = Bytes(line),
            FieldEnclosure = enclosure is null ? null : Bytes(enclosure),
            FieldEscape = Bytes(escape),
            LineStart = Bytes(start),
        }, hasBackslashEscapes: true);

        static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
    }

    /// <summary>Gives its bytes in pieces.</summary>
    private sealed class PieceStream(byte[] bytes, int pieceLength) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, pieceLength));
    }
}
