namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The commands of the contract by name, each with the event that answers it.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, (string Reply, CommandHandler Handler)> _commands = new(StringComparer.Ordinal);

    /// <summary>Adds a command.</summary>
    public void Add(string name, string reply, CommandHandler handler) => _commands.Add(name, (reply, handler));

    /// <summary>Finds a command; false where the contract has none of that name or this peer lacks it.</summary>
    public bool TryFind(string name, out string reply, out CommandHandler handler)
    {
        bool isFound = _commands.TryGetValue(name, out (string Reply, CommandHandler Handler) command);
        (reply, handler) = command;
        return isFound;
    }
}
