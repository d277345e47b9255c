using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>Hears which entries are durable, so that peers may have them. Called on a committing thread: must not block.</summary>
internal interface IPublishedListener
{
    /// <summary>Entries of an author, from and to a seq inclusive, may leave the node.</summary>
    public void Published(DatabaseId database, AuthorKey author, ulong fromSeq, ulong toSeq);
}
