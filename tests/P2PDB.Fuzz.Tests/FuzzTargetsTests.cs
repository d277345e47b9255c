using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace P2PDB.Fuzz.Tests;

/// <summary>Each target over its seeds and some thousand changed inputs: a short run of what runs for long elsewhere.</summary>
public class FuzzTargetsTests
{
    private const int Seed = 7;
    private const int RunCount = 2_000;

    // fuzz/coverage.sh runs one target for a time instead.
    private const string TargetVariable = "P2PDB_FUZZ_TARGET";
    private const string SecondsVariable = "P2PDB_FUZZ_SECONDS";

    public static TheoryData<string> Targets
    {
        get
        {
            string? chosen = Environment.GetEnvironmentVariable(TargetVariable);
            return [.. FuzzTargets.All.Keys.Where(name => chosen is null || name == chosen)];
        }
    }

    [Theory, MemberData(nameof(Targets))]
    public void Decoder_holds_its_laws(string name)
    {
        var run = new FuzzRun(FuzzTargets.All[name], Seed, [], recorder: null);

        FuzzFailure? failure = run.RunSeeds();
        int seconds = int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "0", CultureInfo.InvariantCulture);
        var watch = Stopwatch.StartNew();
        do
            failure ??= run.RunChanged(RunCount);
        while (failure is null && watch.Elapsed.TotalSeconds < seconds);

        Assert.True(failure is null, $"{name}: {failure?.Exception} on {Convert.ToHexString(failure?.Input ?? [])}");
        Assert.True(run.AcceptedCount > 0, $"{name}: nothing was accepted, so its law was never asked");
        Assert.True(run.AcceptedCount < run.RunCount, $"{name}: nothing was rejected");
    }

    [Theory, MemberData(nameof(Targets))]
    public void Target_names_the_files_of_its_decoder(string name)
    {
        IReadOnlyList<string> files = FuzzTargets.All[name].Decoder;

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(
            file.EndsWith('/') ? Directory.Exists(Path.Combine(Sources(), file)) : File.Exists(Path.Combine(Sources(), file)),
            $"src/{file} is not there"));
    }

    private static string Sources([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src"));
}
