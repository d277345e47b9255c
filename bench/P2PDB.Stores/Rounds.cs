using System.Diagnostics;
using System.Globalization;

namespace P2PDB.Stores;

/// <summary>Runs an operation on all stores in rounds and prints medians.</summary>
internal sealed class Rounds(RowStore[] stores, Options options)
{
    private const int StepCount = 32;

    private long _sum;
    private uint _random = 1;

    public void Run(string name, Func<RowStore, int, int, long> operation, Func<RowStore, bool> takesPart)
    {
        if (!name.Contains(options.Operation, StringComparison.OrdinalIgnoreCase))
            return;
        RowStore[] chosen = Array.FindAll(stores, takesPart.Invoke);
        double[][] rates = new double[chosen.Length][];
        long[] allocated = new long[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            rates[i] = new double[options.RoundCount];
            Measure(chosen[i], operation, out _);   // to warm up
        }

        for (int round = 0; round < options.RoundCount; round++)
        {
            for (int i = 0; i < chosen.Length; i++)
                rates[i][round] = Measure(chosen[i], operation, out allocated[i]);
        }

        Console.WriteLine($"\n| {name} | operations/s | spread | first ÷ it (rounds) | allocated |\n|---|---|---|---|---|");
        for (int i = 0; i < chosen.Length; i++)
        {
            double[] ratios = [.. rates[0].Zip(rates[i], static (first, other) => first / other)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {chosen[i].Name} | {Median(rates[i]):N0} | {Spread(rates[i]):P0} | {Median(ratios):F2} ({ratios.Min():F2}–{ratios.Max():F2}) | {allocated[i]} B |"));
        }

        GC.KeepAlive(_sum);
    }

    private double Measure(RowStore store, Func<RowStore, int, int, long> operation, out long allocatedEach)
    {
        long end = Stopwatch.GetTimestamp() + (options.Milliseconds * Stopwatch.Frequency / 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        long count = 0;
        long now;
        do
        {
            for (int i = 0; i < StepCount; i++)
                _sum += operation(store, NextKey(), options.RowCount);
            count += StepCount;
            now = Stopwatch.GetTimestamp();
        }
        while (now < end);
        allocatedEach = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
        return count * (double)Stopwatch.Frequency / (now - start);
    }

    private int NextKey()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return (int)(_random % (uint)options.RowCount);
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double Spread(double[] values) => (values.Max() - values.Min()) / Median(values);
}
