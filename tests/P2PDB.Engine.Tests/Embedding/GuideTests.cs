using System.Runtime.CompilerServices;
using P2PDB.Samples.Embedding;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>The guide of embedding and its sample.</summary>
public sealed class GuideTests
{
    private static readonly string Documents = Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", "..", "..", "docs");

    [Fact]
    public void The_sample_prints_what_the_guide_says_each_time()
    {
        string folder = Directory.CreateTempSubdirectory("p2pdb-sample").FullName;
        try
        {
            string expected = Assert.Single(Blocks("text"));
            Assert.Equal(expected, Run(folder));
            Assert.Equal(expected, Run(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_guides_code_is_the_samples()
    {
        string sample = Trim(File.ReadAllText(Path.Combine(Documents, "samples", "Embedding", "Shop.cs")));
        List<string> blocks = Blocks("csharp");

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Trim(block), sample, StringComparison.Ordinal));
    }

    private static string Run(string folder)
    {
        var output = new StringWriter();
        Shop.Run(folder, output);
        return output.ToString();
    }

    /// <summary>What stands between fences of a language.</summary>
    private static List<string> Blocks(string language)
    {
        string guide = File.ReadAllText(Path.Combine(Documents, "embedding.md"));
        List<string> blocks = [];
        string fence = $"```{language}\n";
        for (int at = guide.IndexOf(fence, StringComparison.Ordinal); at >= 0; at = guide.IndexOf(fence, at, StringComparison.Ordinal))
        {
            at += fence.Length;
            blocks.Add(guide[at..guide.IndexOf("```\n", at, StringComparison.Ordinal)]);
        }

        return blocks;
    }

    private static string Trim(string text) => string.Join('\n', text.Split('\n', StringSplitOptions.TrimEntries));

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
