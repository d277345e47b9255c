using System.CommandLine;
using P2PDB.Fuzz;

var target = new Argument<string>("target") { Description = "A target's name, or 'all'." };
var seconds = new Option<int>("--seconds") { Description = "How long, per target.", DefaultValueFactory = _ => 20 };
var seed = new Option<int>("--seed") { Description = "Repeats a run.", DefaultValueFactory = _ => 1 };
var corpus = new Option<string?>("--corpus") { Description = "A folder of inputs to start from, or of such folders by target." };
var replay = new Option<string?>("--replay") { Description = "Feeds this one file instead." };

var root = new RootCommand("Feeds mutated input to P2PDB's decoders. Exit code 1: an input failed; its file is named.")
{
    target, seconds, seed, corpus, replay,
};
root.SetAction(result => FuzzConsole.Run(
    result.GetRequiredValue(target), result.GetValue(seconds), result.GetValue(seed), result.GetValue(corpus),
    result.GetValue(replay)));

var list = new Command("list", "Prints the names of all targets.");
list.SetAction(_ => FuzzConsole.List());
root.Subcommands.Add(list);

return root.Parse(args).Invoke();
