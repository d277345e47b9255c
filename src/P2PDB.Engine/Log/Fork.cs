namespace P2PDB.Engine.Log;

/// <summary>Proof that an author wrote two entries of one seq. Both are held and both count.</summary>
internal readonly record struct Fork(AuthorKey Author, ulong Seq, EntryId First, EntryId Second);
