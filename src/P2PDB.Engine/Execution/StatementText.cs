using System.Text;

namespace P2PDB.Engine.Execution;

/// <summary>The text of the statement that a session runs, as other sessions may see it: copied without allocating, cut where it is long.</summary>
internal sealed class StatementText
{
    private const int LengthMax = 1024;

    private readonly Lock _gate = new();
    private readonly byte[] _text = new byte[LengthMax];
    private int _length = -1;

    /// <summary>A statement begins.</summary>
    public void Set(ReadOnlySpan<byte> text)
    {
        lock (_gate)
        {
            _length = Math.Min(text.Length, LengthMax);
            text[.._length].CopyTo(_text);
        }
    }

    /// <summary>The statement has ended.</summary>
    public void Clear()
    {
        lock (_gate)
            _length = -1;
    }

    /// <summary>True while a statement runs; from any thread.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
                return _length >= 0;
        }
    }

    /// <summary>The text, or null where no statement runs; from any thread.</summary>
    public string? Read()
    {
        lock (_gate)
            return _length < 0 ? null : Encoding.UTF8.GetString(_text, 0, _length);
    }
}
