using System.Diagnostics;
using System.Globalization;
using P2PDB.Engine;
using P2PDB.Engine.Transactions;
using P2PDB.Isolation.Checking;
using P2PDB.Isolation.History;
using P2PDB.Isolation.Workload;

namespace P2PDB.Isolation;

/// <summary>What the commands do, and what they print. Their results are exit codes: 1 where a rule is broken.</summary>
internal static class IsolationConsole
{
    /// <summary>Histories from one server: a fresh one now and then keeps what it holds in memory small.</summary>
    private const int HistoriesPerServer = 40;

    private static readonly IsolationLevel?[] Turns =
        [IsolationLevel.ReadUncommitted, IsolationLevel.ReadCommitted, IsolationLevel.RepeatableRead, IsolationLevel.Serializable, null];

    /// <summary>Makes and checks histories until the time is over or one breaks a rule.</summary>
    public static async Task<int> RunAsync(IsolationOptions options)
    {
        if (options.Fault is not null && !PlantedFaults.All.ContainsKey(options.Fault))
        {
            await Console.Error.WriteLineAsync($"No fault '{options.Fault}'. There are: {string.Join(", ", PlantedFaults.All.Keys)}.");
            return 2;
        }

        var watch = Stopwatch.StartNew();
        var tally = new AnomalyTally();
        int seed = options.Seed;
        (Anomaly Broken, TransactionHistory History)? found = null;
        while (found is null && watch.Elapsed < options.Duration)
        {
            await using LocalServer? own = options.Control is null ? await StartAsync(options) : null;
            string server = own?.ConnectionString ?? options.Control!;
            await WorkloadRun.CreateTablesAsync(server);
            for (int i = 0; i < HistoriesPerServer && found is null && watch.Elapsed < options.Duration; i++, seed++)
                found = await RunOneAsync(server, seed, options, tally);
        }

        tally.Print(Console.Out);
        string time = watch.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        if (found is not { } finding)
        {
            Console.WriteLine($"{time} s, seeds {options.Seed} to {seed - 1}: no rule is broken");
            return 0;
        }

        Directory.CreateDirectory(options.Findings);
        string file = Path.GetFullPath(Path.Combine(options.Findings, $"history-{seed - 1}.json"));
        finding.History.Save(file);
        await Console.Error.WriteLineAsync($"{time} s, seed {seed - 1}: {finding.Broken.Kind}: {finding.Broken.Explanation}");
        await Console.Error.WriteLineAsync($"To check it again: p2pdb-isolation check {file}");
        return 1;
    }

    /// <summary>Checks a history that was saved.</summary>
    public static int Check(string path, bool isControl)
    {
        Findings findings = HistoryChecker.Check(TransactionHistory.Load(path), isControl ? LevelRules.InnoDb : LevelRules.Own);
        foreach (Anomaly anomaly in findings.Examples)
            Console.WriteLine($"{(anomaly.IsForbidden ? "FORBIDDEN" : "allowed")} {anomaly.Kind}: {anomaly.Explanation}");
        return findings.Forbidden.Any() ? 1 : 0;
    }

    private static Task<LocalServer> StartAsync(IsolationOptions options) => LocalServer.StartAsync(
        options.Fault is null ? TransactionFaults.None : PlantedFaults.All[options.Fault],
        options.HasPages ? StoreKind.File : StoreKind.Memory);

    private static async Task<(Anomaly Broken, TransactionHistory History)?> RunOneAsync(
        string server, int seed, IsolationOptions options, AnomalyTally tally)
    {
        IsolationLevel? level = options.Level ?? Turns[seed % Turns.Length];
        TransactionHistory history = await WorkloadRun.RunAsync(server, new WorkloadOptions { Seed = seed, Level = level });
        Findings findings = HistoryChecker.Check(history, options.Control is null ? LevelRules.Own : LevelRules.InnoDb);
        tally.Add(level, history, findings);
        return findings.Forbidden.FirstOrDefault() is { } broken ? (broken, history) : null;
    }
}
