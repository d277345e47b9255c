using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Commit;

/// <summary>
/// The entries built for one commit: their bytes back to back, as one journal record, and their ids in the same order; or, of a
/// transaction too long for that, their places in a history file, where each goes as soon as it is built.
/// </summary>
/// <param name="signsAside">Whether a thread of its own signs what is signed during the write.</param>
/// <param name="owed">The signatures that the journal lacks, of which this keeps account from now on.</param>
internal sealed class BuiltEntries(bool signsAside, OwedSignatures owed) : IDisposable
{
    private readonly EntrySigner _signer = new(signsAside);
    private readonly List<int> _signatureOffsets = [];
    private HistoryAddition? _target;
    private bool _isSignedDuringWrite;
    private int _firstOffset;

    /// <summary>The record: signatures that are owed, then the entries, as far as they are not in a history file.</summary>
    public ByteWriter Bytes { get; } = new(4096);

    /// <summary>The entries of <see cref="Bytes"/>.</summary>
    public ReadOnlySpan<byte> Entries => Bytes.Written[_firstOffset..];

    /// <summary>The entries' ids, as their builder computed them: nothing is hashed again to find them.</summary>
    public List<EntryId> Ids { get; } = [];

    /// <summary>Where in the history file the entries lie.</summary>
    public List<EntryPlace> Places { get; } = [];

    /// <summary>The signatures that the journal lacks: the next record begins with them.</summary>
    public OwedSignatures Owed => owed;

    /// <summary>
    /// Forgets the entries and keeps the memory, for entries of a record, which are signed when they are built, or
    /// <paramref name="isSignedDuringWrite"/>, by the end of <see cref="EndSigning"/>.
    /// </summary>
    public void BeginRecord(bool isSignedDuringWrite)
    {
        Clear();
        _isSignedDuringWrite = isSignedDuringWrite;
        Owed.WriteTo(Bytes);
        _firstOffset = Bytes.Length;
    }

    /// <summary>Forgets the entries and keeps the memory; the next ones go to a history file.</summary>
    public void BeginAddition(HistoryAddition target)
    {
        Clear();
        _target = target;
    }

    /// <summary>Takes the entry that was just written to the end of <see cref="Bytes"/>, but for its signature.</summary>
    public void Add(in EntryId id, SigningKey key, int signatureOffset)
    {
        Ids.Add(id);
        if (_isSignedDuringWrite)
        {
            _signer.Add(key, id);
            _signatureOffsets.Add(signatureOffset);
            return;
        }

        EntryBuilder.Sign(key, id, Bytes.WrittenSpan.Slice(signatureOffset, EntryFormat.SignatureLength));
        if (_target is null)
            return;
        Places.Add(_target.Add(Bytes.Written));
        Bytes.Clear();
    }

    /// <summary>Called just before the record is written, for a thread to sign meanwhile: nothing is added from now on.</summary>
    public void BeginSigning() => _signer.Begin();

    /// <summary>
    /// Called after the write, whatever came of it: puts the signatures into <see cref="Bytes"/>. What was owed is paid where the record
    /// <paramref name="isWritten"/>, and its own signatures are owed.
    /// </summary>
    public void EndSigning(bool isWritten)
    {
        _signer.Finish();
        if (isWritten)
            Owed.Clear();
        for (int i = 0; i < _signer.Count; i++)
        {
            _signer.SignatureAt(i).CopyTo(Bytes.WrittenSpan[_signatureOffsets[i]..]);
            if (isWritten)
                Owed.Add(_signer.IdAt(i), _signer.SignatureAt(i));
        }
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _signer.Dispose();
        Bytes.Dispose();
    }

    private void Clear()
    {
        _target = null;
        _isSignedDuringWrite = false;
        _firstOffset = 0;
        _signer.Clear();
        _signatureOffsets.Clear();
        Bytes.Clear();
        Ids.Clear();
        Places.Clear();
    }
}
