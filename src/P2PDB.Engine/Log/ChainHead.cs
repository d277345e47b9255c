namespace P2PDB.Engine.Log;

/// <summary>The end of one chain or branch, as peers tell each other what they hold.</summary>
/// <param name="Author">Who writes it.</param>
/// <param name="Seq">Seq of its last entry.</param>
/// <param name="Head">Id of its last entry, which also says which branch it is.</param>
internal readonly record struct ChainHead(AuthorKey Author, ulong Seq, EntryId Head);
