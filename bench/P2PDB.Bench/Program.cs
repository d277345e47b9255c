using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(P2PDB.Bench.Primitives.Blake3Benchmarks).Assembly).Run(args);
