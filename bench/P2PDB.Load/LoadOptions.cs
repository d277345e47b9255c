using System.Globalization;

namespace P2PDB.Load;

/// <summary>What to send, where to, for how long.</summary>
internal sealed record LoadOptions
{
    public const string Usage =
        "p2pdb-load --port N [--host 127.0.0.1] [--user root] [--connections 1] [--seconds 3] [--warmup 1] [--idle 0] "
        + "[--pause MS] [--pid SERVER] [--raw] (--ping | --prepared SQL | SQL)";

    public string Host { get; private set; } = "127.0.0.1";

    public int Port { get; private set; }

    public string User { get; private set; } = "root";

    /// <summary>Clients that send one request after the other.</summary>
    public int ConnectionCount { get; private set; } = 1;

    /// <summary>Clients that log in and then say nothing.</summary>
    public int IdleCount { get; private set; }

    public int Seconds { get; private set; } = 3;

    public int WarmupSeconds { get; private set; } = 1;

    /// <summary>Silence between login and the first request: long enough, and the server parks the connections.</summary>
    public int PauseMs { get; private set; }

    /// <summary>Process whose processor time is reported per request, or 0.</summary>
    public int ServerProcessId { get; private set; }

    /// <summary>No login: for bare echo servers.</summary>
    public bool IsRaw { get; private set; }

    public bool IsPrepared { get; private set; }

    /// <summary>The statement, or null for COM_PING.</summary>
    public string? Statement { get; private set; }

    public static LoadOptions? Parse(string[] arguments)
    {
        var options = new LoadOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name == "--raw")
                options.IsRaw = true;
            else if (name == "--ping")
                options.Statement = null;
            else if (!name.StartsWith("--", StringComparison.Ordinal))
                options.Statement = name;
            else if (++i == arguments.Length || !options.Set(name, arguments[i]))
                return null;
        }

        return options.Port > 0 ? options : null;
    }

    private bool Set(string name, string value)
    {
        switch (name)
        {
            case "--host": Host = value; return true;
            case "--user": User = value; return true;
            case "--prepared":
                Statement = value;
                IsPrepared = true;
                return true;
        }

        if (!int.TryParse(value, CultureInfo.InvariantCulture, out int number))
            return false;
        switch (name)
        {
            case "--port": Port = number; return true;
            case "--connections": ConnectionCount = number; return true;
            case "--idle": IdleCount = number; return true;
            case "--seconds": Seconds = number; return true;
            case "--warmup": WarmupSeconds = number; return true;
            case "--pause": PauseMs = number; return true;
            case "--pid": ServerProcessId = number; return true;
            default: return false;
        }
    }
}
