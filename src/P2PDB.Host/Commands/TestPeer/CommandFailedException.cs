namespace P2PDB.Host.Commands.TestPeer;

/// <summary>A command of the test-peer contract that cannot be carried out: becomes its <c>error</c> reply.</summary>
/// <param name="name">A short name that scripts can tell failures apart by.</param>
/// <param name="message">What went wrong, for people.</param>
internal sealed class CommandFailedException(string name, string message) : Exception(message)
{
    /// <summary>The <c>name</c> of the reply.</summary>
    public string Name { get; } = name;
}
