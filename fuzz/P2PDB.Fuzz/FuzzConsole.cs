using System.Diagnostics;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz;

/// <summary>What the commands do, and what they print. Their results are exit codes.</summary>
internal static class FuzzConsole
{
    private const string Every = "all";

    public static int List()
    {
        foreach (IFuzzTarget target in FuzzTargets.All.Values)
            Console.WriteLine(target.Name);
        return 0;
    }

    public static int Run(string name, int seconds, int seed, string? corpus, string? replay)
    {
        if (name == Every && replay is null)
            return RunEach(seconds, seed, corpus);
        if (!FuzzTargets.All.TryGetValue(name, out IFuzzTarget? target))
        {
            Console.Error.WriteLine($"No target '{name}'. There are: {string.Join(", ", FuzzTargets.All.Keys)}.");
            return 2;
        }

        return replay is null ? RunOne(target, seconds, seed, corpus) : Replay(target, replay);
    }

    private static int RunEach(int seconds, int seed, string? corpus)
    {
        int failed = 0;
        foreach (IFuzzTarget target in FuzzTargets.All.Values)
            failed += RunOne(target, seconds, seed, corpus) == 0 ? 0 : 1;
        Console.WriteLine($"{FuzzTargets.All.Count} targets, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static int RunOne(IFuzzTarget target, int seconds, int seed, string? corpus)
    {
        var run = new FuzzRun(target, seed, ReadCorpus(target, corpus));
        string recording = Path.Combine(Path.GetTempPath(), $"p2pdb-fuzz-{target.Name}-{Environment.ProcessId}.current");
        using var recorder = new InputRecorder(recording, target.InputLengthMax, input =>
        {
            Report(target, input, "the input takes longer than 20 s");
            Environment.Exit(1);
        });
        var watch = Stopwatch.StartNew();
        FuzzFailure? failure = run.Run(TimeSpan.FromSeconds(seconds), recorder);
        double perSecond = run.RunCount / Math.Max(watch.Elapsed.TotalSeconds, 0.001);
        Console.WriteLine(
            $"{target.Name}: {run.RunCount:N0} runs, {perSecond:N0} runs/s, {run.AcceptedCount:N0} accepted, "
            + $"{run.ReachedCount} reached, pool {run.PoolCount}, seed {seed}");
        if (failure is null)
            return 0;
        Report(target, failure.Input, failure.Exception.ToString());
        return 1;
    }

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
        FuzzFailure? failure = new FuzzRun(target, 0, []).Try(input, recorder);
        Console.WriteLine($"{target.Name}: {input.Length} bytes, {failure?.Exception.ToString() ?? "holds"}");
        return failure is null ? 0 : 1;
    }

    private static void Report(IFuzzTarget target, byte[] input, string what)
    {
        string file = Path.GetFullPath($"fuzz-{target.Name}-{Blake3.Hash(input).ToString()[..12]}.bin");
        File.WriteAllBytes(file, input);
        Console.Error.WriteLine($"{target.Name} FAILED on {input.Length} bytes: {what}");
        Console.Error.WriteLine($"Replay: p2pdb-fuzz {target.Name} --replay {file}");
    }

    private static IEnumerable<byte[]> ReadCorpus(IFuzzTarget target, string? corpus)
    {
        string[] folders = corpus is null
            ? [Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name)]
            : [Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name), corpus, Path.Combine(corpus, target.Name)];
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
}
