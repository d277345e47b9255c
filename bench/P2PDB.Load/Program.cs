using System.Diagnostics;
using System.Globalization;
using P2PDB.Load;

// One thread a client, one request after the other; prints requests per second, round trips and the server's own
// processor time per request.
if (LoadOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(LoadOptions.Usage);
    return 1;
}

var idle = new LoadClient[options.IdleCount];
for (int i = 0; i < idle.Length; i++)
    idle[i] = new LoadClient(options);

using var start = new ManualResetEventSlim();
using var connected = new CountdownEvent(options.ConnectionCount);
var samples = new List<long>[options.ConnectionCount];
long warmEnd = 0, end = 0;
Thread[] threads = [.. Enumerable.Range(0, options.ConnectionCount).Select(index => new Thread(() => Run(index), 256 << 10))];
foreach (Thread thread in threads)
    thread.Start();
connected.Wait();
Thread.Sleep(options.PauseMs);
warmEnd = Stopwatch.GetTimestamp() + options.WarmupSeconds * Stopwatch.Frequency;
end = warmEnd + options.Seconds * Stopwatch.Frequency;
start.Set();
Thread.Sleep(TimeSpan.FromSeconds(options.WarmupSeconds));
double before = ServerSeconds();
foreach (Thread thread in threads)
    thread.Join();
double used = ServerSeconds() - before;

long[] all = [.. samples.SelectMany(list => list)];
Array.Sort(all);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{options.ConnectionCount,3} clients  {all.Length / (double)options.Seconds,9:F0}/s  p50 {Us(0.5),7:F1} us  p99 {Us(0.99),8:F1} us  server {1e6 * used / Math.Max(1, all.Length),6:F1} us/request"));
return 0;

void Run(int index)
{
    using var client = new LoadClient(options);
    var list = samples[index] = new List<long>(1 << 20);
    connected.Signal();
    start.Wait();
    for (long now = Stopwatch.GetTimestamp(); now < end;)
    {
        client.Request();
        long after = Stopwatch.GetTimestamp();
        if (now >= warmEnd)
            list.Add(after - now);
        now = after;
    }
}

double Us(double part) => all.Length == 0 ? 0 : all[(int)(part * (all.Length - 1))] * 1e6 / Stopwatch.Frequency;

double ServerSeconds()
{
    if (options.ServerProcessId == 0)
        return 0;
    using var process = Process.GetProcessById(options.ServerProcessId);
    return process.TotalProcessorTime.TotalSeconds;
}
