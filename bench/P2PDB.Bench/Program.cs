using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using P2PDB.Bench.Primitives;
using Perfolizer.Horology;

// Short, so that all classes together end in minutes; docs/benchmarks.md says what that costs in precision. The options of the command line
// (--iterationCount 20 --iterationTime 500) override it. In this process: in a child process on one core
// code stayed as slow as if it were never optimised (docs/benchmarks.md has the figures).
Job job = Job.Default
    .WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithWarmupCount(5)
    .WithIterationCount(7)
    .WithIterationTime(TimeInterval.FromMilliseconds(150));
IConfig config = DefaultConfig.Instance
    .AddJob(job.AsDefault())
    .AddColumn(StatisticColumn.Median)
    .AddExporter(JsonExporter.Brief)
    .WithOptions(ConfigOptions.StopOnFirstError);
BenchmarkSwitcher.FromAssembly(typeof(Blake3Benchmarks).Assembly).Run(args, config);
