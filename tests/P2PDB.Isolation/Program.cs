using System.CommandLine;
using P2PDB.Isolation;
using P2PDB.Isolation.History;

var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 60 };
var seed = new Option<int>("--seed") { Description = "Chooses the statements of the first history.", DefaultValueFactory = _ => 1 };
var level = new Option<IsolationLevel?>("--level") { Description = "One level; without it each in turn, and all together." };
var control = new Option<string?>("--mariadb") { Description = "The connection string of a MariaDB, in place of P2PDB: the control." };
var fault = new Option<string?>("--fault") { Description = $"A bug to plant: {string.Join(", ", PlantedFaults.All.Keys)}." };
var pages = new Option<bool>("--pages") { Description = "Rows in pages, not in memory." };
var findings = new Option<string>("--findings") { Description = "Where a history goes that breaks a rule.", DefaultValueFactory = _ => "." };

var root = new RootCommand("Runs random transactions together and checks what they saw against their isolation levels. Exit code 1: a rule is broken.")
{
    seconds, seed, level, control, fault, pages, findings,
};
root.SetAction((result, _) => IsolationConsole.RunAsync(new IsolationOptions
{
    Duration = TimeSpan.FromSeconds(result.GetValue(seconds)),
    Seed = result.GetValue(seed),
    Level = result.GetValue(level),
    Control = result.GetValue(control),
    Fault = result.GetValue(fault),
    HasPages = result.GetValue(pages),
    Findings = result.GetRequiredValue(findings),
}));

var file = new Argument<string>("history") { Description = "A file that a run left." };
var isMariaDb = new Option<bool>("--mariadb") { Description = "It is MariaDB's." };
var check = new Command("check", "Checks a saved history again.") { file, isMariaDb };
check.SetAction(result => IsolationConsole.Check(result.GetRequiredValue(file), result.GetValue(isMariaDb)));
root.Subcommands.Add(check);

return await root.Parse(args).InvokeAsync();
