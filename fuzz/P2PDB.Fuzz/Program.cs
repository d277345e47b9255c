using System.CommandLine;
using P2PDB.Fuzz;

var target = new Argument<string>("target") { Description = "A target's name, or 'all'." };
var seconds = new Option<int>("--seconds") { Description = "How long, per target.", DefaultValueFactory = _ => 20 };
var seed = new Option<int>("--seed") { Description = "Repeats a run.", DefaultValueFactory = _ => 1 };
var corpus = new Option<string?>("--corpus") { Description = "A folder of inputs by target: read, and what finds something new is added." };
var findings = new Option<string>("--findings") { Description = "Where failing inputs go.", DefaultValueFactory = _ => "." };
var log = new Option<string?>("--log") { Description = "A file that gets a line for each target that has run." };
var replay = new Option<string?>("--replay") { Description = "Feeds this one file instead." };

var root = new RootCommand("Feeds mutated input to P2PDB's decoders. Exit code 1: an input failed; its file is named.")
{
    target, seconds, seed, corpus, findings, log, replay,
};
root.SetAction(result => FuzzConsole.Run(result.GetRequiredValue(target), new FuzzOptions
{
    Seconds = result.GetValue(seconds),
    Seed = result.GetValue(seed),
    Corpus = result.GetValue(corpus),
    Findings = result.GetRequiredValue(findings),
    Log = result.GetValue(log),
    Replay = result.GetValue(replay),
}));

var list = new Command("list", "Prints the names of all targets.");
var decoders = new Option<bool>("--decoders") { Description = "With the source files of what they decode." };
list.Options.Add(decoders);
list.SetAction(result => result.GetValue(decoders) ? FuzzConsole.ListDecoders() : FuzzConsole.List());
root.Subcommands.Add(list);

return root.Parse(args).Invoke();
