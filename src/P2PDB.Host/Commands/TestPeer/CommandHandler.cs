using System.Text.Json;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Carries out one command and returns what writes the fields of its reply.</summary>
/// <exception cref="CommandFailedException">The command failed; the reply is an <c>error</c>.</exception>
internal delegate Task<Action<Utf8JsonWriter>> CommandHandler(CommandRequest request, CancellationToken cancellationToken);
