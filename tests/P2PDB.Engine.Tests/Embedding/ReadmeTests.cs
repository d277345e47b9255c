using System.Runtime.CompilerServices;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>README's lines of embedding, as they stand there.</summary>
public sealed class ReadmeTests
{
    // The lines between the usings and the end of README's example, but for the folder and where the text goes.
    [Fact]
    public void Lines_of_the_readme_run_twice_on_one_directory()
    {
        string folder = Directory.CreateTempSubdirectory("p2pdb-embedding").FullName;
        try
        {
            Assert.Equal("1 = one\n2 = two\n", Run(folder));
            Assert.Equal("1 = one\n2 = two\n", Run(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Lines_here_are_those_of_the_readme()
    {
        string[] here = Lines(File.ReadAllText(SourcePath()), "// README", "// END");
        string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", "..", "..", "README.md"));
        string[] there = Lines(readme, "using P2PDB.Engine;", "```");

        Assert.Equal(
            Array.ConvertAll(there, static line => line.Replace("Database.Open(\"data\")", "Database.Open(folder)", StringComparison.Ordinal)
                .Replace("Console.WriteLine(", "output.Write(\"{0}\\n\", ", StringComparison.Ordinal)),
            here);
    }

    private static string Run(string folder)
    {
        var output = new StringWriter();

        // README
        using Database database = Database.Open(folder);
        using Session session = database.OpenSession();
        session.Execute("CREATE DATABASE IF NOT EXISTS app; USE app"u8, ResultSink.Discard);
        session.Execute("CREATE TABLE IF NOT EXISTS t (k INT PRIMARY KEY, v TEXT)"u8, ResultSink.Discard);
        session.Execute("REPLACE INTO t VALUES (1, 'one'), (2, 'two')"u8, ResultSink.Discard);
        var rows = new TextResult();
        session.Execute("SELECT k, v FROM t ORDER BY k"u8, rows);
        foreach (string?[] row in rows)
            output.Write("{0}\n", $"{row[0]} = {row[1]}");
        // END
        return output.ToString();
    }

    private static string[] Lines(string text, string start, string end)
    {
        int from = text.IndexOf(start + "\n", StringComparison.Ordinal) + start.Length;
        int to = text.IndexOf(end, from, StringComparison.Ordinal);
        return text[from..to].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
