using System.CommandLine;

namespace P2PDB.Host.Commands;

/// <summary><c>p2pdb sql [STATEMENT]</c>: runs statements on a node; without one, reads them from standard input.</summary>
internal static class SqlCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var statement = new Argument<string?>("STATEMENT")
        {
            Description = "What to run; several statements are separated by semicolons. Left out: read from standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("sql", "Runs SQL statements on a node and prints their results.");
        server.AddTo(command);
        command.Arguments.Add(statement);
        command.SetAction(async (line, cancellationToken) =>
        {
            string text = line.GetValue(statement) ?? await Console.In.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return await server.RunAsync(line, text, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }
}
