using System.Text;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Storage.Pages;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Execution.Status;

/// <summary>The rows of SHOW STATUS: what is counted or known, under MySQL's names where it means what MySQL means by them.</summary>
internal static class StatusVariables
{
    private static readonly string[] CounterNames = Array.ConvertAll(Enum.GetNames<StatusCounter>(), NameOf);

    /// <summary>All variables with their values, of the session or of the node, ordered by name.</summary>
    public static VirtualRows Read(SessionState session, bool isGlobal)
    {
        NodeContext node = session.Node;
        StatusCounters total = node.ReadCounters();
        VirtualRows rows = new(2);
        for (int i = 0; i < CounterNames.Length; i++)
        {
            var counter = (StatusCounter)i;
            bool isOfNode = isGlobal || counter >= StatusCounter.InnodbRowsDeleted;   // MySQL knows these for the server only
            rows.Add(CounterNames[i], (isOfNode ? total : session.Counters)[counter]);
        }

        rows.Add("Connections", node.OpenedSessionCount);
        var pages = node.Transactions.Store as PageStore;
        rows.Add("P2pdb_checkpoint_running", pages?.IsInCheckpoint == true ? "ON" : "OFF");
        rows.Add("P2pdb_checkpoints", pages?.CheckpointCount ?? 0);
        rows.Add("P2pdb_crypto_provider", Cryptography.Provider);
        rows.Add("P2pdb_locked_keys", node.Transactions.Locks.Count);
        rows.Add("Queries", total[StatusCounter.Questions]);
        rows.Add("Ssl_cipher", session.TlsCipher);
        rows.Add("Ssl_version", session.TlsVersion);
        rows.Add("Threads_connected", node.Sessions.Count);
        rows.Add("Threads_running", node.RunningSessionCount);
        rows.Add("Uptime", (node.NowMicroseconds - node.StartMicroseconds) / 1_000_000);
        rows.SortByText(0);
        return rows;
    }

    /// <summary>ComAlterTable is Com_alter_table.</summary>
    private static string NameOf(string member)
    {
        var name = new StringBuilder(member.Length + 8);
        foreach (char letter in member)
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0)
                name.Append('_').Append(char.ToLowerInvariant(letter));
            else
                name.Append(letter);
        }

        return name.ToString();
    }
}
