using System.Text;
using P2PDB.Engine;

namespace P2PDB.Simulation.Nodes;

/// <summary>One client of a node. It never waits for a lock: there is nobody else who could give it back meanwhile.</summary>
internal sealed class SimulatedSession(SimulatedNode node, Session session) : IDisposable
{
    public SimulatedNode Node => node;

    public bool InTransaction => session.InTransaction;

    /// <summary>Runs one statement.</summary>
    public StatementSink Execute(string sql)
    {
        StatementSink sink = new();
        session.State.Transaction.LockTimeout = TimeSpan.Zero;
        try
        {
            session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        }
        catch (IOException) when (node.Volume.IsDown)
        {
            // The end of this process.
        }

        return sink;
    }

    public void Use(string database) => session.UseDatabase(database);

    public void Dispose() => session.Dispose();
}
