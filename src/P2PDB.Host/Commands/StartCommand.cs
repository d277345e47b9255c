using System.CommandLine;
using P2PDB.Host.Options;

namespace P2PDB.Host.Commands;

/// <summary><c>p2pdb [start]</c>: runs a node until SIGTERM or Ctrl-C.</summary>
internal static class StartCommand
{
    private const string Description = "Runs a node: a MySQL server whose databases it shares with its peers.";

    /// <summary>The root command: <c>p2pdb</c> alone starts a node.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand(Description);
        Configure(root);
        return root;
    }

    /// <summary>The same under its own name.</summary>
    public static Command Create()
    {
        var command = new Command("start", Description);
        Configure(command);
        return command;
    }

    private static void Configure(Command command)
    {
        List<Option<string[]>> options =
        [
            Flag("data", "DIR", "The data directory [default: ./data]."),
            Flag("mysql", "HOST:PORT", "Where MySQL clients connect, or off [default: 127.0.0.1:3306]."),
            Flag("p2p", "MULTIADDR", "Where peers connect, or off; may be repeated [default: /ip4/127.0.0.1/tcp/4001]."),
            Flag("peer", "MULTIADDR", "A peer to stay connected to; may be repeated."),
            Flag("http", "HOST:PORT", "Where HTTP is served, or off [default: off]."),
            Flag("mdns", "on|off", "Finds peers on the local network [default: on where peers can connect from it]."),
            Flag("store", "file|memory", "What holds the rows [default: file]."),
            Flag("store-memory", "SIZE", "Memory for pages, with K, M or G [default: 128M]."),
            Flag("checkpoint-interval", "SIZE", "Changes between two checkpoints [default: 64M]."),
            Flag("local-infile", "on|off", "Lets clients send files for LOAD DATA LOCAL [default: off]."),
            Flag("secure-file-priv", "DIR", "A directory whose files LOAD DATA may read [default: none]."),
            Flag("password-file", "FILE", "A file whose first line is root's password."),
            Flag("tls", "on|off", "Offers TLS to MySQL clients [default: on]."),
            Flag("tls-cert", "FILE", "The certificate for TLS, PEM [default: one made in the data directory]."),
            Flag("tls-key", "FILE", "The key of --tls-cert, PEM."),
        ];
        foreach (Option<string[]> option in options)
            command.Options.Add(option);

        command.SetAction((line, cancellationToken) =>
        {
            Dictionary<string, string[]> given = [];
            foreach (Option<string[]> option in options)
            {
                if (line.GetValue(option) is { Length: > 0 } values)
                    given[option.Name[2..]] = values;
            }

            return NodeProcess.RunAsync(new SettingsReader(given, Environment.GetEnvironmentVariable), cancellationToken);
        });
    }

    private static Option<string[]> Flag(string name, string value, string description) =>
        new("--" + name) { Description = description, HelpName = value, AllowMultipleArgumentsPerToken = false };
}
