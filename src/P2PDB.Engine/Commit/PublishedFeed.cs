using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>Passes on what became durable to all who asked to hear of it: sync, change feeds. Subscribers must not block.</summary>
internal sealed class PublishedFeed : IPublishedListener
{
    private readonly Lock _lock = new();
    private Action<DatabaseId>[] _subscribers = [];

    /// <summary>Adds a subscriber, which is told the database that has news.</summary>
    public void Subscribe(Action<DatabaseId> subscriber)
    {
        lock (_lock)
            _subscribers = [.. _subscribers, subscriber];
    }

    /// <inheritdoc/>
    public void Published(DatabaseId database, AuthorKey author, ulong fromSeq, ulong toSeq)
    {
        foreach (Action<DatabaseId> subscriber in Volatile.Read(ref _subscribers))
            subscriber(database);
    }
}
