using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>An author's word on a text.</summary>
/// <param name="Author">Whose.</param>
/// <param name="Time">The hybrid time of its operation; <see cref="AtHand"/> of one that has none yet.</param>
/// <param name="Edits">What the author did.</param>
/// <param name="Text">The text that goes with it.</param>
internal sealed record TextWord(PublicKey Author, ulong Time, TextEdits Edits, ReadOnlyMemory<byte> Text)
{
    /// <summary>The time of an operation to come, which is later than all that are.</summary>
    public const ulong AtHand = ulong.MaxValue;

    /// <summary>Takes a register of a text that an author wrote.</summary>
    public static TextWord Of(PublicKey author, CellRegister register) =>
        new(author, register.Hlc.Value, register.Edits!, TextOf(register.Value).ToArray());

    /// <summary>The bytes of a value; NULL has none.</summary>
    public static ReadOnlySpan<byte> TextOf(in CellValue value) => value.IsNull ? default : value.Bytes;

    /// <summary>The write that began the text anew on which it builds, by time and author; of time 0 where there is none, or none that it can know.</summary>
    public (ulong Time, PublicKey Author) Base => Edits.Base is { } name && Knows(name.Author, name.Time)
        ? (TimeOf(name.Time), AuthorOf(name.Author))
        : default;

    /// <summary>An author as its key.</summary>
    public PublicKey AuthorOf(int author) => author == 0 ? Author : Edits.Authors[author - 1];

    /// <summary>A time of the word in full.</summary>
    public ulong TimeOf(ulong time) => time == 0 ? Time : time;

    /// <summary>False of a write that is later than the word, which its author cannot have known.</summary>
    public bool Knows(int author, ulong time) =>
        TimeOf(time) < Time || (TimeOf(time) == Time && AuthorOf(author) == Author);
}
