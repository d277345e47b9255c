using System.Text;
using System.Text.Unicode;

namespace P2PDB.Engine;

/// <summary>
/// What a statement says for people beside its figures, such as <c>Rows matched: 1  Changed: 1  Warnings: 0</c>. A value: text is
/// made of it only where somebody reads it. The default says nothing.
/// </summary>
public readonly record struct StatementMessage
{
    /// <summary>Bytes of a text at most.</summary>
    public const int LengthMax = 256;

    private readonly Form _form;
    private readonly string? _text;
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly int _warnings;

    private StatementMessage(Form form, ulong first, ulong second, ulong third, int warnings)
    {
        _form = form;
        _first = first;
        _second = second;
        _third = third;
        _warnings = warnings;
    }

    private StatementMessage(string text)
    {
        _form = Form.Text;
        _text = text;
    }

    private enum Form : byte
    {
        None,
        Text,
        Matched,
        Inserted,
        Loaded,
    }

    /// <summary>True where there is nothing to say.</summary>
    public bool IsEmpty => _form == Form.None;

    /// <summary>The text, made anew at each call; empty where there is none.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[LengthMax];
        return Encoding.UTF8.GetString(text[..WriteTo(text)]);
    }

    /// <summary>Writes the text in UTF-8 to a place of <see cref="LengthMax"/> bytes; returns its length in bytes.</summary>
    public int WriteTo(Span<byte> target)
    {
        int length = 0;
        bool isWritten = _form switch
        {
            Form.None => true,
            Form.Text => Encoding.UTF8.TryGetBytes(_text, target, out length),
            Form.Matched => Utf8.TryWrite(target, $"Rows matched: {_first}  Changed: {_second}  Warnings: {_warnings}", out length),
            Form.Inserted => Utf8.TryWrite(target, $"Records: {_first}  Duplicates: {_second}  Warnings: {_warnings}", out length),
            _ => Utf8.TryWrite(
                target, $"Records: {_first}  Deleted: {_second}  Skipped: {_third}  Warnings: {_warnings}", out length),
        };
        return isWritten ? length : throw new ArgumentException("A message needs LengthMax bytes.", nameof(target));
    }

    /// <summary>A text as it is, of the program's own and short.</summary>
    internal static StatementMessage Text(string text) => new(text);

    /// <summary>What UPDATE says.</summary>
    internal static StatementMessage Matched(ulong found, ulong changed, int warnings) => new(Form.Matched, found, changed, 0, warnings);

    /// <summary>What INSERT of several rows says.</summary>
    internal static StatementMessage Inserted(ulong records, ulong duplicates, int warnings) =>
        new(Form.Inserted, records, duplicates, 0, warnings);

    /// <summary>What LOAD DATA says.</summary>
    internal static StatementMessage Loaded(ulong records, ulong deleted, ulong skipped, int warnings) =>
        new(Form.Loaded, records, deleted, skipped, warnings);
}
