using System.Globalization;
using System.Text;
using System.Text.Unicode;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// The text of the statement that a transaction runs, which goes in front of the first operation that comes of it, in each database it
/// changes. Without a text, the operations after an earlier statement's are marked as nobody's, by an empty one.
/// </summary>
internal sealed class StatementRemark : IDisposable
{
    /// <summary>Bytes of a text at most; of a longer one the log has the beginning, and says so.</summary>
    public const int LengthMax = 64 << 10;

    private readonly ByteWriter _text = new(16);

    /// <summary>Grows with each statement since the first whose text is kept; 0 before that.</summary>
    public int Number { get; private set; }

    /// <summary>The text; empty for none.</summary>
    public ReadOnlySpan<byte> Text => _text.Written;

    /// <summary>True for what may stand in an entry.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => text.Length <= LengthMax && Utf8.IsValid(text);

    /// <summary>A statement begins; one that is not to be kept, or is no text, has none.</summary>
    public void Begin(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty && Number == 0)
            return;
        Number++;
        _text.Clear();
        if (!Utf8.IsValid(text))
            return;
        if (text.Length <= LengthMax)
        {
            _text.Write(text);
            return;
        }

        byte[] mark = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" /* … cut off: {text.Length} bytes in all */"));
        int length = LengthMax - mark.Length;
        while ((text[length] & 0xC0) == 0x80)
            length--;   // Not inside of a character.
        _text.Write(text[..length]);
        _text.Write(mark);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _text.Dispose();
}
