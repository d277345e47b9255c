using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Sync;

/// <summary>The tickets of joins that are not through, kept in the volume so that a restart goes on with them.</summary>
internal sealed class TicketFiles(StorageVolume volume)
{
    private const string Directory = "joins";

    /// <summary>Keeps a ticket, durably.</summary>
    public void Add(InvitationTicket ticket)
    {
        volume.CreateDirectory(Directory);
        volume.Replace(PathOf(ticket.Database), ticket.Encode());
    }

    /// <summary>Forgets the ticket of a database.</summary>
    public void Remove(DatabaseId database)
    {
        if (!volume.Exists(PathOf(database)))
            return;
        volume.Delete(PathOf(database));
        volume.SyncDirectory(Directory);
    }

    /// <summary>The tickets that are kept; a file that is none is left alone and left out.</summary>
    public List<InvitationTicket> ReadAll()
    {
        List<InvitationTicket> tickets = [];
        foreach (string name in volume.List(Directory))
        {
            if (volume.TryReadAll(Directory + "/" + name) is { } bytes && InvitationTicket.TryDecode(bytes, out InvitationTicket? ticket))
                tickets.Add(ticket);
        }

        return tickets;
    }

    private static string PathOf(DatabaseId database) => $"{Directory}/{database}";
}
