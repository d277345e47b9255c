using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Simulation.Model;

/// <summary>One signed entry with the fields that the model asks for again and again.</summary>
internal sealed class ModelEntry
{
    private readonly byte[] _bytes;
    private readonly byte[] _body;

    public ModelEntry(byte[] bytes)
    {
        _bytes = bytes;
        EntryReader entry = Read();
        _body = new byte[entry.RawBodyLength];
        HasBody = entry.TryDecompressBody(_body) && BodyReader.TryRead(entry, _body, out _) == EntryStatus.Valid
            && (entry.Flags & EntryFlags.Merge) == 0;
        Flags = entry.Flags & (EntryFlags.Part | EntryFlags.LastPart);
        Id = entry.ComputeId();
        Author = entry.Author;
        Seq = entry.Seq;
        Hlc = entry.Hlc;
        Previous = entry.Previous;
        List<EntryId> causes = entry.Seq == 0 ? [] : [entry.Previous];
        for (int i = 0; i < entry.ParentCount; i++)
            causes.Add(entry.ParentAt(i));
        Causes = [.. causes];
    }

    public EntryId Id { get; }

    public AuthorKey Author { get; }

    public ulong Seq { get; }

    public HlcTimestamp Hlc { get; }

    public EntryId Previous { get; }

    /// <summary>False for merge entries, and for bodies that do not decode.</summary>
    public bool HasBody { get; }

    /// <summary>Whether the entry is a part of a larger transaction, and its last.</summary>
    public EntryFlags Flags { get; }

    /// <summary>The author's previous entry and the parents.</summary>
    public EntryId[] Causes { get; }

    public BodyReader Body
    {
        get
        {
            BodyReader.TryRead(Read(), _body, out BodyReader body);
            return body;
        }
    }

    private EntryReader Read()
    {
        EntryReader.TryRead(_bytes, out EntryReader entry);
        return entry;
    }
}
