using System.Diagnostics;
using System.Globalization;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz;

/// <summary>What the commands do, and what they print. Their results are exit codes.</summary>
internal static class FuzzConsole
{
    private const string Every = "all";
    private const int RunsBetweenLooks = 64;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(30);

    public static int List()
    {
        foreach (IFuzzTarget target in FuzzTargets.All.Values)
            Console.WriteLine(target.Name);
        return 0;
    }

    /// <summary>Prints each target with its decoder's files, for the coverage script.</summary>
    public static int ListDecoders()
    {
        foreach (IFuzzTarget target in FuzzTargets.All.Values)
            Console.WriteLine($"{target.Name}\t{string.Join(' ', target.Decoder)}");
        return 0;
    }

    public static int Run(string name, FuzzOptions options)
    {
        if (name == Every && options.Replay is null)
            return RunEach(options);
        if (!FuzzTargets.All.TryGetValue(name, out IFuzzTarget? target))
        {
            Console.Error.WriteLine($"No target '{name}'. There are: {string.Join(", ", FuzzTargets.All.Keys)}.");
            return 2;
        }

        return options.Replay is null ? RunOne(target, options) : Replay(target, options.Replay);
    }

    /// <summary>The inputs of a target that are kept beside the program, and those in the folder given.</summary>
    public static IEnumerable<byte[]> ReadCorpus(IFuzzTarget target, string? corpus)
    {
        string[] folders = corpus is null
            ? [Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name)]
            : [Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name), Path.Combine(corpus, target.Name)];
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
                continue;
            // Sorted, because the order decides what a seed does.
            string[] files = Directory.GetFiles(folder);
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files)
                yield return File.ReadAllBytes(file);
        }
    }

    private static int RunEach(FuzzOptions options)
    {
        int failed = 0;
        foreach (IFuzzTarget target in FuzzTargets.All.Values)
            failed += RunOne(target, options) == 0 ? 0 : 1;
        Console.WriteLine($"{FuzzTargets.All.Count} targets, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static int RunOne(IFuzzTarget target, FuzzOptions options)
    {
        string recording = Path.Combine(Path.GetTempPath(), $"p2pdb-fuzz-{target.Name}-{Environment.ProcessId}.current");
        using var recorder = new InputRecorder(recording, target.InputLengthMax, input =>
        {
            Report(target, input, "the input takes longer than 20 s", options);
            Environment.Exit(1);
        });
        var run = new FuzzRun(target, options.Seed, ReadCorpus(target, options.Corpus), recorder)
        {
            FoundNew = options.Corpus is null ? null : input => Save(Path.Combine(options.Corpus, target.Name), input),
        };
        var watch = Stopwatch.StartNew();
        FuzzFailure? failure = RunFor(run, target, TimeSpan.FromSeconds(options.Seconds));
        Console.WriteLine($"{Describe(run, target, watch.Elapsed)}, seed {options.Seed}");
        if (failure is not null)
            Report(target, failure.Input, failure.Exception.ToString(), options);
        if (options.Log is not null)
            File.AppendAllText(options.Log, LogLine(run, target, watch.Elapsed, options.Seed, failure is not null));
        return failure is null ? 0 : 1;
    }

    private static FuzzFailure? RunFor(FuzzRun run, IFuzzTarget target, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan nextProgress = ProgressInterval;
        FuzzFailure? failure = run.RunSeeds();
        while (failure is null && watch.Elapsed < duration)
        {
            failure = run.RunChanged(RunsBetweenLooks);
            if (watch.Elapsed > nextProgress)
            {
                nextProgress += ProgressInterval;
                Console.WriteLine($"  {Describe(run, target, watch.Elapsed)}");
            }
        }

        return failure;
    }

    private static string Describe(FuzzRun run, IFuzzTarget target, TimeSpan elapsed) =>
        $"{target.Name}: {run.RunCount:N0} runs, {run.RunCount / Math.Max(elapsed.TotalSeconds, 0.001):N0} runs/s, "
        + $"{run.AcceptedCount:N0} accepted, {run.ReachedCount} reached, pool {run.PoolCount}, "
        + $"memory {run.AllocationPeak:F1} of {target.AllocationFactor}";

    // Start (UTC), target, seed, seconds, runs, accepted, reached, result: what summary.sh adds up.
    private static string LogLine(FuzzRun run, IFuzzTarget target, TimeSpan elapsed, int seed, bool hasFailed) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow - elapsed:yyyy-MM-ddTHH:mm:ssZ}\t{target.Name}\t{seed}\t{elapsed.TotalSeconds:F1}\t{run.RunCount}\t")
        + string.Create(CultureInfo.InvariantCulture,
            $"{run.AcceptedCount}\t{run.ReachedCount}\t{(hasFailed ? "failed" : "holds")}\n");

    private static int Replay(IFuzzTarget target, string file)
    {
        // What a crash left behind has the recorder's header; what was reported has not.
        byte[] input = Path.GetExtension(file) == ".current" ? InputRecorder.Read(file) : File.ReadAllBytes(file);
        string recording = Path.Combine(Path.GetTempPath(), $"p2pdb-fuzz-replay-{Environment.ProcessId}.current");
        using var recorder = new InputRecorder(recording, input.Length, _ =>
        {
            Console.Error.WriteLine($"{target.Name}: the input takes longer than 20 s");
            Environment.Exit(1);
        });
        var run = new FuzzRun(target, 0, [], recorder);
        FuzzFailure? failure = run.Try(input);
        Console.WriteLine(
            $"{target.Name}: {input.Length} bytes, memory {run.AllocationPeak:F1} of {target.AllocationFactor}, {failure?.Exception.ToString() ?? "holds"}");
        return failure is null ? 0 : 1;
    }

    private static void Report(IFuzzTarget target, byte[] input, string what, FuzzOptions options)
    {
        string file = Save(options.Findings, input, $"fuzz-{target.Name}-");
        Console.Error.WriteLine($"{target.Name} FAILED on {input.Length} bytes: {what}");
        Console.Error.WriteLine($"Replay: p2pdb-fuzz {target.Name} --replay {file}");
    }

    private static string Save(string folder, byte[] input, string prefix = "")
    {
        Directory.CreateDirectory(folder);
        string file = Path.GetFullPath(Path.Combine(folder, $"{prefix}{Blake3.Hash(input).ToString()[..12]}.bin"));
        File.WriteAllBytes(file, input);
        return file;
    }
}
